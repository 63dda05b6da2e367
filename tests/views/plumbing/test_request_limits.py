"""Forms that are made to keep the site busy are turned away unread; those that people send are read."""

from __future__ import annotations

from typing import Any

import pytest
import webob.request

FORM = "multipart/form-data; boundary=x"
NAME = b'--x\r\nContent-Disposition: form-data; name="a"'
END = b"\r\n--x--\r\n"
BUSY = {
    "fields": (b"a=&" * 1_000_000, "application/x-www-form-urlencoded"),
    "parts": (NAME + (b"\r\n\r\n\r\n" + NAME) * 100_000 + END, FORM),
    "lines": (NAME + b"\r\n\r\n" + b"\n" * 4_000_000 + END, FORM),
    "headers": (NAME + b"\r\na: b" * 300_000 + b"\r\n\r\n" + END, FORM),
    "a form within": (
        NAME + b'\r\ncontent-TYPE :multipart/mixed; boundary="y"\r\n\r\n--y' + b"\r\na: b" * 300_000 + END,
        FORM,
    ),
    "a boundary told in a roundabout way": (
        NAME + (b"\r\n\r\n\r\n" + NAME) * 100_000 + END,
        'multipart/form-data; BOUNDARY="x"; charset=utf-8',
    ),
}


@pytest.mark.parametrize("kind", BUSY)
def test_a_form_that_takes_long_to_read_is_not_read(
    world: Any, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    body, content_type = BUSY[kind]
    browser = world.browser()
    monkeypatch.delattr(webob.request, "cgi_FieldStorage")
    page = browser.post("/login", body, {"Content-Type": content_type}, status=400)
    assert "We could not read what was sent" in page.text


def test_a_file_may_hold_whatever_it_holds(world: Any) -> None:
    """Dashes, empty lines, and words that a form's fields have."""
    data = b"--\r\n--y\r\nContent-Type: multipart/mixed\r\n" * 500 + b"\n" * 100_000
    browser = world.browser()
    fields = {"csrf_token": browser.get("/verify").forms[1]["csrf_token"].value}
    page = browser.post("/verify", fields, upload_files=[("document", "multipart.xml", data)])
    assert "not a well-formed XML document" in page.text
