"""What is stored does not depend on the interpreter: databases move between the Pythons supported."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum

import pytest
from zodbpickle import pickle

from egovdocs.content import CaseState, LicenceChange, LicenceState, Payment
from egovdocs.content.site_database import GUARD
from egovdocs.content.stored_classes import STORED_CLASSES
from egovdocs.content.stored_enum import StoredEnum

MEMBERS = [*CaseState, *LicenceState, *LicenceChange]


def octets(value: object) -> bytes:
    """A value as ZODB writes it: protocol 3."""
    data: bytes = pickle.dumps(value, 3)
    return data


def named(kind: type) -> bytes:
    """The opcode that names a class."""
    return f"c{kind.__module__}\n{kind.__qualname__}\n".encode()


@pytest.mark.parametrize("member", MEMBERS, ids=repr)
def test_a_member_is_stored_as_class_and_value(member: StoredEnum) -> None:
    """The octets that Python 3.11.7 wrote in version 0.1.0, with every Python."""
    value = member.value.encode()
    text = b"X" + len(value).to_bytes(4, "little") + value
    assert octets(member) == b"\x80\x03" + named(type(member)) + b"q\x00" + text + b"q\x01\x85q\x02Rq\x03."


def test_other_values_are_stored_as_fixed() -> None:
    moment = datetime(2026, 3, 2, 9, 30, 15, tzinfo=UTC)
    payment = Payment(
        reference="r", amount=Decimal("3932"), currency="KZT", started_at=moment, paid_at=moment
    )
    stored = octets([payment, date(2026, 3, 2), timedelta(hours=5), frozenset({"a"}), {"b"}])
    assert stored == b"\x80\x03]q\x00(" + named(Payment) + bytes.fromhex(WITHOUT_PAYMENTS_NAME)


WITHOUT_PAYMENTS_NAME = (
    "7101298171025d710328580100000072710463646563696d616c0a446563696d616c0a71055804000000333933327106"
    "85710752710858030000004b5a547109636461746574696d650a6461746574696d650a710a430a07ea0302091e0f0000"
    "00710b636461746574696d650a74696d657a6f6e650a710c636461746574696d650a74696d6564656c74610a710d4b00"
    "4b004b0087710e52710f85711052711186711252711368134e4e6562636461746574696d650a646174650a7114430407"
    "ea03027115857116527117680d4b004d50464b00877118527119636275696c74696e730a66726f7a656e7365740a711a"
    "5d711b580100000061711c6185711d52711e636275696c74696e730a7365740a711f5d71205801000000627121618571"
    "22527123652e"
)


def test_every_stored_enumeration_has_the_base() -> None:
    enumerations = [kept for kept in STORED_CLASSES if issubclass(kept, Enum)]
    assert enumerations
    assert [kept for kept in enumerations if not issubclass(kept, StoredEnum)] == []


def test_a_stored_member_is_accepted() -> None:
    GUARD.check(octets(CaseState) + octets({"state": CaseState.DRAFT}))
    assert GUARD.find("egovdocs.content.case_state", "CaseState") is CaseState
