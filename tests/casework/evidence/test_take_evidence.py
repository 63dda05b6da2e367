"""Evidence is taken after a document was, kept beside it, and makes it outlive its signer's certificate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.factories import START, YEAR, Clock, Keys
from tests.worlds import CaseWorld
from translationstring import TranslationString
from ZODB import DB

from egovdocs.casework.evidence.renew_evidence import (
    RENEWAL,
    documents_to_renew,
    renew_evidence,
    schedule_renewals,
)
from egovdocs.casework.evidence.take_evidence import (
    EVIDENCE,
    augmented_document,
    take_evidence,
    validate_again,
)
from egovdocs.casework.office import Office
from egovdocs.casework.outcomes.order_licence import offer_order
from egovdocs.casework.verification.examine_document import Verdict, examine_document
from egovdocs.content import Account, Case, Document, Site, Worker, bootstrap
from egovdocs.content import outbox as outbox_module
from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import (
    TimestampAuthority,
    TimestampToken,
    TimestampUnavailable,
    TrustStore,
    ValidationPolicy,
)


class Service:
    """A time-stamping service that can be out of order."""

    def __init__(self, key: IssuedKey, clock: Clock) -> None:
        self.authority = TimestampAuthority(key.signer, clock=clock)
        self.down = False
        self.asked = 0

    def stamp(self, octets: bytes) -> TimestampToken:
        self.asked += 1
        if self.down:
            raise TimestampUnavailable(TranslationString("out of order"))
        return self.authority.stamp(octets)


@pytest.fixture(scope="session")
def tsa(keys: Keys) -> IssuedKey:
    return keys.authority.issue_timestamping("Clock", algorithm="ec", not_before=START - YEAR)


@pytest.fixture
def service(tsa: IssuedKey, clock: Clock) -> Service:
    return Service(tsa, clock)


@pytest.fixture
def office(office: Office, service: Service) -> Office:
    return replace(office, timestamper=service)


Work = Callable[[], bool]


@pytest.fixture
def work(world: CaseWorld, database: DB, monkeypatch: pytest.MonkeyPatch) -> Work:
    """Drains the outbox: what is due now, and what waits for another attempt."""

    @contextmanager
    def reading() -> Any:
        with database.transaction() as connection:
            yield bootstrap(connection.root())

    def work() -> bool:
        world.commit()
        open_site: Callable[[], AbstractContextManager[Site]] = reading
        handlers = {EVIDENCE: lambda id, data: take_evidence(world.office, open_site, data)}
        worker = Worker(database, handlers, kinds={EVIDENCE})
        later = outbox_module.time.time_ns() + 2 * 3600 * 10**9
        monkeypatch.setattr(outbox_module.time, "time_ns", lambda: later)
        for _ in list(world.site.outbox.waiting(EVIDENCE)):
            assert worker.work_once()
        world.commit()
        return not list(world.site.outbox.waiting(EVIDENCE))

    return work


@pytest.fixture
def signatory(world: CaseWorld) -> Account:
    return world.staff("signatory", "officer", "signatory")


@pytest.fixture
def case(world: CaseWorld, signatory: Account) -> Case:
    case = world.granted(signatory)
    world.issue(case, signatory)
    world.commit()
    return case


def policy_of(world: CaseWorld, **changes: Any) -> None:
    policy = replace(world.office.policy(), **changes)
    world.office = replace(world.office, policy=lambda: policy)


def test_every_signed_document_has_evidence(
    world: CaseWorld, case: Case, work: Work, service: Service, signatory: Account
) -> None:
    asked = {"request", "receipt", "outcome"}
    assert {kind for kind, each in case.documents.items() if each.evidence is None} == asked
    assert service.asked == 0, "nothing slow is done while the request waits"
    assert work()
    assert {kind for kind, each in case.documents.items() if each.evidence is not None} == asked
    report = validate_again(world.office, case.documents["outcome"])
    assert (report.signatures[0].level, report.passed) == ("XAdES-LT", True)
    assert report.signatures[0].proven_time == world.clock.now

    licence = world.site["licences"][case.licence]
    order = offer_order(
        world.office,
        world.site,
        licence,
        signatory,
        "suspension",
        "court-decision",
        "Постановление.",
        world.office.today(),
    )
    world.sign(order, world.keys.signatory)
    assert work()
    (document,) = licence.documents.values()
    assert document.evidence is not None
    assert world.site.index_differences() == []
    world.site.rebuild_indexes()
    assert world.site.index_differences() == []


def test_it_is_taken_once(world: CaseWorld, case: Case, work: Work, service: Service) -> None:
    assert work()
    before = case.documents["outcome"].evidence, service.asked
    document = case.documents["outcome"]
    world.site.outbox.put(EVIDENCE, place=("cases", case.reference, "outcome"), sha256=document.sha256)
    world.site.outbox.put(EVIDENCE, place=("cases", case.reference, "outcome"), sha256="of another")
    world.site.outbox.put(EVIDENCE, place=("cases", "no such", "outcome"), sha256=document.sha256)
    assert work()
    assert (case.documents["outcome"].evidence, service.asked) == before


def test_lists_of_a_day_are_kept_once(world: CaseWorld, case: Case, work: Work) -> None:
    assert work()
    kept = [case.documents[kind].kept_evidence for kind in ("request", "receipt", "outcome")]
    lists = [each._dumped["revocation_lists"] for each in kept if each]
    assert lists[0] == lists[1] == lists[2]
    assert all(one is other for one, other in zip(lists[0], lists[1], strict=True))


def test_it_waits_for_the_service(world: CaseWorld, case: Case, work: Work, service: Service) -> None:
    service.down = True
    assert not work()
    waiting = list(world.site.outbox.waiting(EVIDENCE))
    assert len(waiting) == 3
    assert all("out of order" in message.error and message.attempts for message in waiting)
    service.down = False
    world.clock.now += timedelta(days=3)
    assert work()
    report = validate_again(world.office, case.documents["outcome"])
    assert report.signatures[0].proven_time == START.replace(day=4) + (world.clock.now - START) % timedelta(1)


def test_it_waits_for_a_fresh_list(world: CaseWorld, case: Case, work: Work, service: Service) -> None:
    trust = world.office.policy().trust
    policy_of(world, trust=TrustStore(trust.anchors))
    assert not work()
    assert service.asked == 0, "a time-stamp that would be thrown away is not asked for"
    policy_of(world, trust=trust)
    assert work()


def test_what_was_revoked_meanwhile_has_none(
    world: CaseWorld, case: Case, work: Work, caplog: pytest.LogCaptureFixture
) -> None:
    policy = replace(world.office.policy(), trust=world.keys.policy(world.keys.signatory).trust)
    world.office = replace(world.office, policy=lambda: policy)
    assert work()
    assert case.documents["outcome"].evidence is None
    assert case.documents["request"].evidence is not None
    assert f"cases/{case.reference}/outcome" in caplog.text
    assert "REVOKED" in caplog.text


def test_without_a_service_nothing_is_asked(world: CaseWorld, signatory: Account) -> None:
    world.office = replace(world.office, timestamper=None)
    world.granted(signatory)
    assert not list(world.site.outbox.waiting(EVIDENCE))


def test_evidence_that_ages_is_renewed(
    world: CaseWorld, case: Case, work: Work, tsa: IssuedKey, clock: Clock, database: DB
) -> None:
    assert work()
    signed_at = clock.now
    clock.now = START + 3.8 * YEAR  # the service's certificate has seventy days to live
    lists = [each.crl(clock.now - YEAR / 50, clock.now + YEAR / 50) for each in authorities(world)]
    policy_of(world, trust=TrustStore([world.keys.root.certificate], lists))

    @contextmanager
    def reading() -> Iterator[Site]:
        with database.transaction() as connection:
            yield bootstrap(connection.root())

    def look() -> list[Any]:
        """The documents that are found."""
        world.commit()
        leave = renew_evidence(world.office, reading)
        with reading() as site:
            leave(site)
        world.commit()
        return [message.data["place"] for message in world.site.outbox.waiting(EVIDENCE)]

    assert look() == [], "the service has nothing newer to renew with"
    newer = world.keys.authority.issue_timestamping("Clock", algorithm="ec", not_before=clock.now)
    world.office = replace(world.office, timestamper=Service(newer, clock))
    found = look()
    assert sorted(place[2] for place in found) == ["outcome", "receipt", "request"]
    assert look() == found, "each once"
    assert len(list(world.site.outbox.waiting(RENEWAL))) == 3, "and again tomorrow, each time"
    assert [each.name for each in documents_to_renew(world.office, world.site)]
    for message in list(world.site.outbox.waiting(RENEWAL)):
        world.site.outbox.take_out(
            next(due for due, each in world.site.outbox._due.items() if each is message)
        )
    assert work()
    outcome = case.documents["outcome"]
    assert outcome.evidence is not None
    assert len(outcome.evidence.renewals) == 1
    assert list(documents_to_renew(world.office, world.site)) == []
    assert look() == []
    assert world.site.index_differences() == []

    two_years_on(world)
    clock.now = START + 7 * YEAR
    finding = examine_document(world.office, world.site, outcome.data)
    assert finding.verdict is Verdict.GENUINE
    (signature,) = finding.report.signatures
    assert (signature.level, signature.proven_time) == ("XAdES-LTA", signed_at)
    augmented = augmented_document(outcome)
    assert augmented is not None
    assert examine_document(world.office, world.site, augmented).verdict is Verdict.GENUINE


def test_evidence_is_looked_after_once(world: CaseWorld) -> None:
    schedule_renewals(world.site)
    schedule_renewals(world.site)
    assert len(list(world.site.outbox.waiting(RENEWAL))) == 1


def authorities(world: CaseWorld) -> tuple[Authority, Authority]:
    return world.keys.root, world.keys.authority


def two_years_on(world: CaseWorld, *revoked: IssuedKey, days: int = 0) -> None:
    """Certificates have expired, and so have all the lists of that time but, maybe, a last one."""
    world.clock.now = START + 2 * YEAR
    lists = []
    if revoked:
        authority = replace(world.keys.authority, revoked={})
        for key in revoked:
            authority.revoke(key.certificate, START + timedelta(days=days))
        lists.append(authority.crl(START + YEAR / 3, START + YEAR / 2))
    trust = TrustStore([world.keys.root.certificate], lists)
    world.office = replace(world.office, policy=lambda: ValidationPolicy(trust=trust))


def test_two_years_on(world: CaseWorld, case: Case, work: Work) -> None:
    assert work()
    signed_at = world.clock.now
    two_years_on(world)
    for kind in ("request", "receipt", "outcome"):
        kept: Document = case.documents[kind]
        finding = examine_document(world.office, world.site, kept.data)
        assert finding.verdict is Verdict.GENUINE, finding.report.text()
        assert finding.accepted_at is None
        assert finding.report.passed
        assert finding.report.signatures[0].proven_time == signed_at
        assert validate_again(world.office, kept).passed
    assert finding.licence is not None


@pytest.mark.parametrize(("days", "verdict"), [(20, Verdict.GENUINE), (-20, Verdict.BROKEN)])
def test_revoked_after_or_before(
    world: CaseWorld, case: Case, work: Work, days: int, verdict: Verdict
) -> None:
    assert work()
    two_years_on(world, world.keys.signatory, days=days)
    finding = examine_document(world.office, world.site, case.documents["outcome"].data)
    assert finding.verdict is verdict, finding.report.text()
    if verdict is Verdict.BROKEN:
        assert finding.report.sub_indication == "REVOKED"


def test_without_evidence_it_is_as_it_was(world: CaseWorld, case: Case) -> None:
    kept = case.documents["outcome"]
    trust = world.office.policy().trust
    world.clock.now = START + 2 * YEAR
    finding = examine_document(world.office, world.site, kept.data)
    assert (finding.verdict, finding.accepted_at) == (Verdict.GENUINE, kept.created_at)
    policy_of(world, trust=TrustStore(trust.anchors))
    assert examine_document(world.office, world.site, kept.data).verdict is Verdict.BROKEN


def test_evidence_does_nothing_for_a_changed_document(world: CaseWorld, case: Case, work: Work) -> None:
    assert work()
    changed = case.documents["outcome"].data.replace(b"</", b" </", 1)
    two_years_on(world)
    assert examine_document(world.office, world.site, changed).verdict is Verdict.BROKEN
