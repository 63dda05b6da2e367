"""Attachment to a clinic by the portal, over real HTTP: asked for, answered, refused, held to its people."""

from __future__ import annotations

from io import BytesIO

import pytest
from lxml import etree
from pypdf import PdfReader

from egovdocs.rendering import embedded_xml
from egovdocs.sandbox import scenario
from egovdocs.sandbox.http_visitor import UnexpectedResponse, Visitor, WebPage
from egovdocs.sandbox.sample_requests import ATTACHMENT_REQUEST

CERT = "{urn:egovdocs:certificate:1}"


@pytest.fixture
def applicant(town) -> Visitor:
    return town.applicant()


def request(town, applicant: Visitor) -> WebPage:
    """P3 to P6."""
    return scenario.sign_request(
        applicant, scenario.fill_request(applicant, ATTACHMENT_REQUEST), town.key("applicant")
    )


def test_b1_c3_yes_p8_from_the_form_to_the_verified_certificate(town, applicant):
    check = scenario.fill_request(applicant, ATTACHMENT_REQUEST)
    assert "«Толкын»" not in check.text
    assert "Tolqyn polyclinic" in check.text
    assert "Pay" not in check.text
    case = scenario.sign_request(applicant, check, town.key("applicant"))
    assert scenario.journal_steps(case) == ["P1", "C1", "P3", "C2", "P5", "P6", "C3"]

    registrar, physician = town.logged_in("registrar"), town.logged_in("physician")
    granted = scenario.review_case(registrar, scenario.request_number(case))
    scenario.sign_outcome(physician, granted, town.key("physician"))

    case = applicant.open(case.url)
    assert scenario.journal_steps(case)[-3:] == ["P6", "C3", "P8"]
    certificate = applicant.open(case.link("/outcome.xml")).body
    root = etree.fromstring(certificate)
    assert root.tag == f"{CERT}certificate"
    assert root.findtext(f"{CERT}clinic/{CERT}code") == "tolqyn"
    assert root.findtext(f"{CERT}applicant/{CERT}identifier") == "910203450036"
    assert root.findtext(f"{CERT}provider/{CERT}bin") == "031040002142"
    paper = applicant.open(case.link("/outcome.pdf")).body
    assert embedded_xml(paper) == certificate
    assert len(PdfReader(BytesIO(paper)).pages) == 1
    for name, document in (("certificate.xml", certificate), ("certificate.pdf", paper)):
        assert "«Толкын»" in scenario.verify_document(town.visitor("ru"), name, document).text
    for kind in ("request", "receipt"):
        scenario.verify_document(
            town.visitor(), f"{kind}.xml", applicant.open(case.link(f"/{kind}.xml")).body
        )


@pytest.mark.parametrize("key", ["expired", "revoked", "stranger"])
def test_b1_c2_no_p4_the_signature_is_not_confirmed(town, applicant, key):
    check = scenario.fill_request(applicant, ATTACHMENT_REQUEST)
    with pytest.raises(UnexpectedResponse):
        scenario.sign_request(applicant, check, town.key(key))
    case = scenario.sign_request(applicant, check, town.key("applicant"))
    assert scenario.journal_steps(case) == ["P1", "C1", "P3", "C2", "P4", "P3", "C2", "P5", "P6", "C3"]


def test_only_the_polyclinics_people_see_and_sign_it(town, applicant):
    case = request(town, applicant)
    assert scenario.request_number(case) not in town.logged_in("officer").open("/provider?show=all").text
    granted = scenario.review_case(town.logged_in("registrar"), scenario.request_number(case))
    town.logged_in("signatory").open(granted.url, expect=403)
    with pytest.raises(UnexpectedResponse):
        scenario.sign_outcome(town.logged_in("physician"), granted, town.key("signatory"))
    scenario.sign_outcome(town.logged_in("physician"), granted, town.key("physician"))


def test_a_new_attachment_ends_the_former(town, applicant):
    cases = []
    for _time in range(2):
        case = request(town, applicant)
        granted = scenario.review_case(town.logged_in("registrar"), scenario.request_number(case))
        scenario.sign_outcome(town.logged_in("physician"), granted, town.key("physician"))
        cases.append(case)
    for case, superseded in zip(cases, (True, False), strict=True):
        page = applicant.open(case.url)
        assert ("A later document has taken its place" in page.text) is superseded
        certificate = applicant.open(page.link("/outcome.xml")).body
        verdict = scenario.verify_document(town.visitor("en"), "certificate.xml", certificate)
        assert ("a later one has taken its place" in verdict.text) is superseded


def test_an_organisation_is_attached_to_no_clinic(town):
    clinic = town.logged_in("120540000567")
    page = clinic.open("/services/clinic-attachment")
    refused = clinic.submit(page, "/services/clinic-attachment", {"action": "attach"}, expect=422)
    assert "for other applicants" in refused.text
