"""Requests that a centre's own system hands in through the gateway (P6 and P7 of table A3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from lxml import etree
from tests.centre import KINDS, scans_of, values_of
from tests.factories import ANOTHER, APPLICANT, COMPANY, PAGES, PROVIDER, png
from tests.worlds import CaseWorld, steps, together

from egovdocs.casework.errors import Mistake, Problems, Refusal, TryLater
from egovdocs.casework.requests.hand_in_request import hand_in_request
from egovdocs.casework.review.review_case import claim_case
from egovdocs.casework.signatures.read_document import read_document
from egovdocs.casework.verification.examine_document import Verdict, examine_document
from egovdocs.casework.visitors.answer_state_query import answer_state_query, find_outcome
from egovdocs.content import Case, CaseState
from egovdocs.integrations.centres import state_query_messages
from egovdocs.integrations.centres.hand_in_messages import Scan
from egovdocs.integrations.external_system_errors import ExternalSystemUnavailable
from egovdocs.integrations.gateway.xmlutil import UnexpectedStructure
from egovdocs.sandbox.authority import IssuedKey
from egovdocs.signing import ValidationPolicy

CENTRE, OTHER_CENTRE = "131040001006", "150940000884"
NAME = "Иванова Анна Петровна"
RCP = "{urn:egovdocs:receipt:1}"


@pytest.fixture
def world(world: CaseWorld, register_entries: None) -> CaseWorld:
    world.staff("operator", "operator", provider=CENTRE, iin=ANOTHER)
    return world


def scans() -> list[Scan]:
    return scans_of(png())


def values(**changed: Any) -> dict[str, Any]:
    """What the request of a visitor says; a value of None leaves it out."""
    said = values_of("con-2026-000001", APPLICANT, NAME, PAGES, ("Operator", CENTRE), scans())
    return {name: value for name, value in (said | changed).items() if value is not None}


def operator_key(world: CaseWorld, bin: str = CENTRE, iin: str = ANOTHER) -> IssuedKey:
    return world.keys.employee("ОПЕРАТОРОВ ОЛЖАС", bin, iin=iin)


def written(world: CaseWorld, **changed: Any) -> bytes:
    """A request as the centre's system writes it, without asking whether it is in order."""
    return build(world, values(**changed))


def build(world: CaseWorld, said: dict[str, Any]) -> bytes:
    request = world.office.service("medical-licence").request
    root = etree.Element(request.tag, nsmap={"q": request.namespace})

    def append(parent: etree._Element, told: dict[str, Any], fields: Any) -> None:
        for field in fields:
            found = told.get(field.name)
            for value in found if isinstance(found, list) else [] if found is None else [found]:
                child = etree.SubElement(parent, f"{{{request.namespace}}}{field.name}")
                if isinstance(value, dict):
                    append(child, value, field.children)
                else:
                    child.text = str(value).lower() if isinstance(value, bool) else str(value)

    append(root, said, request.fields)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def signed(world: CaseWorld, key: IssuedKey | None = None, **changed: Any) -> bytes:
    return world.signed(written(world, **changed), key or operator_key(world))


def hand_in(world: CaseWorld, document: bytes, files: list[Scan] | None = None) -> Case:
    sent = world.clock() - timedelta(seconds=20)
    return hand_in_request(world.office, world.site, document, scans() if files is None else files, sent)


def refused(world: CaseWorld, no: type[Exception], match: str, document: bytes, *files: list[Scan]) -> None:
    """Handing in is refused, and nothing of it stays."""
    with pytest.raises(no, match=match):
        hand_in(world, document, *files)
    world.commit()
    assert list(world.site["cases"]) == []
    assert world.site.counters == {}


