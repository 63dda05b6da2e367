"""The systems around us: a port for each, and a default embedded in the site."""

from egovdocs.registers.numbering import EmbeddedLicenceNumbering, LicenceNumbering
from egovdocs.registers.payments import (
    EmbeddedBank,
    EmbeddedGateway,
    ForgedNotice,
    PaymentGateway,
    PaymentNotice,
    WrongPayment,
    settle,
)
from egovdocs.registers.people import CsvError, EmbeddedRegisters, EntitiesRegister, PersonsRegister

__all__ = [
    "CsvError",
    "EmbeddedBank",
    "EmbeddedGateway",
    "EmbeddedLicenceNumbering",
    "EmbeddedRegisters",
    "EntitiesRegister",
    "ForgedNotice",
    "LicenceNumbering",
    "PaymentGateway",
    "PaymentNotice",
    "PersonsRegister",
    "WrongPayment",
    "settle",
]
