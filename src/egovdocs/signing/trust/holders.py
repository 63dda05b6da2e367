"""The holder of a certificate, as the National Certification Authority (НУЦ РК) writes it.

Identifiers are recognised by their shape only: the authority's own test certificates carry numbers with a
wrong check digit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from cryptography import x509
from cryptography.x509.oid import ExtensionOID, NameOID

from .certificates import format_name


class Role(Enum):
    """A role of the holder: an extended key usage of the National Certification Authority."""

    NATURAL_PERSON = "1.2.398.3.3.4.1.1"
    LEGAL_ENTITY = "1.2.398.3.3.4.1.2"
    FIRST_HEAD = "1.2.398.3.3.4.1.2.1"
    RIGHT_TO_SIGN = "1.2.398.3.3.4.1.2.2"
    FINANCIAL_RIGHT = "1.2.398.3.3.4.1.2.3"
    HR = "1.2.398.3.3.4.1.2.4"
    EMPLOYEE = "1.2.398.3.3.4.1.2.5"
    INFORMATION_SYSTEM = "1.2.398.3.3.4.1.2.6"


MAY_SIGN_OUTCOMES = frozenset({Role.FIRST_HEAD, Role.RIGHT_TO_SIGN})
"""A licence or a refusal is signed only with a key that has one of these roles."""


@dataclass(frozen=True)
class Holder:
    """The person, organisation or information system named in a certificate; empty strings for what is not
    there.
    """

    subject: str
    common_name: str = ""
    surname: str = ""
    patronymic: str = ""
    iin: str = ""
    bin: str = ""
    organisation: str = ""
    roles: frozenset[Role] = frozenset()

    @property
    def name(self) -> str:
        """The full name: common name and patronymic, which are separate attributes of the certificate."""
        return " ".join(part for part in (self.common_name, self.patronymic) if part)

    @property
    def identifier(self) -> str:
        """The BIN of an organisation's certificate, else the person's IIN."""
        return self.bin or self.iin


def holder(certificate: x509.Certificate) -> Holder:
    """Read the holder from the certificate's subject and roles (RFC 5280, 4.1.2.6, as НУЦ РК fills it in).

    Certificates of other authorities give what they have; none is refused.
    """
    subject = certificate.subject
    serial_numbers = _values(subject, NameOID.SERIAL_NUMBER)
    units = _values(subject, NameOID.ORGANIZATIONAL_UNIT_NAME)
    return Holder(
        subject=format_name(subject),
        common_name=_first(subject, NameOID.COMMON_NAME),
        surname=_first(subject, NameOID.SURNAME),
        patronymic=_first(subject, NameOID.GIVEN_NAME),
        iin=_number("IIN", serial_numbers),
        bin=_number("BIN", [*units, *serial_numbers]),
        organisation=_first(subject, NameOID.ORGANIZATION_NAME),
        roles=_roles(certificate),
    )


def _values(name: x509.Name, oid: x509.ObjectIdentifier) -> list[str]:
    return [str(attribute.value) for attribute in name.get_attributes_for_oid(oid)]


def _first(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    return next(iter(_values(name, oid)), "")


def _number(prefix: str, values: Iterable[str]) -> str:
    found = (re.fullmatch(rf"{prefix}([0-9]{{12}})", value) for value in values)
    return next((match[1] for match in found if match), "")


def _roles(certificate: x509.Certificate) -> frozenset[Role]:
    try:
        usages = certificate.extensions.get_extension_for_oid(ExtensionOID.EXTENDED_KEY_USAGE).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return frozenset()
    assert isinstance(usages, x509.ExtendedKeyUsage)
    known = {role.value for role in Role}
    return frozenset(Role(usage.dotted_string) for usage in usages if usage.dotted_string in known)
