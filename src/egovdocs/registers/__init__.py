"""The systems around us: a port for each, a default embedded in the site, and the way over the gateway."""

from egovdocs.registers.entries import CsvError
from egovdocs.registers.gateway import Fault, Gateway, Sender
from egovdocs.registers.mail import (
    AddressRefused,
    FolderMailer,
    Letter,
    Mailer,
    MailUnavailable,
    SmtpMailer,
    is_address,
)
from egovdocs.registers.numbering import EmbeddedLicenceNumbering, LicenceNumbering
from egovdocs.registers.payments import (
    EmbeddedBank,
    EmbeddedGateway,
    ForgedNotice,
    PaymentGateway,
    PaymentNotice,
    PaymentOrder,
    Standing,
    Unpaid,
    WrongPayment,
    settle,
)
from egovdocs.registers.people import EmbeddedRegisters
from egovdocs.registers.ports import (
    ForgedAnswer,
    RegisterError,
    Registers,
    RegisterUnavailable,
)
from egovdocs.registers.remote import GatewayPayments, GatewayRegisters, GatewaySending
from egovdocs.registers.sending import Sending

__all__ = [
    "AddressRefused",
    "CsvError",
    "EmbeddedBank",
    "EmbeddedGateway",
    "EmbeddedLicenceNumbering",
    "EmbeddedRegisters",
    "Fault",
    "FolderMailer",
    "ForgedAnswer",
    "ForgedNotice",
    "Gateway",
    "GatewayPayments",
    "GatewayRegisters",
    "GatewaySending",
    "Letter",
    "LicenceNumbering",
    "MailUnavailable",
    "Mailer",
    "PaymentGateway",
    "PaymentNotice",
    "PaymentOrder",
    "RegisterError",
    "RegisterUnavailable",
    "Registers",
    "Sender",
    "Sending",
    "SmtpMailer",
    "Standing",
    "Unpaid",
    "WrongPayment",
    "is_address",
    "settle",
]
