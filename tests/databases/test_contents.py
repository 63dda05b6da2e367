"""After the evolution each document, case and licence is what the earlier version said it was."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

from tests.databases.conftest import KeptSite

from egovdocs.casework.evidence.take_evidence import validate_again
from egovdocs.casework.statistics.count_case import count_differences
from egovdocs.content import Case, Licence, Place, document_at, place_of


def test_each_document_has_its_bytes_and_its_verdict(evolved: KeptSite) -> None:
    expected = evolved.manifest["documents"]
    assert len(expected) > 100
    with evolved.opened() as (office, site):
        assert {place_of(each) for each in site.documents()} == {Place(*each["place"]) for each in expected}
        for each in expected:
            document = document_at(site, Place(*each["place"]))
            assert document is not None
            data = document.data
            assert (len(data), sha256(data).hexdigest()) == (each["size"], each["sha256"])
            assert document.sha256 == each["sha256"]
            report = validate_again(office, document)
            found = {
                "indication": report.indication.value,
                "sub_indication": report.sub_indication and report.sub_indication.value,
                "passed": report.passed,
                "proven": any(one.proven_time is not None for one in report.signatures[:1]),
                "evidence": document.evidence is not None,
            }
            assert found == {name: each[name] for name in found}, each["place"]


def test_each_attachment_has_its_bytes(evolved: KeptSite) -> None:
    with evolved.opened() as (_office, site):
        found = Counter(
            (case.reference, each.name, sha256(each.data).hexdigest())
            for case in site.cases.values()
            for each in case.attachments
        )
    expected = evolved.manifest["attachments"]
    assert found == Counter((each["case"], each["name"], each["sha256"]) for each in expected)


def case_facts(case: Case) -> dict[str, object]:
    return {
        "reference": case.reference,
        "service": case.service,
        "action": case.action,
        "channel": case.channel,
        "state": case.state.value,
        "number": case.number,
        "deadline": case.deadline and case.deadline.isoformat(),
        "journal": [f"{entry.step} {entry.event or ''}".strip() for entry in case.journal],
    }


def test_each_case_has_its_state_and_its_journal(evolved: KeptSite) -> None:
    with evolved.opened() as (_office, site):
        assert [case_facts(case) for case in site.cases.values()] == evolved.manifest["cases"]


def test_each_licence_has_its_state_and_its_events(evolved: KeptSite) -> None:
    with evolved.opened() as (office, site):

        def facts(licence: Licence) -> dict[str, object]:
            state = licence.state_on(office.today())
            return {
                "number": licence.number,
                "holder": licence.holder,
                "state": state and state.value,
                "events": [f"{event.change.value} {event.on}" for event in licence.events],
            }

        assert [facts(licence) for licence in site.licences.values()] == evolved.manifest["licences"]


def test_the_indexes_and_statistics_follow_from_the_objects(evolved: KeptSite) -> None:
    with evolved.opened() as (office, site):
        assert site.index_differences() == []
        assert count_differences(office.calendar, site) == []
        cases = list(site.cases.values())
        assert all(site.cases.by_id(case.id) is case for case in cases)
        assert all(site.cases.by_number(case.number) is case for case in cases if case.number)
        payments = [case for case in cases if case.payment]
        assert all(site.cases.by_payment(case.payment.reference) is case for case in payments if case.payment)


def test_messages_and_signings_are_still_waiting(evolved: KeptSite) -> None:
    with evolved.opened() as (_office, site):
        waiting = {kind: len(list(site.outbox.waiting(kind))) for kind in evolved.manifest["outbox"]}
        assert waiting == evolved.manifest["outbox"]
        assert len(site.outbox) == sum(waiting.values())
        signings = [site.signings[token] for token in evolved.manifest["signings"]]
        assert all(each.__parent__ is site.signings for each in signings)


def test_what_was_renamed_is_still_there(evolved: KeptSite) -> None:
    with evolved.opened() as (_office, site):
        assert any(case.notified for case in site.cases.values())
        assert len(site.evidence._values._values) > 100
