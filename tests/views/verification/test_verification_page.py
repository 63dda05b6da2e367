"""Checking a document without an account."""

from __future__ import annotations

import re
import zlib
from base64 import b64decode
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from lxml import etree
from webtest import Upload

from egovdocs.content import LicenceChange, LicenceEvent
from egovdocs.sandbox.demo_people import CLINIC_BIN
from egovdocs.signing import sign

DS = "{http://www.w3.org/2000/09/xmldsig#}Signature"


@pytest.fixture(scope="module")
def case(world: Any) -> dict[str, Any]:
    """An answered case's documents, and its licence's number."""
    reference = world.proven()
    with world.site() as site:
        case = site["cases"][reference]
        documents = {kind: document.data for kind, document in case.documents.items()}
        return {"reference": reference, "number": case.licence, **documents}


def check(world: Any, file: bytes, name: str = "document.xml", **expected: Any) -> Any:
    browser = world.browser()
    form = next(form for form in browser.get("/verify").forms.values() if "document" in form.fields)
    form["document"] = Upload(name, file, "application/octet-stream")
    return form.submit(**expected)


def verdict(page: Any) -> str:
    return page.html.find(class_="app-verdict")["data-verdict"]


def ask(world: Any, number: str, identifier: str, **expected: Any) -> Any:
    form = next(form for form in world.browser().get("/verify").forms.values() if "number" in form.fields)
    form["number"], form["identifier"] = number, identifier
    return form.submit(**expected)


@pytest.mark.parametrize("kind", ["request", "receipt", "outcome"])
def test_genuine(world: Any, case: dict[str, Any], kind: str) -> None:
    page = check(world, case[kind])
    assert verdict(page) == "genuine"
    assert "egovdocs" in page or "Шипа" in page


def test_a_refusal_is_genuine(world: Any) -> None:
    reference = world.answered(grant=False)
    with world.site() as site:
        refusal = site["cases"][reference].documents["refusal"].data
    page = check(world, refusal)
    assert verdict(page) == "genuine"
    assert "Нет диплома врача." in page


def test_a_licence_in_force(world: Any, case: dict[str, Any]) -> None:
    page = check(world, case["outcome"])
    assert "The licence is genuine and in force" in page
    assert case["number"] in page
    assert "ӘБДІРАХМАНОВА" in page


def test_our_pdf(world: Any, case: dict[str, Any]) -> None:
    pdf = world.browser(CLINIC_BIN).get(f"/cases/{case['reference']}/documents/outcome.pdf").body
    page = check(world, pdf, "licence.pdf")
    assert verdict(page) == "genuine"
    assert "The pages of a PDF can be redrawn" in page


def test_one_changed_letter(world: Any, case: dict[str, Any]) -> None:
    page = check(world, case["outcome"].replace("Шипа".encode(), "Жипа".encode()))
    assert verdict(page) == "broken"
    assert "changed since it was signed" in page
    assert "Жипа" not in page


def test_a_stranger_signs_our_licence(world: Any, case: dict[str, Any]) -> None:
    """A good signature under the true words is not the provider's signature."""
    root = etree.fromstring(case["outcome"])
    root.remove(root.find(DS))
    page = check(world, sign(etree.tostring(root), world.key("stranger")))
    assert verdict(page) == "not-ours"
    assert "not belong to this provider" in page


def test_the_signatory_signs_what_was_never_issued(world: Any, case: dict[str, Any]) -> None:
    root = etree.fromstring(case["outcome"])
    root.remove(root.find(DS))
    forged = etree.tostring(root, encoding="utf-8").replace("Шипа".encode(), "Жипа".encode())
    page = check(world, sign(forged, world.key("signatory")))
    assert verdict(page) == "not-ours"
    assert "keeps no such document" in page


def test_something_else_well_signed(world: Any) -> None:
    page = check(world, sign(b"<note xmlns='urn:elsewhere'>hello</note>", world.key("signatory")))
    assert verdict(page) == "not-ours"