def test_from_the_centres_system_to_the_queue(world: CaseWorld) -> None:
    document = signed(world)
    case = hand_in(world, document)
    assert steps(case.journal) == "P6 P7 (C2)"
    sent = case.journal[0]
    assert (sent.actor, sent.unit) == ("operator", "operator")
    assert sent.ended is not None
    assert sent.ended - sent.started == timedelta(seconds=20)
    assert "в системе ЦОН" in sent.note
    assert case.state is CaseState.REGISTERED
    assert case.documents["request"].data == document
    assert (case.account, case.received_by, case.applicant) == ("operator", CENTRE, APPLICANT)
    assert [file.kind for file in case.attachments] == list(KINDS)
    assert [file.data for file in case.attachments] == [scan.data for scan in scans()]
    assert case.papers == KINDS
    assert list(world.site["cases"].queue(PROVIDER)) == [case]
    assert list(world.site["cases"].of_applicant(APPLICANT)) == [case]
    receipt = etree.fromstring(read_document(case, "receipt"))
    assert receipt.findtext(f"{RCP}number") == case.number
    assert receipt.findtext(f"{RCP}requestSha256") == sha256(document).hexdigest()
    assert world.site.index_differences() == []
    verdict = examine_document(world.office, world.site, document).verdict
    assert verdict is Verdict.GENUINE


def test_an_organisation_and_who_acts_for_it(world: CaseWorld) -> None:
    applicant = {"kind": "legal", "identifier": COMPANY, "name": "«шипа»  жшс", **PAGES["applicant"]}
    acting = {"iin": ANOTHER, "name": "Ахметов Бауыржан", "power": "2026-1"}
    case = hand_in(world, signed(world, applicant=applicant, representative=acting))
    assert case.values["representative"] == acting
    refused_power = signed(
        world, applicant=applicant, representative=acting | {"power": "2025-1"}, reference="con-2026-000002"
    )
    with pytest.raises(Refusal, match=r"P4: .*not in force"):
        hand_in(world, refused_power)


# Once, however often it comes


def test_sent_again_it_has_the_same_number(world: CaseWorld) -> None:
    document = signed(world)
    first = hand_in(world, document)
    number, receipt = first.number, first.documents["receipt"].data
    world.tick()
    gone = replace(world.office, registers=lambda site: Broken(), policy=lambda: None)
    again = hand_in_request(gone, world.site, document, [], world.clock())
    assert (again.number, again.documents["receipt"].data) == (number, receipt)
    assert list(world.site["cases"]) == [first.reference]


def test_sent_again_after_its_key_was_forgotten(world: CaseWorld) -> None:
    document = signed(world)
    number = hand_in(world, document).number
    world.site.idempotency._items.clear()
    world.commit()
    assert hand_in(world, document).number == number


def test_sent_twice_at_the_same_time(world: CaseWorld, connect: Callable[[], CaseWorld]) -> None:
    document = signed(world)
    worlds = [connect() for _ in range(4)]
    numbers = together(worlds, lambda one: hand_in(one, document).number or "")
    assert len(set(numbers)) == 1
    assert numbers[0].startswith("2026-000001-")
    world.commit()
    assert len(list(world.site["cases"])) == 1
    assert world.site.index_differences() == []


def test_another_document_of_the_same_reference(world: CaseWorld) -> None:
    case = hand_in(world, signed(world))
    changed = {**PAGES["contacts"], "phone": "+7 701 000 00 09"}
    with pytest.raises(Mistake, match="belongs to another document"):
        hand_in(world, signed(world, contacts=changed))
    assert list(world.site["cases"]) == [case.reference]


def test_a_reference_of_the_site_itself_is_taken(world: CaseWorld) -> None:
    draft = world.draft(world.register(world.keys.applicant))
    with pytest.raises(Mistake, match="belongs to another document"):
        hand_in(world, signed(world, reference=draft.reference))
    assert draft.number is None


# The regulation's refusal, and registers that give no answer


class Broken:
    """Registers that give no answer."""

    def person(self, iin: str) -> None:
        raise ExternalSystemUnavailable("down")

    entity = person

    def power_of_attorney(self, number: str, principal: str, representative: str) -> None:
        raise ExternalSystemUnavailable("down")


def test_p4_nobody_of_that_number(world: CaseWorld) -> None:
    unknown = {"kind": "natural", "identifier": "930609350794", "name": "Никто", **PAGES["applicant"]}
    refused(world, Refusal, "P4: .*has nobody", signed(world, applicant=unknown))


