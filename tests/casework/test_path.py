"""The whole way of table A1, from registration to the licence and to the refusal."""

from datetime import date, timedelta
from hashlib import sha256

from tests.factories import APPLICANT, PROVIDER
from tests.worlds import CaseWorld, steps

from egovdocs.casework.outcomes.decide_case import refuse_case
from egovdocs.casework.outcomes.issue_outcome import offer_outcome
from egovdocs.casework.review.review_case import claim_case
from egovdocs.casework.signatures.read_document import read_document
from egovdocs.content import CaseState
from egovdocs.schemas.identifiers import is_licence_number, is_request_number
from egovdocs.signing import validate


def test_a_request_is_registered(world: CaseWorld) -> None:
    case = world.submitted()
    assert is_request_number(case.number)
    assert case.state is CaseState.REGISTERED
    assert case.deadline == date(2026, 6, 22)  # 15 working days after Monday, 1 June
    assert list(world.site["cases"].queue(PROVIDER)) == [case]
    assert steps(case.journal) == "P1 C1+ P3 P4 C2+ P6 C3+ P8 P9 (C4)"
    assert all(entry.started <= entry.ended for entry in case.journal if entry.ended)
    limits = {entry.step: entry.limit for entry in case.journal}
    assert (limits["P1"], limits["P9"], limits["C3"]) == (timedelta(seconds=15), timedelta(seconds=90), None)


def test_the_receipt_names_the_request_and_the_deadline(world: CaseWorld) -> None:
    case = world.submitted()
    report = validate(case.documents["receipt"].data, world.keys.policy(), at=world.clock())
    assert report.passed
    receipt = world.office.common_edition().document_types["receipt"].read(report.content)
    assert receipt["number"] == case.number
    assert receipt["requestSha256"] == sha256(case.documents["request"].data).hexdigest()
    assert receipt["deadline"] == "2026-06-22"
    assert receipt["applicant"] == APPLICANT
    assert read_document(case, "receipt") == report.content


def test_a_licence_is_issued(world: CaseWorld) -> None:
    case = world.granted(world.staff("officer", "officer"))
    signatory = world.staff("signatory", "signatory")
    world.issue(case, signatory)

    assert case.state is CaseState.ISSUED
    assert steps(case.journal).endswith("P9 C4+ P11")
    assert case.journal[-1].limit == 15
    service = world.office.service("medical-licence")
    content = read_document(case, "outcome")
    licence = service.outcome.read(content)
    assert is_licence_number(licence["number"])
    assert licence["request"]["sha256"] == case.documents["request"].sha256
    assert licence["signatory"]["name"] == "Signatory"
    assert validate(case.documents["outcome"].data, world.keys.policy(), at=world.clock()).content == content

    entered = world.site["licences"][licence["number"]]
    assert (entered.holder, entered.case) == (APPLICANT, case.reference)
    assert entered.activities == ("therapy", "general-practice")
    assert entered.in_force(world.office.today())
    assert case.licence == entered.number
    assert list(world.site["cases"].queue(PROVIDER)) == []


def test_a_request_is_refused(world: CaseWorld) -> None:
    officer, signatory = world.staff("officer", "officer"), world.staff("signatory", "signatory")
    case = world.submitted()
    claim_case(world.office, world.site, case, officer)
    world.tick()
    grounds = ["documents-incomplete-or-false", "requirements-not-met"]
    refuse_case(world.office, world.site, case, officer, grounds, "Нет диплома.")
    world.sign(offer_outcome(world.office, world.site, case, signatory), world.keys.colleague)

    assert case.state is CaseState.REFUSED
    assert steps(case.journal).endswith("P9 C4- P10")
    refusal = world.office.common_edition().document_types["refusal"].read(read_document(case, "refusal"))
    assert [ground["code"] for ground in refusal["grounds"]["ground"]] == [
        "requirements-not-met",
        "documents-incomplete-or-false",
    ]
    assert refusal["reason"] == "Нет диплома."
    assert refusal["request"]["number"] == case.number
    assert list(world.site["licences"]) == []


def test_what_was_acknowledged_is_kept(world: CaseWorld, connect) -> None:
    case = world.submitted()
    again = connect().site["cases"].by_number(case.number)
    assert again.documents["request"].data == case.documents["request"].data
    assert again.journal[-1] == case.journal[-1]


def test_the_journal_names_who_did_what(world: CaseWorld) -> None:
    case = world.granted(world.staff("officer", "officer"))
    signatory = world.staff("signatory", "signatory")
    world.issue(case, signatory)
    actors = {entry.step: entry.actor for entry in case.journal}
    people = {"P1": APPLICANT, "P3": APPLICANT, "P4": APPLICANT, "P6": APPLICANT, "P8": APPLICANT}
    assert actors == {**people, "C1": "", "C2": "", "C3": "", "P9": "", "C4": "officer", "P11": "signatory"}
