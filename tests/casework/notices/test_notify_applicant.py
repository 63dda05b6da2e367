"""Applicants are told by e-mail what became of their requests: all of it, once, in their language."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.factories import APPLICANT
from tests.mailroom import Mailroom, open_mailroom
from tests.worlds import CaseWorld
from ZODB import DB

from egovdocs.casework.accounts.change_settings import change_settings
from egovdocs.casework.errors import Mistake
from egovdocs.casework.notices.notify_applicant import NOTICES, handle_reminder, handlers, write
from egovdocs.casework.outcomes.collect_outcome import collect_outcome
from egovdocs.casework.outcomes.decide_case import refuse_case
from egovdocs.casework.requests.status import status
from egovdocs.casework.review.review_case import claim_case, release_case
from egovdocs.content import Case, Worker, open_database
from egovdocs.content import outbox as outbox_module
from egovdocs.i18n import LANGUAGES
from egovdocs.integrations.mail.smtp_mailer import SmtpMailer
from egovdocs.sandbox.running_site import free_port

SENDER = "noreply@portal.example"


@pytest.fixture
def room() -> Mailroom:
    return Mailroom()


@pytest.fixture
def mailer(monkeypatch: pytest.MonkeyPatch) -> SmtpMailer:
    monkeypatch.setattr(outbox_module, "FIRST_WAIT", timedelta(0))
    return SmtpMailer("127.0.0.1", free_port(), SENDER, starttls=False)


@pytest.fixture
def work(world: CaseWorld, database: DB, mailer: SmtpMailer) -> Callable[[], None]:
    """The outbox's worker tries each letter, some more than once."""
    worker = Worker(database, handlers(world.office, mailer), kinds={"notice"})

    def work() -> None:
        world.commit()
        for _attempt in range(10):
            worker.work_once()
        world.commit()

    return work


def written(world: CaseWorld) -> list[dict[str, Any]]:
    """The letters that wait in the outbox."""
    return [message.data for message in world.site.outbox.waiting("notice")]


def subjects(world: CaseWorld) -> list[str]:
    return [letter["subject"].partition(": ")[2] for letter in written(world)]


def answered(world: CaseWorld, grant: bool = True) -> Case:
    officer, signatory = world.staff("officer", "officer"), world.staff("signatory", "signatory")
    if grant:
        case = world.granted(officer)
    else:
        case = world.submitted()
        claim_case(world.office, world.site, case, officer)
        world.tick()
        refuse_case(world.office, world.site, case, officer, ["requirements-not-met"], "Нет диплома.")
    world.issue(case, signatory)
    return case


@pytest.mark.parametrize(("grant", "last"), [(True, "документ готов"), (False, "отказано")])
def test_each_change_is_told(world: CaseWorld, grant: bool, last: str) -> None:
    answered(world, grant)
    assert subjects(world) == ["зарегистрирован", "на рассмотрении", last]


def test_a_case_that_changes_hands_is_told_of_once(world: CaseWorld) -> None:
    case = world.submitted()
    for login in ("first", "second"):
        officer = world.staff(login, "officer")
        claim_case(world.office, world.site, case, officer)
        world.tick()
        release_case(world.office, world.site, case, officer)
        world.tick()
    assert subjects(world) == ["зарегистрирован", "на рассмотрении"]


