"""A licence, its reissue and its duplicate over real HTTP, for a person and for an organisation."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
from lxml import etree
from pypdf import PdfReader

from egovdocs.sandbox import scenario
from egovdocs.sandbox.http_visitor import UnexpectedResponse, WebPage
from egovdocs.sandbox.sample_requests import LICENCE_REQUEST, SampleRequest, licence_change

pytestmark = pytest.mark.slow

LIC = "{urn:egovdocs:licence:1}"
KEYS = {"natural": "applicant", "legal": "clinic"}


def granted(town, kind: str, errand: SampleRequest) -> tuple[WebPage, etree._Element]:
    """The answered case's page, and the licence."""
    applicant = town.applicant(KEYS[kind])
    case = scenario.submit_request(applicant, town.key(KEYS[kind]), errand)
    decided = scenario.review_case(town.logged_in("officer"), scenario.request_number(case))
    scenario.sign_outcome(town.logged_in("signatory"), decided, town.key("signatory"))
    case = applicant.open(case.url)
    return case, etree.fromstring(applicant.open(case.link("/outcome.xml")).body)


def licences(town, number: str) -> dict[str, Any]:
    """What the register tells of a licence to everybody."""
    answer = town.visitor().http.get(f"{town.site.url}/licences.json", params={"number": number}, timeout=60)
    return answer.json()["licences"][0]


@pytest.mark.parametrize("kind", ["natural", "legal"])
def test_a1_c4_yes_p11_a_licence_its_reissue_and_two_duplicates(town, kind):
    case, licence = granted(town, kind, LICENCE_REQUEST)
    assert scenario.journal_steps(case) == ["P1", "C1", "P3", "P4", "C2", "P6", "C3", "P8", "P9", "C4", "P11"]
    first, numbers = licence, [licence.findtext(f"{LIC}number")]
    for action in ("reissue", "duplicate", "duplicate"):
        case, licence = granted(town, kind, licence_change(action, numbers[-1]))
        assert scenario.journal_steps(case)[-1] == "P11"
        numbers.append(licence.findtext(f"{LIC}number"))
        assert licence.findtext(f"{LIC}replaces") == numbers[-2]
        assert licence.findtext(f"{LIC}firstIssuedOn") == first.findtext(f"{LIC}firstIssuedOn")
    assert licence.findtext(f"{LIC}duplicate") == "2"
    assert len(licence.findall(f"{LIC}appendices/{LIC}appendix")) == 1

    # Both ways the register leads from one to the next, and each says where it stands.
    told = [licences(town, number) for number in numbers]
    assert [one["state"] for one in told] == ["reissued", "reissued", "reissued", "issued"]
    assert [one["replacedBy"] for one in told] == [*numbers[1:], None]
    assert [one["replaces"] for one in told] == [None, *numbers[:-1]]
    assert [one["duplicates"] for one in told] == [0, 0, 1, 2]
    assert [one["appendices"][0]["activities"] for one in told] == [["therapy", "paediatrics"]] * 4
    assert [one["appendices"][0]["site"] is not None for one in told] == [kind == "legal"] * 4
    anybody = town.visitor("ru")
    table = anybody.open(f"/licences.csv?number={numbers[2]}").body.decode("utf-8-sig")
    (row,) = csv.DictReader(StringIO(table))
    assert (row["replaces"], row["replaced_by"], row["duplicates"]) == (numbers[1], numbers[3], "1")
    page = anybody.open(f"/licences/{numbers[1]}")
    assert page.link(f"/licences/{numbers[0]}")
    assert page.link(f"/licences/{numbers[2]}")
    assert ("Кабинет семейного врача" in page.text) is (kind == "legal")

    # The paper says that it is a duplicate; the one it replaced is still read, and found out of force.
    applicant = town.applicant(KEYS[kind])
    pages = PdfReader(BytesIO(applicant.open(case.link("/outcome.pdf")).body)).pages
    assert all("ТЕЛНҰСҚА № 2 / ДУБЛИКАТ № 2" in one.extract_text() for one in pages)
    old = etree.tostring(first, encoding="UTF-8", xml_declaration=True)
    assert "replaced" in scenario.verify_document(town.visitor(), "licence.xml", old).text.casefold()


def test_a_licence_is_not_renewed_for_somebody_else(town):
    _case, licence = granted(town, "legal", LICENCE_REQUEST)
    errand = licence_change("duplicate", licence.findtext(f"{LIC}number"))
    with pytest.raises(UnexpectedResponse):
        scenario.pay_fee(town.applicant(), scenario.fill_request(town.applicant(), errand))
