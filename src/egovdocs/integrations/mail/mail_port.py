"""The port of the mail system, and the letters it takes.

A letter has an id, and the Message-ID is made of it. So a letter that is sent twice, because the process
ended before the sending was recorded, can be recognised by its recipient.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Protocol

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")


class MailUnavailable(Exception):  # noqa: N818 - says what is wrong
    """The mail system does not take letters at the moment. The text contains no address."""


class AddressRefused(Exception):  # noqa: N818 - says what is wrong
    """A letter can never be delivered to its address. The text does not contain it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter in plain text.

    :ivar id: the id of its message in the outbox.
    :ivar language: of the text, as an ISO 639 code.
    """

    id: int
    to: str
    subject: str
    text: str
    language: str
    written_at: datetime


class Mailer(Protocol):
    """The mail system."""

    def send(self, letter: Letter) -> None:
        """Hand a letter over to the mail system.

        :raises MailUnavailable: to be tried again later.
        :raises AddressRefused: not to be tried again.
        """


def is_address(text: str) -> bool:
    """Whether a text is a mailbox in ASCII (RFC 5322, dot-atom) whose domain has a dot."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None


def build_email(letter: Letter, sender: str) -> EmailMessage:
    """Return the letter as an RFC 5322 message.

    :param sender: the address in From.
    :raises AddressRefused: the letter's address is not valid.
    """
    if not is_address(letter.to):
        raise AddressRefused("not an address")
    email = EmailMessage(policy=SMTP)
    email["From"] = sender
    email["To"] = Address(addr_spec=letter.to)
    email["Subject"] = letter.subject
    email["Date"] = letter.written_at
    email["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2]}>"
    email["Auto-Submitted"] = "auto-generated"  # RFC 3834: prevents automatic replies
    email.set_content(letter.text)
    email["Content-Language"] = letter.language
    return email
