"""The adapter of an SMTP server."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from egovdocs.integrations.mail.mail_port import AddressRefused, Letter, MailUnavailable, build_email

TIMEOUT = 10.0  # seconds


@dataclass(frozen=True)
class SmtpMailer:
    """Sends letters to an SMTP server.

    :ivar tls: use TLS from the start of the connection (RFC 8314).
    :ivar starttls: otherwise, require STARTTLS (RFC 3207).
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
        email = build_email(letter, self.sender)
        with self._connect() as server:
            try:
                server.send_message(email, self.sender, [letter.to])
            except smtplib.SMTPRecipientsRefused as refused:
                code = next(iter(refused.recipients.values()))[0]
                if 500 <= code < 600:
                    raise AddressRefused(f"the server answered {code}") from None
                raise MailUnavailable(f"the server answered {code}") from None
            except (OSError, smtplib.SMTPException) as problem:
                raise MailUnavailable(_loggable(problem)) from None

    @contextmanager
    def _connect(self) -> Iterator[smtplib.SMTP]:
        try:
            if self.tls:
                server: smtplib.SMTP = smtplib.SMTP_SSL(
                    self.host, self.port, timeout=TIMEOUT, context=self.context
                )
            else:
                server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        except (OSError, smtplib.SMTPException) as problem:
            raise MailUnavailable(_loggable(problem)) from None
        try:
            try:
                if self.starttls and not self.tls:
                    server.starttls(context=self.context)
                if self.user:
                    server.login(self.user, self.password)
            except (OSError, smtplib.SMTPException) as problem:
                raise MailUnavailable(_loggable(problem)) from None
            yield server
        finally:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()


def _loggable(problem: Exception) -> str:
    """Return the type and the SMTP code of an error; the server's text may quote an address."""
    code = getattr(problem, "smtp_code", "")
    return f"{type(problem).__name__} {code}".strip()
