"""A licence is suspended, resumed and terminated by signed orders, one at a time."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.worlds import CaseWorld, together

from egovdocs.casework.errors import Decided, Mistake
from egovdocs.casework.notices.notify_applicant import write_of_order
from egovdocs.casework.outcomes.order_licence import offer_order
from egovdocs.casework.signatures.read_document import read_document
from egovdocs.casework.signatures.sign_document import upload_signed
from egovdocs.casework.verification.examine_document import Verdict, examine_document
from egovdocs.content import Account, Licence, LicenceChange, LicenceEvent, LicenceState, Signing
from egovdocs.i18n import LANGUAGES
from egovdocs.schemas import load_common

GROUNDS = {kind: grounds[0].code for kind, grounds in load_common().newest.order_grounds.items()}
TODAY = date(2026, 6, 1)


@pytest.fixture
def signatory(world: CaseWorld) -> Account:
    return world.staff("signatory", "officer", "signatory")


@pytest.fixture
def licence(world: CaseWorld, signatory: Account) -> Licence:
    case = world.granted(signatory)
    world.issue(case, signatory)
    found: Licence = world.site["licences"][case.licence]
    return found


def offer(world: CaseWorld, licence: Licence, signatory: Account, kind: str, **changed: Any) -> Signing:
    facts = {"ground": GROUNDS[kind], "reason": "Проверка № 7.", "effective_from": world.office.today()}
    return offer_order(world.office, world.site, licence, signatory, kind, **{**facts, **changed})


def order(world: CaseWorld, licence: Licence, signatory: Account, kind: str, **changed: Any) -> str:
    world.sign(offer(world, licence, signatory, kind, **changed), world.keys.signatory)
    world.tick()
    return licence.events[-1].document


def test_suspended_resumed_terminated(world: CaseWorld, licence: Licence, signatory: Account) -> None:
    numbers = []
    for kind, state in (
        ("suspension", LicenceState.SUSPENDED),
        ("resumption", LicenceState.ISSUED),
        ("termination", LicenceState.TERMINATED),
    ):
        world.clock.now += timedelta(days=1)
        numbers.append(order(world, licence, signatory, kind))
        assert licence.state is state
        assert licence.events[-1].ground == GROUNDS[kind]
    assert len(set(numbers)) == 3
    assert set(licence.documents) == set(numbers)
    assert [licence.state_on(TODAY + timedelta(days=n)) for n in range(4)] == [
        LicenceState.ISSUED,
        LicenceState.SUSPENDED,
        LicenceState.ISSUED,
        LicenceState.TERMINATED,
    ]
    assert [(e.step, e.actor, e.note) for e in licence.journal] == [
        ("suspension", "signatory", numbers[0]),
        ("resumption", "signatory", numbers[1]),
        ("termination", "signatory", numbers[2]),
    ]
    assert world.site.index_differences() == []
    for kind in GROUNDS:
        with pytest.raises(Decided):
            offer(world, licence, signatory, kind)


@pytest.mark.parametrize("kind", GROUNDS)
def test_the_licensee_is_told_of_an_order_in_each_language(
    world: CaseWorld, licence: Licence, kind: str
) -> None:
    texts = {
        language: write_of_order(world.office, licence, kind, "2026-000001-59", TODAY, language)
        for language in LANGUAGES
    }
    assert len(set(texts.values())) == len(LANGUAGES)
    for subject, text in texts.values():
        assert licence.number in subject
        assert f"/licences/{licence.number}/orders/2026-000001-59" in text
        assert "${" not in subject + text
        assert licence.holder not in subject + text
        assert licence.holder_name not in subject + text


def test_each_order_is_told_once(world: CaseWorld, licence: Licence, signatory: Account) -> None:
    def letters() -> list[dict[str, Any]]:
        return [
            each.data for each in world.site.outbox.waiting("notice") if "Лицензия" in each.data["subject"]
        ]

    number = order(world, licence, signatory, "suspension", effective_from=TODAY + timedelta(days=3))
    (letter,) = letters()
    assert letter["to"] == "ivanova@example.kz", "the address that was signed"
    assert letter["subject"] == f"Лицензия {licence.number}: приостановлена"
    assert "4 июня 2026" in letter["text"]
    assert number in letter["text"]
    assert "Проверка" not in letter["text"]
    world.site["accounts"][licence.holder].notices = False
    world.commit()
    world.clock.now += timedelta(days=4)
    order(world, licence, signatory, "resumption")
    assert letters() == [letter]
    world.site["accounts"][licence.holder].notices = True
    world.commit()
    for kind in ("suspension", "resumption"):
        order(world, licence, signatory, kind)
    assert len(letters()) == 3, "suspended twice, told twice"


def test_the_order_names_the_licence_the_ground_and_who_signs(
    world: CaseWorld, licence: Licence, signatory: Account
) -> None:
    number = order(
        world, licence, signatory, "suspension", ground="court-decision", reason="  Постановление. "
    )
    content = world.office.common_edition().document_types["order"].read(read_document(licence, number))
    kept = world.site["cases"][licence.case].documents["outcome"]
    assert content["licence"] == {"number": licence.number, "sha256": kept.sha256}
    assert content["holder"]["identifier"] == licence.holder
    assert content["ground"]["code"] == "court-decision"
    assert content["reason"] == "Постановление."
    assert content["signatory"]["name"] == signatory.name
    assert (content["number"], content["date"], content["effectiveFrom"]) == (
        number,
        "2026-06-01",
        "2026-06-01",
    )


def test_an_order_verifies_and_a_strangers_does_not(
    world: CaseWorld, licence: Licence, signatory: Account
) -> None:
    signing = offer(world, licence, signatory, "suspension")
    forged = world.signed(signing.document, world.keys.foreign_signatory)
    unfinished = world.signed(signing.document, world.keys.signatory)
    assert examine_document(world.office, world.site, unfinished).verdict is Verdict.NOT_OURS
    upload_signed(world.office, world.site, signing, unfinished)
    kept = licence.documents[licence.events[-1].document]
    assert kept.data == unfinished
    finding = examine_document(world.office, world.site, kept.data)
    assert (finding.verdict, finding.licence) == (Verdict.GENUINE, None)
    assert examine_document(world.office, world.site, forged).verdict is Verdict.NOT_OURS
    broken = kept.data.replace(b"suspension", b"resumption")
    assert examine_document(world.office, world.site, broken).verdict is Verdict.BROKEN


@pytest.mark.parametrize("key", ["clerk", "foreign_signatory", "applicant", "stranger"])
def test_only_the_providers_signatory_signs(
    world: CaseWorld, licence: Licence, signatory: Account, key: str
) -> None:
    signing, wrong = offer(world, licence, signatory, "suspension"), getattr(world.keys, key)
    with pytest.raises(Mistake):
        world.sign(signing, wrong)
    with pytest.raises(Mistake):
        upload_signed(world.office, world.site, signing, world.signed(signing.document, wrong))
    assert licence.state is LicenceState.ISSUED
    assert not licence.documents


def test_only_a_signatory_of_the_provider_orders(world: CaseWorld, licence: Licence) -> None:
    for account in (
        world.staff("officer", "officer"),
        world.staff("foreign", "signatory", provider="070941024691"),
        world.site["accounts"][licence.holder],
    ):
        with pytest.raises(Mistake):
            offer(world, licence, account, "suspension")


@pytest.mark.parametrize(
    "wrong",
    [
        {"ground": "activity-ended"},  # of another kind
        {"ground": ""},
        {"reason": "  "},
        {"reason": "я" * 4001},
        {"reason": "\x00"},
        {"effective_from": TODAY - timedelta(days=1)},
        {"effective_from": TODAY + timedelta(days=367)},
    ],
)
def test_what_an_order_lacks(
    world: CaseWorld, licence: Licence, signatory: Account, wrong: dict[str, Any]
) -> None:
    with pytest.raises(Mistake):
        offer(world, licence, signatory, "suspension", **wrong)
    assert licence.pending is None


def test_no_order_of_an_unknown_kind(world: CaseWorld, licence: Licence, signatory: Account) -> None:
    with pytest.raises(Mistake):
        offer_order(world.office, world.site, licence, signatory, "sale", "x", "Так.", TODAY)


def test_only_what_was_offered(world: CaseWorld, licence: Licence, signatory: Account) -> None:
    signing = offer(world, licence, signatory, "suspension")
    other = signing.document.replace(b"requirements-not-met", b"violations-found")
    assert other != signing.document
    with pytest.raises(Mistake, match="not the one"):
        upload_signed(world.office, world.site, signing, world.signed(other, world.keys.signatory))


def test_one_at_a_time(world: CaseWorld, licence: Licence, signatory: Account) -> None:
    first = offer(world, licence, signatory, "suspension")
    second = offer(world, licence, signatory, "termination")
    numbers = {
        world.office.common_edition().document_types["order"].read(one.document)["number"]
        for one in (first, second)
    }
    assert len(numbers) == 1, "an order that was not signed gives its number to the next"
    with pytest.raises(Decided):
        world.sign(first, world.keys.signatory)
    world.sign(second, world.keys.signatory)
    assert licence.state is LicenceState.TERMINATED
    assert [event.change for event in licence.events] == ["issued", "terminated"]


def test_sent_twice_it_happens_once(world: CaseWorld, licence: Licence, signatory: Account) -> None:
    signing = offer(world, licence, signatory, "suspension")
    signed = world.signed(signing.document, world.keys.signatory)
    for _ in range(2):
        assert upload_signed(world.office, world.site, signing, signed) is licence
    assert len(licence.events) == 2
    assert len(licence.journal) == 1


def test_two_at_the_same_moment(world: CaseWorld, licence: Licence, signatory: Account, connect: Any) -> None:
    token = offer(world, licence, signatory, "suspension").token
    signed = world.signed(world.site["signings"][token].document, world.keys.signatory)
    world.commit()

    def send(other: CaseWorld) -> str:
        result = upload_signed(other.office, other.site, other.site["signings"][token], signed)
        return result.number

    assert together([connect() for _ in range(3)], send) == [licence.number] * 3
    world.commit()
    assert len(licence.events) == 2


def test_an_order_for_a_later_day(world: CaseWorld, licence: Licence, signatory: Account) -> None:
    later = TODAY + timedelta(days=10)
    order(world, licence, signatory, "suspension", effective_from=later)
    assert licence.in_force(TODAY)
    assert not licence.in_force(later)
    with pytest.raises(Decided):
        offer(world, licence, signatory, "resumption")
    world.clock.now += timedelta(days=10)
    order(world, licence, signatory, "resumption")
    assert licence.in_force(later)


def test_an_order_is_signed_on_the_day_of_its_date(
    world: CaseWorld, licence: Licence, signatory: Account
) -> None:
    world.clock.now = world.clock.now.replace(hour=18, minute=45)  # 23:45 in Aqtau
    signing = offer(world, licence, signatory, "suspension")
    world.clock.now += timedelta(minutes=30)
    with pytest.raises(Decided, match="on the day"):
        world.sign(signing, world.keys.signatory)


def test_what_is_replaced_while_an_order_is_offered(
    world: CaseWorld, licence: Licence, signatory: Account
) -> None:
    signing = offer(world, licence, signatory, "suspension")
    licence.record(LicenceEvent(change=LicenceChange.REISSUED, on=TODAY, document="KZ00LAM00000001"))
    world.commit()
    with pytest.raises(Decided):
        world.sign(signing, world.keys.signatory)