def test_the_certificate_expires_after_the_licence_is_issued(
    world: Any, case: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is the kept one, byte for byte, and was good when it was taken in."""
    later = world.office.clock() + timedelta(days=400)
    office = replace(world.office, clock=lambda: later)
    monkeypatch.setitem(world.application.registry, "office", office)
    with world.site() as site:
        site["cases"][case["reference"]].documents["outcome"].kept_evidence = None
    page = check(world, case["outcome"])
    assert verdict(page) == "genuine"
    assert "is no longer valid" in page
    resigned = case["outcome"].replace(b"?>", b"?><!-- another file -->", 1)
    assert verdict(check(world, resigned)) != "genuine"


def test_evidence_says_when_it_was_signed(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = world.proven()
    with world.site() as site:
        outcome = site["cases"][reference].documents["outcome"].data
    later = world.office.clock() + timedelta(days=400)
    monkeypatch.setitem(world.application.registry, "office", replace(world.office, clock=lambda: later))
    page = check(world, outcome)
    assert verdict(page) == "genuine"
    assert "time-stamp proves that the signature existed" in page
    assert "no longer valid" not in page
    assert "by the signer's clock" not in page


@pytest.mark.parametrize(
    "file",
    [
        b"\x00",
        b"<",
        b"hello",
        b"<a/>",
        b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
        b"<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;'>]><a>&c;</a>",
        b"<a>" * 5000,
        b"\xff\xfe<\x00a\x00/\x00>\x00",
        b"<?xml version='1.0' encoding='utf-7'?><a/>",
        b"<a><ds:Signature xmlns:ds='http://www.w3.org/2000/09/xmldsig#'/></a>",
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"PK\x03\x04" + bytes(100),
    ],
)
def test_rubbish_gets_an_answer(world: Any, file: bytes) -> None:
    page = check(world, file, status=200)
    assert verdict(page) in ("broken", "unsure")
    assert "root:" not in page


@pytest.mark.parametrize(
    "file", [b"%PDF-1.7", b"%PDF-1.4\n%%EOF", b"%PDF-1.4\nxref\n0 99999\ntrailer<</Root 1 0 R>>"]
)
def test_a_broken_pdf_gets_an_answer(world: Any, file: bytes) -> None:
    assert "holds no signed document" in check(world, file, "a.pdf", status=422)


def test_a_pdf_bomb_gets_an_answer(world: Any) -> None:
    stream = zlib.compress(zlib.compress(bytes(200_000_000)))
    assert len(stream) < 1_000_000
    pdf = b"\n".join(
        (
            b"%PDF-1.7",
            b"1 0 obj<</Type/Catalog/Names<</EmbeddedFiles<</Names[(a.xml) 2 0 R]>>>>>>endobj",
            b"2 0 obj<</Type/Filespec/F(a.xml)/UF(a.xml)/EF<</F 3 0 R>>>>endobj",
            f"3 0 obj<</Length {len(stream)}/Filter[/FlateDecode/FlateDecode]>>stream".encode(),
            stream,
            b"endstream endobj",
            b"trailer<</Root 1 0 R>>",
            b"%%EOF",
        )
    )
    assert check(world, pdf, "a.pdf", expect_errors=True).status_int in (200, 422)


def test_too_large(world: Any) -> None:
    assert "larger than 1 MB" in check(world, bytes(1024 * 1024 + 1), status=413)


def test_no_file(world: Any) -> None:
    form = next(form for form in world.browser().get("/verify").forms.values() if "document" in form.fields)
    assert "Choose a file." in form.submit(status=422)


def test_number_and_identifier(world: Any, case: dict[str, Any]) -> None:
    page = ask(world, f" {case['number'].lower()} ", CLINIC_BIN)
    assert verdict(page) == "genuine"
    assert "Шипа" in page


def test_wrong_identifier_tells_nothing(world: Any, case: dict[str, Any]) -> None:
    page = ask(world, case["number"], "680503250034", status=422)
    assert "no licence with this number and this IIN or BIN" in page
    assert "Шипа" not in page
    assert CLINIC_BIN not in page


def test_guessing_the_holder_is_slowed_down(world: Any) -> None:
    reference = world.answered()
    with world.site() as site:
        number = site["cases"][reference].licence
    for _attempt in range(3):
        ask(world, number, "680503250034", status=422)
    assert "Too many failed attempts" in ask(world, number, CLINIC_BIN, status=422)


@pytest.mark.parametrize(
    ("number", "identifier", "said"),
    [
        ("", CLINIC_BIN, "Enter the licence number."),
        ("KZ28LAM00002781", CLINIC_BIN, "This is not a licence number."),
        ("KZ29LAM00002781", CLINIC_BIN, "knows no licence"),
        ("KZ29LAM00002781", "123", "12 digits"),
    ],
)
def test_mistyped(world: Any, number: str, identifier: str, said: str) -> None:
    assert said in ask(world, number, identifier, status=422)


def test_a_scanned_code_shows_the_public_part_only(world: Any, case: dict[str, Any]) -> None:
    browser = world.browser()
    page = browser.get(f"/verify/{case['number']}")
    assert "A licence with this number is in force" in page
    assert "дом 8" not in page
    form = next(form for form in page.forms.values() if "identifier" in form.fields)
    form["identifier"] = "680503250034"
    assert "дом 8" not in form.submit(status=422)
    form["identifier"] = CLINIC_BIN
    assert "дом 8" in form.submit()


def test_a_scanned_code_of_nothing(world: Any) -> None:
    assert "knows no licence" in world.browser().get("/verify/KZ29LAM00002781", status=404)
    assert "not a licence number" in world.browser().get("/verify/%3Cscript%3E", status=404)
    world.browser().get("/verify/a/b", status=404)


@pytest.mark.parametrize(
    ("change", "file", "scan"),
    [
        (LicenceChange.SUSPENDED, "genuine, but suspended", "is suspended"),
        (LicenceChange.TERMINATED, "genuine, but terminated", "is terminated"),
    ],
)
def test_out_of_force(world: Any, change: LicenceChange, file: str, scan: str) -> None:
    reference = world.answered()
    with world.site() as site:
        found = site["cases"][reference]
        number, document = found.licence, found.documents["outcome"].data
        event = LicenceEvent(change=change, on=world.office.today(), document="2026-000009-00")
        site["licences"][number].record(event)
    assert file in check(world, document)
    assert scan in world.browser().get(f"/verify/{number}")
    assert change.value in world.browser().get(f"/licences/{number}").text.lower()


def signed_report(page: Any) -> bytes:
    link = page.html.find("a", download=True)
    return b64decode(link["href"].removeprefix("data:application/xml;base64,"))


def test_the_report_is_a_signed_document(world: Any, case: dict[str, Any]) -> None:
    """It says what the page says, and can be checked like any document of this site."""
    report = signed_report(check(world, case["request"]))
    page = check(world, report)
    assert verdict(page) == "genuine"
    assert "This site signed it" in page
    digest = sha256(case["request"]).hexdigest()
    assert digest in page
    # The organisation's BIN is on the page too; a person's IIN is not.
    assert re.findall(r">([0-9]{12})<", report.decode()) == [CLINIC_BIN]
    assert verdict(check(world, report.replace(digest.encode(), b"0" * 64))) == "broken"
    by_another = etree.fromstring(report)
    by_another.remove(by_another.find(DS))
    assert verdict(check(world, sign(etree.tostring(by_another), world.key("stranger")))) == "not-ours"


@pytest.mark.parametrize("file", [b"<a/>", b"\0", b"<a>" * 300, b"<a b='" + b"x" * 100_000 + b"' b=''/>"])
def test_any_file_has_its_report(world: Any, file: bytes) -> None:
    report = etree.fromstring(signed_report(check(world, file)))
    assert report.findtext("{*}verdict") in ("broken", "unsure")
    assert report.findtext("{*}sha256") == sha256(file).hexdigest()
