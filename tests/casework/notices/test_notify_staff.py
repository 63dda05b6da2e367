"""The provider's people are told by e-mail what waits for them, if they gave an address."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.factories import PROVIDER
from tests.worlds import CaseWorld
from ZODB import DB

from egovdocs.casework.accounts.change_settings import change_settings
from egovdocs.casework.notices import notify_staff as notifying
from egovdocs.casework.notices.notify_applicant import handle_reminder, handlers
from egovdocs.casework.notices.notify_staff import NEWS, notify_staff
from egovdocs.casework.outcomes.decide_case import return_case
from egovdocs.casework.requests.withdraw_request import offer_withdrawal
from egovdocs.casework.review.remark_case import make_remark, offer_answer
from egovdocs.casework.review.review_case import claim_case, hand_over
from egovdocs.content import Account, Case, Leave, Worker
from egovdocs.i18n import LANGUAGES


class NoMail:
    def send(self, letter: Any) -> None:
        raise AssertionError(letter)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifying, "PAUSE", timedelta(0))


@pytest.fixture
def staff(world: CaseWorld) -> dict[str, Account]:
    """Two officers and a signatory who gave an address, and an officer who did not."""
    told = {
        "first": world.staff("first", "officer"),
        "second": world.staff("second", "officer"),
        "head": world.staff("head", "officer", "signatory"),
        "silent": world.staff("silent", "officer"),
    }
    for login, account in told.items():
        if login != "silent":
            change_settings(account, email=f"{login}@work.kz", language="ru", notices=True)
    world.commit()
    return told


def letters(world: CaseWorld) -> list[tuple[str, str]]:
    """To whom and what about, of the letters to the staff that wait."""
    found = (message.data for message in world.site.outbox.waiting("notice"))
    return [(each["to"].partition("@")[0], each["subject"]) for each in found if "@work" in each["to"]]


def work(world: CaseWorld, database: DB) -> None:
    """What waits for its time comes due."""
    office = replace(world.office, two_person_rule=True)
    worker = Worker(database, handlers(office, NoMail()), kinds={"waiting-work"})  # type: ignore[arg-type]
    world.commit()
    while worker.work_once():
        pass
    world.commit()


@pytest.mark.usefixtures("staff")
def test_new_requests_are_told_in_one_letter_each(world: CaseWorld, database: DB) -> None:
    world.submitted()
    world.submitted()
    assert len(list(world.site.outbox.waiting("waiting-work"))) == 3, "one for each who gave an address"
    work(world, database)
    subject = "Запросов к рассмотрению: 2"
    assert sorted(letters(world)) == [("first", subject), ("head", subject), ("second", subject)]
    world.submitted()
    assert len(list(world.site.outbox.waiting("waiting-work"))) == 3, "the next ones are told again"


def test_what_was_taken_meanwhile_is_told_nobody(
    world: CaseWorld, database: DB, staff: dict[str, Account]
) -> None:
    case = world.submitted()
    claim_case(world.office, world.site, case, staff["silent"])
    work(world, database)
    assert letters(world) == []


@pytest.mark.parametrize(("decider", "told"), [("silent", True), ("head", False)])
def test_who_signs_is_told_of_decisions_but_not_of_their_own(
    world: CaseWorld, database: DB, staff: dict[str, Account], decider: str, told: bool
) -> None:
    world.granted(staff[decider])
    work(world, database)
    assert (("head", "Решений на подпись: 1") in letters(world)) is told


def test_who_has_a_case_is_told_what_becomes_of_it(world: CaseWorld, staff: dict[str, Account]) -> None:
    case = world.submitted()
    claim_case(world.office, world.site, case, staff["first"])
    hand_over(world.office, world.site, case, staff["first"], "second")
    number = case.number
    assert letters(world) == [("second", f"Запрос {number}: передан вам")]
    world.commit()
    remark = make_remark(world.office, world.site, case, staff["second"], "Нет диплома.")
    signing = offer_answer(
        world.office, world.site, case, world.site["accounts"][case.account], remark.number, "Вот он."
    )
    world.sign(signing, world.keys.applicant)
    signing = offer_withdrawal(world.office, world.site, case, world.site["accounts"][case.account])
    world.sign(signing, world.keys.applicant)
    assert letters(world)[1:] == [
        ("second", f"Запрос {number}: ответ на замечание"),
        ("second", f"Запрос {number}: отозван"),
    ]


def test_a_substitute_is_told_too(world: CaseWorld, staff: dict[str, Account]) -> None:
    case = world.submitted()
    claim_case(world.office, world.site, case, staff["first"])
    today = world.office.today()
    staff["first"].leave = Leave(first=today, last=today, substitute="second")
    notify_staff(world.office, world.site, case, "answered")
    assert [to for to, _subject in letters(world)] == ["first", "second"]


def test_a_decision_that_is_taken_back_is_told_who_took_it(
    world: CaseWorld, staff: dict[str, Account]
) -> None:
    case = world.granted(staff["first"])
    return_case(world.office, world.site, case, staff["head"])
    assert letters(world) == [("first", f"Запрос {case.number}: снова на рассмотрении")]


def test_a_late_answer_is_told_once_and_of_nobodys_case_the_signatories(
    world: CaseWorld, staff: dict[str, Account]
) -> None:
    case = world.submitted()
    assert case.deadline is not None
    world.office.clock.now += timedelta(days=40)  # type: ignore[attr-defined]
    for _twice in range(2):
        handle_reminder(world.office, world.site, case.reference, "overdue")
    assert letters(world) == [("head", f"Запрос {case.number}: ответ задерживается")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event", sorted(NEWS))
def test_every_letter_is_written_in_every_language(
    world: CaseWorld, staff: dict[str, Account], event: str, language: str
) -> None:
    case: Case = world.submitted()
    case.assignee = "first"
    staff["first"].language = language
    notify_staff(world.office, world.site, case, event)
    *_others, letter = world.site.outbox.waiting("notice")
    said = letter.data["subject"] + letter.data["text"]
    assert letter.data["language"] == language
    assert "${" not in said
    assert ".." not in said, "the day ends with a full stop of its own in Russian"
    assert f"/provider/cases/{case.reference}" in said
    for secret in (case.applicant, "ИВАНОВА"):
        assert secret not in said


def test_another_providers_people_are_not_told(world: CaseWorld, database: DB) -> None:
    stranger = world.staff("stranger", "officer", provider="950341000052")
    assert stranger.provider != PROVIDER
    change_settings(stranger, email="stranger@work.kz", language="ru", notices=True)
    world.commit()
    world.submitted()
    work(world, database)
    assert letters(world) == []