def test_what_a_letter_says_and_what_it_keeps_to_itself(world: CaseWorld) -> None:
    case = answered(world)
    letter = written(world)[-1]
    assert letter["to"] == "ivanova@example.kz", "the address that was signed"
    assert letter["subject"] == f"Запрос {case.number}: документ готов"
    for told in (case.number, "лицензии", f"/cases/{case.reference}", "/questionnaire", "/settings", "1414"):
        assert told in letter["text"]
    for secret in (APPLICANT, "ИВАНОВА", "терап", "Актау", "+7"):
        assert secret not in letter["subject"] + letter["text"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event", sorted(NOTICES))
def test_every_letter_is_written_in_every_language(world: CaseWorld, event: str, language: str) -> None:
    case = world.submitted()
    texts = {each: write(world.office, case, event, each) for each in LANGUAGES}
    assert len({text for _subject, text in texts.values()}) == len(LANGUAGES)
    subject, text = texts[language]
    assert "${" not in subject + text
    assert ".." not in text
    assert case.number in subject
    assert case.number in text


def test_the_settings_decide(world: CaseWorld) -> None:
    account = world.register(world.keys.applicant)
    change_settings(account, email=" new@example.kz ", language="kk", notices=True)
    case = world.draft(account)
    world.pay(case)
    world.submit(case, world.keys.applicant)
    (letter,) = written(world)
    assert (letter["to"], letter["language"]) == ("new@example.kz", "kk")
    assert "тіркелді" in letter["subject"]
    change_settings(account, email="new@example.kz", language="kk", notices=False)
    claim_case(world.office, world.site, case, world.staff("officer", "officer"))
    assert len(written(world)) == 1


@pytest.mark.parametrize(("email", "language"), [("no address", "ru"), ("a@b.kz,c@d.kz", "ru"), ("", "de")])
def test_wrong_settings_change_nothing(world: CaseWorld, email: str, language: str) -> None:
    account = world.register(world.keys.applicant)
    with pytest.raises(Mistake):
        change_settings(account, email=email, language=language, notices=False)
    assert (account.email, account.language, account.notices) == (None, "ru", True)


def test_a_server_that_is_down_or_busy_loses_nothing_and_doubles_nothing(
    world: CaseWorld, work: Callable[[], None], room: Mailroom, mailer: SmtpMailer
) -> None:
    answered(world)
    work()
    assert len(written(world)) == 3, "nobody was there"
    room.to_data = "451 try later"
    with open_mailroom(room, mailer.port):
        work()
        assert len(written(world)) == 3, "it was busy"
        room.to_data = "250 OK"
        work()
        work()
    assert written(world) == []
    told = sorted(letter["Subject"].partition(": ")[2] for letter in room.letters)
    assert told == ["документ готов", "зарегистрирован", "на рассмотрении"]


def test_an_address_that_does_not_exist_is_shown_to_its_owner(
    world: CaseWorld, work: Callable[[], None], room: Mailroom, mailer: SmtpMailer
) -> None:
    case = world.submitted()
    room.to_recipient = "550 no such user"
    with open_mailroom(room, mailer.port):
        work()
    assert room.attempts == 1
    account = world.site["accounts"][case.account]
    assert written(world) == []
    assert account.undelivered == "ivanova@example.kz"
    change_settings(account, email="right@example.kz", language="ru", notices=True)
    assert account.undelivered == ""


def test_a_letter_is_given_up_after_five_days(
    world: CaseWorld, work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = world.submitted()
    work()
    assert len(written(world)) == 1
    day = 24 * 60 * 60 * 10**9
    later = outbox_module.time.time_ns() + 5 * day
    monkeypatch.setattr(outbox_module.time, "time_ns", lambda: later)
    work()
    assert written(world) == []
    assert world.site["accounts"][case.account].undelivered == "ivanova@example.kz"


KILLED = """
import os, signal, sys
from egovdocs.casework.notices.notify_applicant import handlers
from egovdocs.content import Worker, bootstrap, open_database
from egovdocs.integrations.mail.smtp_mailer import SmtpMailer

class Dying(SmtpMailer):
    def send(self, letter):
        super().send(letter)
        os.kill(os.getpid(), signal.SIGKILL)

database = open_database(f"file://{sys.argv[1]}")
with database.transaction() as connection:
    bootstrap(connection.root()).outbox.put(
        "notice", to="a@b.kz", subject="s", text="t", language="ru", at="2026-06-01T05:00:00+00:00", login=""
    )
mailer = Dying("127.0.0.1", int(sys.argv[2]), sys.argv[3], starttls=False)
Worker(database, handlers(None, mailer)).work_once()
"""


def test_killed_between_sending_and_taking_note(tmp_path: Path, room: Mailroom, mailer: SmtpMailer) -> None:
    with open_mailroom(room, mailer.port):
        command = [sys.executable, "-c", KILLED, str(tmp_path / "killed"), str(mailer.port), SENDER]
        assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
        assert len(room.letters) == 1
        database = open_database(f"file://{tmp_path / 'killed'}")
        worker = Worker(database, handlers(None, mailer))  # type: ignore[arg-type]
        assert [worker.work_once() for _ in range(2)] == [True, False]
        database.close()
    assert len({letter["Message-ID"] for letter in room.letters}) == 1, "its reader sees one letter"
    assert len(room.letters) == 2


def test_the_deadline_passes(world: CaseWorld) -> None:
    case = world.submitted()
    (reminder,) = world.site.outbox.waiting("reminder")
    assert reminder.data == {"case": case.reference, "event": "overdue"}
    morning_after = datetime(2026, 6, 23, 4, 0, tzinfo=UTC)  # 09:00 in Aktau
    wait = timedelta(microseconds=(reminder.id - outbox_module.time.time_ns()) / 1000)
    assert abs(wait - (morning_after - world.clock())) < timedelta(minutes=2)
    world.clock.now += timedelta(days=20)
    handle_reminder(world.office, world.site, case.reference, "overdue")
    assert subjects(world) == ["зарегистрирован"], "put off: not late yet"
    assert len(list(world.site.outbox.waiting("reminder"))) == 2
    world.clock.now += timedelta(days=2)
    for _twice in range(2):
        handle_reminder(world.office, world.site, case.reference, "overdue")
    assert subjects(world) == ["зарегистрирован", "ответ задерживается"]


def test_no_word_of_a_deadline_once_it_is_answered(world: CaseWorld) -> None:
    case = answered(world)
    world.clock.now += timedelta(days=60)
    handle_reminder(world.office, world.site, case.reference, "overdue")
    assert subjects(world)[-1] == "документ готов"


def test_an_answer_that_nobody_opens(world: CaseWorld) -> None:
    case = answered(world)
    world.clock.now += timedelta(days=30)
    handle_reminder(world.office, world.site, case.reference, "uncollected")
    assert subjects(world)[-1] == "документ готов"
    assert not status(world.office, case).uncollected
    world.clock.now += timedelta(days=1)
    handle_reminder(world.office, world.site, case.reference, "uncollected")
    assert subjects(world)[-1] == "ответ не получен"
    assert status(world.office, case).uncollected


def test_an_answer_that_was_opened(world: CaseWorld) -> None:
    case = answered(world)
    collect_outcome(world.office, case)
    opened = case.collected_at
    world.clock.now += timedelta(days=40)
    collect_outcome(world.office, case)
    assert case.collected_at == opened, "the first time counts"
    handle_reminder(world.office, world.site, case.reference, "uncollected")
    assert subjects(world)[-1] == "документ готов"
    assert not status(world.office, case).uncollected
