"""Evidence from a real time-stamping service that is down at first, and killed in between."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.mailroom import free_port

from egovdocs.cli import walk
from egovdocs.cli.running_site import Running, RunningSite
from egovdocs.cli.visitor import Page, Unexpected, Visitor

PATIENCE = 90
TWO_YEARS_ON = (datetime.now(UTC) + timedelta(days=730)).date().isoformat()


def clock(site: RunningSite, port: int) -> Running:
    """``egovdocs trust tsa`` with the demo site's key."""
    lines = (site.folder / "site.ini").read_text().splitlines()
    ini = dict(line.split(" = ", 1) for line in lines if " = " in line)
    password = site.folder / "clock.password"
    password.write_text(ini["egovdocs.timestamp_password"])
    command = ["trust", "tsa", "--listen", f"127.0.0.1:{port}", "--password-file", str(password)]
    command += ["--key", ini["egovdocs.timestamp_key"]]
    return Running(command, f"http://127.0.0.1:{port}", site.folder / "clock.log")


def asked(applicant: Visitor, site: RunningSite) -> Page:
    """A request that was registered."""
    check = walk.fill(applicant)
    walk.pay(applicant, check)
    return walk.sign_request(applicant, check, walk.key(site.keys, "applicant"))


def augmented(applicant: Visitor, case: Page) -> bytes | None:
    page = applicant.open(f"{case.url}/documents/request")
    try:
        return applicant.open(page.link(".augmented.xml")).body
    except Unexpected:
        return None


def awaited(applicant: Visitor, case: Page) -> bytes:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if (document := augmented(applicant, case)) is not None:
            return document
        time.sleep(0.5)
    raise AssertionError("no evidence was taken")


def verifies(site: RunningSite, folder: Path, document: bytes) -> bool:
    """Does ``egovdocs verify`` find it genuine in two years, with the anchors and nothing else?"""
    (folder / "document.xml").write_bytes(document)
    command = ["verify", "--trust", str(site.folder / "trust" / "anchors"), "--at", TWO_YEARS_ON]
    return (
        subprocess.run(
            [sys.executable, "-m", "egovdocs", *command, str(folder / "document.xml")], capture_output=True
        ).returncode
        == 0
    )


def test_a_service_that_is_down_and_killed(tmp_path: Path) -> None:
    port = free_port()
    site = RunningSite(tmp_path / "site")
    config = tmp_path / "site" / "site.ini"
    address = f"use = egg:egovdocs\negovdocs.timestamp_url = http://127.0.0.1:{port}"
    config.write_text(config.read_text().replace("use = egg:egovdocs", address))
    with site:
        applicant = Visitor(site.url, "en")
        walk.register(applicant, walk.key(site.keys, "applicant"))
        first = asked(applicant, site)
        assert augmented(applicant, first) is None
        archivist = Visitor(site.url, "en")
        walk.log_in(archivist, "archivist")
        assert "wait for their time-stamp: 2." in archivist.open("/archive").text

        site.kill()
        site.start()
        service = clock(site, port)
        with service:
            document = awaited(applicant, first)
            service.kill()
        original = applicant.open(f"{first.url}/documents/request.xml").body
        assert b"EncapsulatedTimeStamp" not in original
        assert verifies(site, tmp_path, document)
        assert not verifies(site, tmp_path, original)

        second = asked(applicant, site)
        assert augmented(applicant, second) is None
        with clock(site, port):
            assert verifies(site, tmp_path, awaited(applicant, second))
            assert augmented(applicant, first) == document, "taken once"
    assert "the time-stamp service did not answer" in site.log.read_text("utf-8").lower()
