"""Remarks to the applicant and their answers: signed documents, and a time limit that may stand still."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.casework.visitors.test_receive_visitor import A2, A3, fill_in, looked_up, register, staff
from tests.editions import with_parts
from tests.factories import COMPANY, png
from tests.worlds import CaseWorld, together

from egovdocs.casework.errors import Decided, Mistake, WrongFile
from egovdocs.casework.outcomes.decide_case import refuse_case
from egovdocs.casework.requests.status import status
from egovdocs.casework.review.remark_case import enter_answer, make_remark, offer_answer
from egovdocs.casework.review.review_case import claim_case
from egovdocs.casework.signatures.read_document import read_document
from egovdocs.casework.signatures.sign_document import upload_signed
from egovdocs.content import Account, Case, CaseState
from egovdocs.schemas import Remarks, load_common
from egovdocs.signing import holder, validate

DUE = date(2026, 6, 22)  # of a request of 1 June: fifteen working days

COMMON = load_common().newest


@pytest.fixture
def case(world: CaseWorld, officer: Account) -> Case:
    case = world.submitted()
    claim_case(world.office, world.site, case, officer)
    world.tick()
    return case


def with_rules(world: CaseWorld, rules: Remarks) -> None:
    services = with_parts(world.office.services, remarks=rules)
    world.office = replace(world.office, services=services)


@pytest.fixture
def stopping(world: CaseWorld) -> CaseWorld:
    with_rules(world, Remarks(stop_clock=True, working_days=5))
    return world


def remark(world: CaseWorld, case: Case, text: str = "Приложите договор аренды.") -> int:
    officer = world.site["accounts"][case.assignee]
    made = make_remark(world.office, world.site, case, officer, text)
    world.tick()
    return made.number


def answer(world: CaseWorld, case: Case, number: int = 1, text: str = "Договор приложен.", files=()) -> Case:
    account = world.site["accounts"][case.account]
    signing = offer_answer(world.office, world.site, case, account, number, text, files)
    world.commit()
    result = world.sign(signing, world.keys.applicant)
    world.tick()
    return result


def read(case: Case, kind: str) -> dict[str, object]:
    return COMMON.document_types[kind.partition("-")[0]].read(read_document(case, kind))


def test_a_remark_and_its_answer_are_signed_documents_that_name_the_one_before(
    world: CaseWorld, case: Case
) -> None:
    number = remark(world, case)
    said = read(case, "remark-1")
    assert (said["ordinal"], said["officer"], said["stopsClock"]) == (1, "Officer", False)
    assert said["text"] == "Приложите договор аренды."
    assert said["request"] == {"number": case.number, "sha256": case.documents["request"].sha256}
    answer(world, case, number, files=[("Договор.png", png())])
    heard = read(case, "answer-1")
    assert heard["remark"] == {"ordinal": 1, "sha256": case.documents["remark-1"].sha256}
    assert (heard["text"], heard["applicant"]) == ("Договор приложен.", case.applicant)
    (file,) = heard["files"]["file"]
    kept = case.attachments[-1]
    assert (file["sha256"], kept.kind, kept.name) == (kept.sha256, "answer-1", "Договор.png")
    signers = {
        kind: validate(case.documents[kind].data, world.office.policy(), at=world.clock())
        .signatures[0]
        .signer
        for kind in ("remark-1", "answer-1")
    }
    assert signers["remark-1"].subject == holder(world.keys.seal.certificate).subject
    assert signers["answer-1"].iin == case.applicant
    for kind in ("remark-1", "answer-1"):
        assert world.is_genuine(case.documents[kind].data)
    assert case.remarks[0].answered_at is not None
    assert world.site.index_differences() == []


def test_the_time_limit_goes_on_unless_the_service_says_otherwise(world: CaseWorld, case: Case) -> None:
    remark(world, case)
    assert case.deadline == DUE
    assert status(world.office, case).waits_until is None
    world.clock.now += timedelta(days=7)
    answer(world, case)
    assert case.deadline == DUE


@pytest.mark.parametrize(
    ("days", "due"),
    [
        (0, date(2026, 6, 22)),  # answered the same day
        (1, date(2026, 6, 23)),
        (3, date(2026, 6, 25)),
        (6, date(2026, 6, 26)),  # Sunday: four working days have passed
        (30, date(2026, 6, 29)),  # five working days at most
    ],
)
def test_the_time_limit_stands_still_until_the_answer(
    stopping: CaseWorld, case: Case, days: int, due: date
) -> None:
    world = stopping
    remark(world, case)
    found = status(world.office, case)
    assert (case.deadline, found.waits_until) == (date(2026, 6, 29), date(2026, 6, 8))
    assert read(case, "remark-1")["answerBy"] == "2026-06-08"
    assert read(case, "remark-1")["stopsClock"] is True
    world.clock.now += timedelta(days=days)
    answer(world, case)
    assert case.deadline == due
    assert status(world.office, case).waits_until is None
    assert list(world.site["cases"].queue(case.provider)) == [case]
    assert world.site.index_differences() == []


def test_the_reminder_follows_the_time_limit(stopping: CaseWorld, case: Case) -> None:
    def due() -> list[int]:
        return [message.id for message in stopping.site.outbox.waiting("reminder")]

    before = len(due())
    remark(stopping, case)
    answer(stopping, case)
    assert len(due()) == before + 1, "looked at again after the deadline as it is now"


def test_the_time_limit_stands_still_once(stopping: CaseWorld, case: Case) -> None:
    world = stopping
    for number in (1, 2):
        remark(world, case)
        answer(world, case, number)
    assert case.deadline == DUE
    remark(world, case)
    assert case.deadline == DUE
    assert [each.stopped for each in case.remarks] == [None, None, None]


def test_what_is_overdue_does_not_come_back_into_time(stopping: CaseWorld, case: Case) -> None:
    stopping.clock.now += timedelta(days=40)
    remark(stopping, case)
    assert case.deadline == DUE
    assert read(case, "remark-1")["stopsClock"] is False


def test_a_decision_lets_the_time_limit_go_on(stopping: CaseWorld, case: Case, officer: Account) -> None:
    world = stopping
    remark(world, case)
    world.clock.now += timedelta(days=2)
    world.grant(case, officer)
    assert case.deadline == date(2026, 6, 24)
    with pytest.raises(Decided, match="decided already"):
        answer(world, case)


def test_a_refusal_waits_for_the_answer(stopping: CaseWorld, case: Case, officer: Account) -> None:
    world = stopping
    remark(world, case)
    refusal = (world.office, world.site, case, officer, ["requirements-not-met"], "Нет договора.")
    with pytest.raises(Mistake, match="still has time"):
        refuse_case(*refusal)
    world.clock.now += timedelta(days=8)
    refuse_case(*refusal)
    assert (case.state, case.deadline) == (CaseState.AWAITING_SIGNATURE, date(2026, 6, 29))


def test_a_remark_is_answered_once(world: CaseWorld, connect: Callable[[], CaseWorld], case: Case) -> None:
    remark(world, case)
    account = world.site["accounts"][case.account]
    signings = [offer_answer(world.office, world.site, case, account, 1, text) for text in ("Раз.", "Два.")]
    world.commit()
    world.sign(signings[0], world.keys.applicant)
    signed = world.signed(signings[0].document, world.keys.applicant)
    assert upload_signed(world.office, world.site, signings[0], signed) is case
    with pytest.raises(Decided, match="answered already"):
        world.sign(signings[1], world.keys.applicant)
    with pytest.raises(Decided, match="answered already"):
        answer(world, case)
    with pytest.raises(Mistake, match="no such remark"):
        answer(world, case, 2)


def test_the_same_answer_sent_twice_at_once(
    world: CaseWorld, connect: Callable[[], CaseWorld], case: Case
) -> None:
    remark(world, case)
    account = world.site["accounts"][case.account]
    token = offer_answer(world.office, world.site, case, account, 1, "Да.", [("a.png", png())]).token
    world.commit()

    def send(other: CaseWorld) -> str:
        signing = other.site["signings"][token]
        signed = other.signed(signing.document, other.keys.applicant)
        upload_signed(other.office, other.site, signing, signed)
        return "taken"

    assert together([connect() for _ in range(4)], send) == ["taken"] * 4
    world.commit()
    assert [each.kind for each in case.attachments].count("answer-1") == 1


def test_whose_key_answers(world: CaseWorld, case: Case) -> None:
    remark(world, case)
    account = world.site["accounts"][case.account]
    signing = offer_answer(world.office, world.site, case, account, 1, "Да.")
    world.commit()
    for key in (world.keys.another, world.keys.expired):
        with pytest.raises(Mistake):
            world.sign(signing, key)
    with pytest.raises(Mistake, match="The certificate belongs to"):
        upload_signed(world.office, world.site, signing, world.signed(signing.document, world.keys.another))
    assert "answer-1" not in case.documents


@pytest.mark.parametrize("text", ["", "  ", "о" * 4001, "a\0b"])
def test_a_text_that_no_document_can_hold(world: CaseWorld, case: Case, text: str) -> None:
    with pytest.raises(Mistake):
        remark(world, case, text)
    assert case.remarks == ()
    remark(world, case)
    with pytest.raises(Mistake):
        answer(world, case, text=text)


def test_a_file_that_is_not_taken_is_named(world: CaseWorld, case: Case) -> None:
    remark(world, case)
    with pytest.raises(WrongFile, match="not a complete file") as told:
        answer(world, case, files=[("good.png", png()), ("virus.png", b"MZ")])
    assert told.value.name == "virus.png"
    with pytest.raises(Mistake, match="at most 10 files"):
        answer(world, case, files=[("a.png", png())] * 11)


def test_only_who_reviews_remarks(world: CaseWorld, case: Case) -> None:
    second = world.staff("second", "officer")
    with pytest.raises(Decided, match="Another officer"):
        make_remark(world.office, world.site, case, second, "Почему?")


@pytest.fixture(params=[A2])
def visitors(
    request: pytest.FixtureRequest, world: CaseWorld, officer: Account, register_entries: None
) -> Case:
    """The request of somebody who came in person, under review, with a remark."""
    account = staff(world, request.param, "receiver")
    case = looked_up(world, request.param, account)
    fill_in(world, case)
    register(world, case)
    world.tick()
    claim_case(world.office, world.site, case, officer)
    world.tick()
    remark(world, case)
    return case


def test_an_answer_to_a_request_of_the_portal_is_not_taken_down(
    world: CaseWorld, case: Case, officer: Account
) -> None:
    remark(world, case)
    with pytest.raises(Mistake, match="with their own key"):
        enter_answer(world.office, world.site, case, officer, 1, "Принёс договор.")


def test_a_visitor_who_has_an_account_answers_with_their_key(world: CaseWorld, visitors: Case) -> None:
    account = world.register(world.keys.applicant)
    signing = offer_answer(world.office, world.site, visitors, account, 1, "Вот.")
    world.commit()
    world.sign(signing, world.keys.applicant)
    assert "enteredBy" not in read(visitors, "answer-1")


def test_a_visitors_answer_is_taken_down_and_sealed(
    world: CaseWorld, visitors: Case, officer: Account
) -> None:
    case = visitors
    entering = (world.office, world.site, case, officer, 1, "Принёс договор.", [("a.png", png())])
    stranger = world.staff("stranger", "officer", provider=COMPANY)
    with pytest.raises(Mistake, match="another provider's"):
        enter_answer(world.office, world.site, case, stranger, 1, "Да.")
    enter_answer(*entering)
    heard = read(case, "answer-1")
    assert (heard["enteredBy"], heard["text"]) == ("Officer", "Принёс договор.")
    assert world.is_genuine(case.documents["answer-1"].data)
    with pytest.raises(Decided):
        enter_answer(*entering)


@pytest.mark.parametrize("visitors", [A3], indirect=True)
def test_an_operator_takes_an_answer_down_for_who_came_to_their_centre(
    world: CaseWorld, visitors: Case
) -> None:
    case, saying = visitors, (1, "Принёс договор.", [("a.png", png())])
    elsewhere = world.staff("elsewhere", "operator", provider=COMPANY)
    archivist = world.staff("archivist", "archivist", provider=case.received_by)
    for stranger in (elsewhere, archivist):
        with pytest.raises(Mistake, match="another provider's"):
            enter_answer(world.office, world.site, case, stranger, *saying)
    enter_answer(world.office, world.site, case, world.site["accounts"]["receiver"], *saying)
    assert read(case, "answer-1")["enteredBy"] == "Receiver"
    assert world.is_genuine(case.documents["answer-1"].data)
    assert [(entry.what, entry.by) for entry in case.desk][-1] == ("answer-entered", "receiver")
