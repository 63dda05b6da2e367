"""A request that a centre's own system made: signed by its operator, with no draft here (table A3, P6)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

import pytest
from tests.casework.conftest import ANOTHER, APPLICANT, COMPANY, PAGES, World, png, steps
from tests.casework.test_receive_visitor import CENTRE, UNKNOWN, Broken, key_of

from egovdocs import casework
from egovdocs.casework import Mistake, Problems, Refusal
from egovdocs.content import Account, Case, CaseState
from egovdocs.registers import RegisterUnavailable
from egovdocs.signing.authority import IssuedKey

pytestmark = pytest.mark.usefixtures("register_entries")

KINDS = ("premises", "sanitary-conclusion", "equipment", "staff", "fee-receipt")


@dataclass
class Message:
    """What a centre's system sends."""

    world: World
    operator: Account
    values: dict[str, Any] = field(default_factory=dict)
    files: list[bytes] = field(default_factory=lambda: [png()])
    key: IssuedKey | None = None

    def signed(self) -> bytes:
        file = png()
        attachment = {"mediaType": "image/png", "size": len(file), "sha256": sha256(file).hexdigest()}
        values = {
            "service": "medical-licence",
            "action": "issue",
            "channel": "centre",
            "reference": "centre-000017",
            "language": "ru",
            **PAGES,
            "applicant": {
                "kind": "natural",
                "identifier": APPLICANT,
                "name": "ИВАНОВА АННА ПЕТРОВНА",
                **PAGES["applicant"],
            },
            "attachments": {
                "attachment": [{"kind": kind, "name": f"{kind}.png", **attachment} for kind in KINDS]
            },
            "papers": {"paper": list(KINDS)},
            "reception": {"name": "Operator", "bin": CENTRE, "organisation": "ЦОН города Актау"},
        }
        request = self.world.office.service("medical-licence").request.build(values | self.values)
        # Another program's white space is its own affair.
        request = b"".join(line.strip() for line in request.splitlines())
        return self.world.signed(request, self.key or key_of(self.world, self.operator))

    def send(self, key: str = "message-1", signed: bytes | None = None, **office: Any) -> Case:
        case = casework.hand_in_request(
            replace(self.world.office, **office),
            self.world.site,
            signed or self.signed(),
            self.files,
            key,
        )
        self.world.tick()
        return case


@pytest.fixture
def message(world: World) -> Message:
    operator = world.staff("operator", "operator", provider=CENTRE, iin=ANOTHER)
    operator.organisation = "ЦОН города Актау"
    world.tick()
    return Message(world, operator)


def test_it_is_registered(world: World, message: Message) -> None:
    signed = message.signed()
    case = message.send(signed=signed)
    assert steps(case.journal) == "P2 P3 C1+ P5 P6 P7 (C2)"
    assert (case.state, case.account, case.received_by) == (CaseState.REGISTERED, "operator", CENTRE)
    assert case.documents["request"].data == signed
    assert [(file.kind, file.data) for file in case.attachments] == [(kind, png()) for kind in KINDS]
    assert case.papers == KINDS
    assert list(world.site["cases"].of_applicant(APPLICANT)) == [case]
    verdict = casework.examine_document(world.office, world.site, signed).verdict
    assert verdict is casework.Verdict.GENUINE
    assert world.site.index_differences() == []


def test_sent_again_it_has_one_number(message: Message) -> None:
    signed = message.signed()
    first = message.send(signed=signed)
    number, journal = first.number, list(first.journal)
    for key in ("message-1", "message-2"):
        assert message.send(key, signed=signed).number == number
    assert list(first.journal) == journal
    message.values["contacts"] = {**PAGES["contacts"], "phone": "+7 701 000 00 00"}
    with pytest.raises(Mistake, match="registered already"):
        message.send("message-3")


