"""The mail: a letter is handed to a server that delivers it, or laid into a folder.

A letter has an id of its own, and by it the same Message-ID however often it is sent: who gets it twice,
because a process died between sending and taking note of it, can tell.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Protocol

TIMEOUT = 10.0  # seconds
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")


class MailUnavailable(Exception):  # noqa: N818 - says what is wrong
    """The server does not take letters at the moment. The text names no address."""


class AddressRefused(Exception):  # noqa: N818 - says what is wrong
    """There is no such address, or none can be reached from here. The text does not name it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter in plain text.

    :param id: of the message in the outbox.
    """

    id: int
    to: str
    subject: str
    text: str
    language: str
    written_at: datetime


class Mailer(Protocol):
    """Who takes letters."""

    def send(self, letter: Letter) -> None:
        """Hand a letter over.

        :raises MailUnavailable: not now; try again later.
        :raises AddressRefused: it will never arrive.
        """


def is_address(text: str) -> bool:
    """Is it one mailbox (RFC 5322, dot-atom) of a domain with a dot? Those beyond ASCII get no letters."""
    return len(text) <= 254 and ADDRESS.fullmatch(text) is not None


def compose(letter: Letter, sender: str) -> EmailMessage:
    """The letter as RFC 5322 has it.

    :raises AddressRefused: its address is none.
    """
    if not is_address(letter.to):
        raise AddressRefused("not an address")
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = Address(addr_spec=letter.to)
    mail["Subject"] = letter.subject
    mail["Date"] = letter.written_at
    mail["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence is to answer it
    mail.set_content(letter.text)
    mail["Content-Language"] = letter.language
    return mail


@dataclass(frozen=True)
class FolderMailer:
    """Lays each letter into a folder as ``{id}.eml``; sent again, it is the same file."""

    folder: Path
    sender: str

    def send(self, letter: Letter) -> None:
        mail = compose(letter, self.sender)
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            new = self.folder / f"{letter.id}.new"
            new.write_bytes(mail.as_bytes())
            new.replace(self.folder / f"{letter.id}.eml")
        except OSError as problem:
            raise MailUnavailable(f"the folder: {problem.strerror}") from None


@dataclass(frozen=True)
class SmtpMailer:
    """Hands letters to an SMTP server.

    :param tls: speak TLS from the first byte on (RFC 8314).
    :param starttls: else, ask for TLS and send nothing without (RFC 3207).
    """

    host: str
    port: int
    sender: str
    tls: bool = False
    starttls: bool = True
    user: str = ""
    password: str = field(default="", repr=False)
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)

    def send(self, letter: Letter) -> None:
        mail = compose(letter, self.sender)
        with self._connected() as server:
            try:
                server.send_message(mail, self.sender, [letter.to])
            except smtplib.SMTPRecipientsRefused as refused:
                code = next(iter(refused.recipients.values()))[0]
                if 500 <= code < 600:
                    raise AddressRefused(f"the server answered {code}") from None
                raise MailUnavailable(f"the server answered {code}") from None
            except (OSError, smtplib.SMTPException) as problem:
                raise MailUnavailable(_told(problem)) from None

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        try:
            if self.tls:
                server: smtplib.SMTP = smtplib.SMTP_SSL(
                    self.host, self.port, timeout=TIMEOUT, context=self.context
                )
            else:
                server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        except (OSError, smtplib.SMTPException) as problem:
            raise MailUnavailable(_told(problem)) from None
        try:
            try:
                if self.starttls and not self.tls:
                    server.starttls(context=self.context)
                if self.user:
                    server.login(self.user, self.password)
            except (OSError, smtplib.SMTPException) as problem:
                raise MailUnavailable(_told(problem)) from None
            yield server
        finally:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()


def _told(problem: Exception) -> str:
    """A server's words may quote an address; its code does not."""
    code = getattr(problem, "smtp_code", "")
    return f"{type(problem).__name__} {code}".strip()
