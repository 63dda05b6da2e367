"""Injection of faults into the responses of the gateway stub, for tests.

It wraps the stub, so that the stub's own code stays the protocol as it should be.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

from egovdocs.integrations.gateway import soap
from egovdocs.integrations.gateway.endpoint import HttpReply
from egovdocs.integrations.gateway.messages import build_fault
from egovdocs.sandbox.authority import Authority
from egovdocs.sandbox.gateway_stub import ReplyFunction
from egovdocs.signing import Signer


@dataclass(frozen=True)
class Faults:
    """The faults to inject, read from a JSON file such as ``{"delay": 2.5}``.

    :ivar delay: seconds to wait before each response.
    :ivar down: respond with HTTP status 503 without a message.
    :ivar fault: respond with a fault of this code.
    :ivar altered: change the Body after it was signed.
    :ivar forged: sign the Body with a key of another system.
    :ivar replayed: repeat the last genuine response.
    :ivar silent: send no notices of payments.
    """

    delay: float = 0.0
    down: bool = False
    fault: str = ""
    altered: bool = False
    forged: bool = False
    replayed: bool = False
    silent: bool = False

    @classmethod
    def read(cls, file: Path) -> Faults:
        """Return the faults in the file; none when there is no file."""
        try:
            return cls(**json.loads(file.read_text("utf-8")))
        except FileNotFoundError:
            return cls()


class FaultInjection:
    """Replies as the wrapped function does, with the faults in a file.

    :param signer: the gateway's key, for faults.
    :param control: the file of the faults, read for each message.
    """

    def __init__(self, reply: ReplyFunction, signer: Signer, control: Path) -> None:
        self._reply = reply
        self._signer = signer
        other = Authority.create("Посторонний").issue_system("Посторонний", "000000000000")
        self._other_signer = other.signer
        self._control = control
        self._last: HttpReply | None = None

    def __call__(self, message: bytes) -> HttpReply:
        faults = Faults.read(self._control)
        time.sleep(faults.delay)
        if faults.down:
            return HttpReply(503, b"", "down")
        if faults.fault:
            fault = build_fault(faults.fault, "switched on")
            return HttpReply(500, soap.sign_message(fault, self._signer), faults.fault)
        if faults.replayed and self._last is not None:
            return self._last
        reply = self._reply(message)
        if faults.altered:
            body = reply.body.replace(b"<soap:Body ", b'<soap:Body altered="yes" ')
            return HttpReply(reply.status, body, "altered")
        if faults.forged:
            content = soap.parse_message(reply.body).body[0]
            return HttpReply(reply.status, soap.sign_message(content, self._other_signer), "forged")
        if reply.status == 200:
            self._last = reply
        return reply