def test_registers_that_give_no_answer(world: CaseWorld) -> None:
    document, office = signed(world), world.office
    world.office = replace(office, registers=lambda site: Broken())
    refused(world, TryLater, "cannot be reached", document)
    world.office = office
    assert hand_in(world, document).number


def test_no_fresh_revocation_list(world: CaseWorld) -> None:
    document, office = signed(world), world.office
    trust = office.policy().trust
    bare = ValidationPolicy(trust=type(trust).load([world.keys.root.certificate]))
    world.office = replace(office, policy=lambda: bare)
    refused(world, TryLater, "revocation list", document)


# Who signs


def test_only_an_operator_known_here_signs(world: CaseWorld) -> None:
    world.staff("officer", "officer", provider=PROVIDER, iin=ANOTHER)
    world.staff("nameless", "operator", provider=OTHER_CENTRE)
    elsewhere = {**values()["reception"], "bin": OTHER_CENTRE}
    for key, reception in (
        (world.keys.applicant, None),
        (world.keys.clerk, None),
        (operator_key(world, CENTRE, APPLICANT), None),
        (operator_key(world, OTHER_CENTRE), elsewhere),
        (world.keys.seal, None),
    ):
        told = {"reception": reception} if reception else {}
        refused(world, Mistake, "No operator", signed(world, key, **told))
    refused(world, Mistake, "trusted", signed(world, world.keys.stranger))
    refused(world, Mistake, "not belong to the organisation", signed(world, reception=elsewhere))
    colleague = {**values()["reception"], "name": "Другой"}
    refused(world, Mistake, "signed by somebody else", signed(world, reception=colleague))


def test_what_is_not_signed_or_was_changed_since(world: CaseWorld) -> None:
    once = signed(world)
    for document, said in (
        (written(world), "signature"),
        (b"no xml", "well-formed"),
        (b"", "well-formed"),
        (once.replace(b"?>", b"?><!DOCTYPE q:request>", 1), "DOCTYPE"),
        *(
            (once.replace(told, b"77", 1), "changed since")
            for told in (b"+7 729", b"premises.png", b"therapy")
        ),
    ):
        refused(world, Mistake, said, document)


# What it says


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"contacts": None}, "contacts/phone|contacts"),
        ({"contacts": {"phone": "1", "email": "x"}}, "contacts/"),
        ({"reference": "short"}, "reference"),
        ({"service": "nothing"}, ""),
        ({"service": "clinic-attachment"}, ""),
        ({"action": "sell", "activities": None, "sites": None}, "action"),
        ({"channel": "provider"}, ""),
        ({"channel": "portal"}, ""),
        ({"reception": None}, "reception"),
        ({"papers": None}, "papers"),
        ({"papers": {"paper": [*KINDS, "passport"]}}, "papers"),
        ({"attachments": None, "papers": {"paper": list(KINDS)}}, "attachments"),
        (
            {
                "payment": {
                    "reference": "P",
                    "amount": "1",
                    "currency": "KZT",
                    "paidAt": "2026-06-01T05:00:00Z",
                }
            },
            "payment",
        ),
        ({"applicant": {**values()["applicant"], "identifier": "680503250035"}}, "applicant/identifier"),
        ({"applicant": {**values()["applicant"], "kind": "legal"}}, "applicant/identifier"),
        ({"applicant": {**values()["applicant"], "name": "Петрова Анна"}}, "applicant/name"),
        (
            {
                "action": "duplicate",
                "activities": None,
                "sites": None,
                "duplicate": {"licence": "KZ58MED00000123", "reason": "lost"},
                "attachments": {"attachment": values()["attachments"]["attachment"][-1:]},
                "papers": {"paper": ["fee-receipt"]},
            },
            "duplicate/licence",
        ),
    ],
)
def test_what_is_wrong_is_told_by_its_field(world: CaseWorld, changed: dict[str, Any], path: str) -> None:
    files = scans()[-1:] if changed.get("action") == "duplicate" else scans()
    with pytest.raises(Mistake) as told:
        hand_in(world, signed(world, **changed), files)
    if path:
        assert isinstance(told.value, Problems)
        assert any(one.path.startswith(tuple(path.split("|"))) for one in told.value.problems)
    world.commit()
    assert list(world.site["cases"]) == []


