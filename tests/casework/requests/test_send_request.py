"""A signed request waits for the gateway, and is registered when it has come through it (table B1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.casework.outcomes.test_one_in_force import FORM
from tests.factories import PASSWORD
from tests.worlds import CaseWorld, steps
from ZODB import DB

from egovdocs.casework.accounts.log_in import log_in
from egovdocs.casework.errors import Mistake
from egovdocs.casework.evidence.take_evidence import validate_again
from egovdocs.casework.requests.open_case import open_case
from egovdocs.casework.requests.save_page import save_page
from egovdocs.casework.requests.send_request import receive_sent_request, sending_handlers
from egovdocs.casework.requests.submit_request import offer_request
from egovdocs.casework.signatures.sign_document import upload_signed
from egovdocs.content import Case, CaseState, Site, Worker, bootstrap
from egovdocs.content import outbox as outbox_module
from egovdocs.integrations.external_system_errors import ExternalSystemUnavailable
from egovdocs.integrations.registration_messages import Registration

SIGNED = "P1 C1+ P3 C2+ (P5)"
ARRIVED = "P1 C1+ P3 C2+ P5 P6 (C3)"


class Line:
    """The way through the gateway and back; it can be down on either half of it, or lead elsewhere."""

    def __init__(self, connect: Callable[[], CaseWorld]) -> None:
        self.connect = connect
        self.down_before = self.down_after = self.astray = False
        self.sent = 0

    def can_send(self, document: bytes) -> bool:
        return document.startswith(b"<?xml")

    def send(self, reference: str, document: bytes) -> Registration:
        self.sent += 1
        if self.down_before:
            raise ExternalSystemUnavailable("no answer")
        there = self.connect()
        if self.astray:
            return Registration("2026-999999-16", there.clock(), there.clock().date(), b"<a/>")
        case = receive_sent_request(there.office, there.site, reference, document)
        if self.down_after:
            raise ExternalSystemUnavailable("no answer")
        assert case.number
        assert case.registered_at
        assert case.deadline
        return Registration(case.number, case.registered_at, case.deadline, case.documents["receipt"].data)


@pytest.fixture
def line(connect: Callable[[], CaseWorld]) -> Line:
    return Line(connect)


@pytest.fixture
def world(world: CaseWorld, line: Line) -> CaseWorld:
    world.office = replace(world.office, sending=line)
    return world


@pytest.fixture
def work(world: CaseWorld, database: DB, line: Line, monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    """Handles what waits to be sent, whenever it is due; says whether something waits still."""
    passed = timedelta(0)
    now = outbox_module.time.time_ns
    monkeypatch.setattr(
        outbox_module.time, "time_ns", lambda: now() + passed // timedelta(microseconds=1) * 1000
    )

    @contextmanager
    def reading() -> Iterator[Site]:
        with database.transaction() as connection:
            yield bootstrap(connection.root())

    def work() -> bool:
        nonlocal passed
        world.commit()
        passed += outbox_module.LONGEST_WAIT
        handlers = sending_handlers(world.office, line, reading)
        assert Worker(database, handlers, kinds=handlers.keys()).work_once()
        world.commit()
        return bool(list(world.site.outbox.waiting("sending")))

    return work


def draft(world: CaseWorld) -> Case:
    account = world.register(world.keys.applicant)
    log_in(world.office, world.site, account.login, PASSWORD)
    world.tick()
    case = open_case(world.office, world.site, account, "clinic-attachment", "attach")
    for page, values in FORM.items():
        assert save_page(world.office, case, page, values) == ()
    world.tick()
    return case


@pytest.fixture
def signed(world: CaseWorld) -> Case:
    """P5: signed, and not sent yet."""
    return world.submit(draft(world), world.keys.applicant)


def test_b1_p5_p6_it_waits_signed_and_is_registered_when_it_arrives(
    world: CaseWorld, signed: Case, line: Line, work: Callable[[], bool]
) -> None:
    assert (signed.state, signed.number, steps(signed.journal)) == (CaseState.SENT, None, SIGNED)
    document, ended = signed.documents["request"].data, world.clock.now
    line.down_before = True
    assert work()
    assert (signed.state, signed.number) == (CaseState.SENT, None)
    line.down_before = False
    world.tick()
    assert not work()
    assert (signed.state, steps(signed.journal)) == (CaseState.REGISTERED, ARRIVED)
    assert signed.number
    assert signed.registered_at == world.clock.now
    assert signed.documents["request"].data == document
    assert signed.documents["request"].created_at == ended
    assert signed.documents["request"].name == f"request-{signed.number}.xml"
    assert list(world.site["cases"].queue(signed.provider)) == [signed]


def test_an_answer_that_is_lost_registers_nothing_twice(
    world: CaseWorld, signed: Case, line: Line, work: Callable[[], bool]
) -> None:
    line.down_after = True
    assert work()
    number = signed.number
    assert number
    assert not work()
    assert (line.sent, signed.number, steps(signed.journal)) == (1, number, ARRIVED)


def test_sent_again_it_has_the_same_number(world: CaseWorld, signed: Case) -> None:
    document = signed.documents["request"].data
    numbers = {
        receive_sent_request(world.office, world.site, signed.reference, document).number
        for _time in range(2)
    }
    assert len(numbers) == 1
    assert steps(signed.journal) == ARRIVED


def test_led_astray_it_is_not_taken_for_registered(
    world: CaseWorld, signed: Case, line: Line, work: Callable[[], bool]
) -> None:
    line.astray = True
    assert work()
    assert signed.state is CaseState.SENT
    line.astray = False
    assert not work()
    assert signed.state is CaseState.REGISTERED


def test_what_was_not_signed_here_is_not_taken(world: CaseWorld, signed: Case) -> None:
    document = signed.documents["request"].data
    another = draft_of_another(world)
    for reference, came in (
        (signed.reference, document + b"\n"),
        (signed.reference, b""),
        (another.reference, document),
        ("nowhere", document),
        ("", document),
    ):
        with pytest.raises(Mistake, match="No such request was signed"):
            receive_sent_request(world.office, world.site, reference, came)
    assert (signed.state, another.state) == (CaseState.SENT, CaseState.DRAFT)


def draft_of_another(world: CaseWorld) -> Case:
    account = world.register(world.keys.another)
    log_in(world.office, world.site, account.login, PASSWORD)
    world.tick()
    case = open_case(world.office, world.site, account, "clinic-attachment", "attach")
    world.commit()
    return case


def test_on_its_way_it_is_no_draft_any_more(world: CaseWorld, signed: Case) -> None:
    account = world.site["accounts"][signed.account]
    with pytest.raises(Mistake, match="can no longer be changed"):
        save_page(world.office, signed, "choice", {"clinic": "tolqyn", "reason": "moved"})
    with pytest.raises(Mistake, match="signed already"):
        offer_request(world.office, world.site, signed, account)


def test_signed_twice_in_two_windows_it_is_one_request(world: CaseWorld) -> None:
    case = draft(world)
    account = world.site["accounts"][case.account]
    first, second = (offer_request(world.office, world.site, case, account) for _time in range(2))
    world.tick()
    world.sign(first, world.keys.applicant)
    kept = case.documents["request"].sha256
    with pytest.raises(Mistake, match="signed already"):
        world.sign(second, world.keys.another)
    assert case.documents["request"].sha256 == kept
    assert len(list(world.site.outbox.waiting("sending"))) == 1


def test_the_key_may_end_before_it_arrives(world: CaseWorld, signed: Case, work: Callable[[], bool]) -> None:
    """Its signature was confirmed when it was made, and that is what is kept of it."""
    world.clock.now = world.keys.applicant.certificate.not_valid_after_utc + timedelta(minutes=1)
    assert not work()
    assert signed.state is CaseState.REGISTERED
    assert validate_again(world.office, signed.documents["request"]).passed


def test_a_signed_request_that_cannot_travel_is_refused_before_it_is_kept(world: CaseWorld) -> None:
    case = draft(world)
    account = world.site["accounts"][case.account]
    signing = offer_request(world.office, world.site, case, account)
    world.commit()
    text = world.signed(signing.document, world.keys.applicant).decode().partition("?>")[2]
    another = ('<?xml version="1.0" encoding="UTF-16"?>' + text).encode("utf-16")
    with pytest.raises(Mistake, match="not in UTF-8"):
        upload_signed(world.office, world.site, signing, another)
    assert (case.state, list(case.documents)) == (CaseState.DRAFT, [])


def test_a_table_that_sends_nothing_registers_at_once(world: CaseWorld) -> None:
    case = world.submitted()
    assert case.state is CaseState.REGISTERED
    assert not list(world.site.outbox.waiting("sending"))
