"""A mail server on this machine that takes, puts off or refuses letters as it is told."""

from __future__ import annotations

import email
import email.policy
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

TAKEN = "250 OK"


class Mailroom:
    """An aiosmtpd handler: what it answers may be changed while it runs.

    :ivar letters: those it took.
    """

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.to_recipient = TAKEN
        self.to_data = TAKEN
        self.attempts = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        self.attempts += 1
        if self.to_recipient == TAKEN:
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.to_data == TAKEN:
            letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
            assert isinstance(letter, EmailMessage)
            assert envelope.rcpt_tos == [letter["To"].addresses[0].addr_spec]
            self.letters.append(letter)
        return self.to_data


@contextmanager
def open_mailroom(
    room: Mailroom, port: int, tls: ssl.SSLContext | None = None, **settings: Any
) -> Iterator[None]:
    """Serve it in a thread until the ``with`` block ends.

    :param tls: ask for STARTTLS with this.
    """
    controller = Controller(
        room,
        hostname="127.0.0.1",
        port=port,
        ready_timeout=60,
        **({"tls_context": tls, "require_starttls": True} if tls else {}),
        **settings,
    )
    controller.start()
    try:
        yield
    finally:
        controller.stop()
