"""What may go wrong at a gateway, made to happen: wrapped around the stand-in, apart from the protocol."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

from egovdocs.integrations.gateway import soap
from egovdocs.integrations.gateway.channel import Reply, fault
from egovdocs.sandbox.gateway_stub import Answer
from egovdocs.signing import Signer
from egovdocs.signing.authority import Authority


@dataclass(frozen=True)
class Switches:
    """What is to go wrong with every answer, read from a file of JSON such as ``{"delay": 2.5}``.

    :ivar delay: seconds to wait before each answer.
    :ivar down: HTTP status 503 without a message.
    :ivar fault: a fault of this code.
    :ivar altered: a Body changed after it was signed.
    :ivar forged: a Body signed by somebody else's key.
    :ivar replayed: the last genuine answer, again.
    :ivar silent: payments are made, and nobody is told unless they ask.
    """

    delay: float = 0.0
    down: bool = False
    fault: str = ""
    altered: bool = False
    forged: bool = False
    replayed: bool = False
    silent: bool = False

    @classmethod
    def read(cls, file: Path) -> Switches:
        """The switches as they stand in the file now; all off when there is no file."""
        try:
            return cls(**json.loads(file.read_text("utf-8")))
        except FileNotFoundError:
            return cls()


class Mischief:
    """Answers as ``answer`` does, unless the switches want something else.

    :param signer: the gateway's key, for faults.
    :param control: the switches' file, looked at for each message.
    """

    def __init__(self, answer: Answer, signer: Signer, control: Path) -> None:
        self._answer = answer
        self._signer = signer
        self._stranger = Authority.create("Посторонний").issue_system("Посторонний", "000000000000").signer
        self._control = control
        self._last: Reply | None = None

    def __call__(self, message: bytes) -> Reply:
        switches = Switches.read(self._control)
        time.sleep(switches.delay)
        if switches.down:
            return Reply(503, b"", "down")
        if switches.fault:
            return Reply(500, soap.seal(fault(switches.fault, "switched on"), self._signer), switches.fault)
        if switches.replayed and self._last is not None:
            return self._last
        reply = self._answer(message)
        if switches.altered:
            return Reply(
                reply.status, reply.body.replace(b"<soap:Body ", b'<soap:Body altered="yes" '), "altered"
            )
        if switches.forged:
            return Reply(reply.status, soap.seal(soap.read(reply.body).body[0], self._stranger), "forged")
        if reply.status == 200:
            self._last = reply
        return reply