def test_files_are_those_that_the_request_names(world: CaseWorld) -> None:
    document, files = signed(world), scans()
    refused(world, Mistake, "no file has its SHA-256", document, files[1:])
    refused(world, Mistake, "no file has its SHA-256", document, [Scan("premises.png", b"x"), *files[1:]])
    refused(world, Mistake, "does not name this file", document, [*files, Scan("extra.png", png())])
    assert hand_in(world, document, files[::-1]).number


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"size": 7}, "states another"),
        ({"mediaType": "image/jpeg"}, "states another"),
        ({"name": "../premises.png"}, "states another"),
        ({"name": "premises.pdf"}, "states another"),
    ],
)
def test_a_file_that_is_not_what_the_request_says(
    world: CaseWorld, changed: dict[str, Any], said: str
) -> None:
    first, *rest = values()["attachments"]["attachment"]
    refused(world, Mistake, said, signed(world, attachments={"attachment": [first | changed, *rest]}))


def test_a_file_of_no_kind_that_is_taken(world: CaseWorld) -> None:
    program = b"MZ" + bytes(200)
    first, *rest = values()["attachments"]["attachment"]
    named = first | {"size": len(program), "sha256": sha256(program).hexdigest()}
    document = signed(world, attachments={"attachment": [named, *rest]})
    refused(world, Mistake, "not a complete file", document, [Scan("premises.png", program), *scans()[1:]])


# Where it stands


def asked(
    world: CaseWorld, number: str | None, key: IssuedKey | None = None, centre: str = CENTRE, **more: bool
) -> Case:
    question = state_query_messages.StateQuery(centre=centre, number=number or "", **more)
    document = world.signed(state_query_messages.build_query(question), key or operator_key(world))
    return answer_state_query(world.office, world.site, document)


def answered(world: CaseWorld) -> Case:
    """A request that the provider has granted."""
    case = hand_in(world, signed(world))
    signatory = world.staff("signatory", "officer", "signatory", iin=ANOTHER)
    claim_case(world.office, world.site, case, signatory)
    world.grant(case, signatory)
    world.tick()
    return world.issue(case, signatory)


def test_the_centre_learns_where_its_request_stands(world: CaseWorld) -> None:
    case = hand_in(world, signed(world))
    assert asked(world, case.number) is case
    assert find_outcome(case) is None
    with pytest.raises(Mistake, match="no outcome"):
        asked(world, case.number, handed_over=True)


def test_the_outcome_and_that_it_was_handed_over(world: CaseWorld) -> None:
    case = answered(world)
    assert asked(world, case.number) is case
    outcome = find_outcome(case)
    assert outcome is case.documents["outcome"]
    assert case.handed_out is None
    assert list(world.site["cases"].to_hand_out(CENTRE)) == [case]
    asked(world, case.number, handed_over=True)
    assert case.handed_out is not None
    assert case.handed_out.by == "operator"
    first = case.handed_out
    world.tick()
    assert asked(world, case.number, handed_over=True).handed_out == first
    assert list(world.site["cases"].to_hand_out(CENTRE)) == []


def test_nobody_else_learns_anything(world: CaseWorld) -> None:
    case = answered(world)
    other = operator_key(world, OTHER_CENTRE)
    with pytest.raises(Mistake, match="No request of this number"):
        asked(world, case.number, other, OTHER_CENTRE)
    with pytest.raises(Mistake, match="a key of the centre that sends"):
        asked(world, case.number, other)
    with pytest.raises(Mistake, match="No request of this number"):
        asked(world, "2026-000009-00")
    with pytest.raises(Mistake, match="No operator"):
        asked(world, case.number, operator_key(world, iin=APPLICANT), handed_over=True)
    question = state_query_messages.build_query(
        state_query_messages.StateQuery(centre=CENTRE, number=case.number or "")
    )
    with pytest.raises(Mistake, match="signature"):
        answer_state_query(world.office, world.site, question)
    with pytest.raises(UnexpectedStructure):
        answer_state_query(world.office, world.site, signed(world))
    assert case.handed_out is None