def test_a_register_without_an_answer_is_asked_again_by_the_next_message(message: Message) -> None:
    with pytest.raises(Mistake, match="cannot be reached"):
        message.send(registers=lambda site: Broken(RegisterUnavailable("down")))
    [case] = message.world.site["cases"].of_account("operator")
    assert steps(case.journal) == "P2 (P3)"
    assert message.send() is case
    assert steps(case.journal) == "P2 P3 C1+ P5 P6 P7 (C2)"


def test_p4_nobody_of_that_number(message: Message) -> None:
    message.values["applicant"] = {
        "kind": "natural",
        "identifier": UNKNOWN,
        "name": "Оспанов Дәурен",
        **PAGES["applicant"],
    }
    with pytest.raises(Refusal, match="P4"):
        message.send()
    [case] = message.world.site["cases"].of_account("operator")
    assert steps(case.journal) == "P2 P3 C1- P4"
    with pytest.raises(Mistake, match="another request"):
        message.send()


def test_a_representative(message: Message) -> None:
    message.values["applicant"] = {
        "kind": "legal",
        "identifier": COMPANY,
        "name": "ТОО «Шипа»",
        **PAGES["applicant"],
    }
    message.values["representative"] = {"iin": ANOTHER, "name": "Ахметов Бауыржан", "power": "2026-1"}
    assert message.send().number is not None


def test_the_name_is_the_registers(message: Message) -> None:
    message.values["applicant"] = {
        "kind": "natural",
        "identifier": APPLICANT,
        "name": "Петрова Анна Ивановна",
        **PAGES["applicant"],
    }
    with pytest.raises(Mistake, match="name is not the one"):
        message.send()


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ([], "is missing"),
        ([b"something else"], "is missing"),
        ([png(), b"something else"], "does not name"),
    ],
)
def test_the_files_are_those_that_were_signed(message: Message, files: list[bytes], reason: str) -> None:
    message.files = files
    with pytest.raises(Mistake, match=reason):
        message.send()
    assert list(message.world.site["cases"].of_account("operator")) == []


def test_a_file_is_what_the_request_says(message: Message) -> None:
    file = b"no picture"
    message.files = [file]
    message.values["attachments"] = {
        "attachment": [
            {
                "kind": kind,
                "name": "a.png",
                "mediaType": "image/png",
                "size": len(file),
                "sha256": sha256(file).hexdigest(),
            }
            for kind in KINDS
        ]
    }
    with pytest.raises(Mistake, match="not as the request says"):
        message.send()
    message.files, message.values = [png()], {}
    with pytest.raises(Mistake, match="too large"):
        message.send(max_file_bytes=10)


def test_who_signs_is_an_operator_of_the_centre(world: World, message: Message) -> None:
    world.staff("officer", "officer", provider=COMPANY, iin=ANOTHER)
    for key in (world.keys.applicant, world.keys.accountant, key_of(world, message.operator, UNKNOWN)):
        message.key = key
        with pytest.raises(Mistake, match="not an operator"):
            message.send()
    message.key = world.keys.stranger
    with pytest.raises(Mistake, match="trusted"):
        message.send()
    message.key = None
    message.values["reception"] = {"name": "Другой", "bin": CENTRE, "organisation": "ЦОН города Актау"}
    with pytest.raises(Mistake, match="another operator"):
        message.send()


def test_what_is_handed_in_is_a_whole_request_by_a_centre(world: World, message: Message) -> None:
    whole = message.signed()
    with pytest.raises(Mistake):
        message.send(signed=whole.replace(b"therapy", b"surgery"))
    signed = world.signed(b"<a/>", key_of(world, message.operator))
    with pytest.raises(Problems):
        message.send(signed=signed)
    message.values["channel"] = "provider"
    with pytest.raises(Mistake, match="may hand in"):
        message.send()


def test_a_reference_is_nobody_elses(world: World, message: Message) -> None:
    draft = world.draft(world.register(world.keys.applicant))
    message.values["reference"] = draft.reference
    with pytest.raises(Mistake, match="another request"):
        message.send()
    assert draft.number is None
