"""The endpoint where the e-government gateway (ШЭП) delivers requests, synchronous channel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.x509 import Certificate
from lxml import etree

from egovdocs.integrations.gateway import messages, soap
from egovdocs.integrations.gateway.messages import GatewayRequest
from egovdocs.integrations.gateway.replay_cache import ReplayCache
from egovdocs.integrations.gateway.xmlutil import UnexpectedStructure
from egovdocs.signing import Signer

RequestHandler = Callable[[GatewayRequest], etree._Element]
"""Returns the element ``data`` of the response, or raises :class:`RequestRejected`."""


@dataclass(frozen=True, slots=True)
class HttpReply:
    """The HTTP response to a message.

    :ivar code: the code of success or of the fault, for the log.
    """

    status: int
    body: bytes
    code: str


class RequestRejected(Exception):  # noqa: N818 - says what is wrong
    """The request is to be answered with a fault."""

    def __init__(self, code: str, explanation: str) -> None:
        super().__init__(explanation)
        self.code = code


class GatewayEndpoint:
    """Answers requests that come through the gateway. One object serves all threads.

    :param signer: signs the responses.
    :param callers: the certificates whose requests are accepted.
    :param handlers: by serviceId.
    :param max_bytes: the size of the largest message that is accepted.
    :param replay_cache: to be shared by endpoints that serve the same address.
    """

    def __init__(
        self,
        signer: Signer,
        callers: Iterable[Certificate],
        handlers: Mapping[str, RequestHandler],
        *,
        max_bytes: int = soap.MAX_BYTES,
        replay_cache: ReplayCache | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._signer = signer
        self._callers = tuple(callers)
        self._handlers = handlers
        self._max_bytes = max_bytes
        self._clock = clock
        self._replay_cache = replay_cache or ReplayCache(messages.MAX_CLOCK_DIFFERENCE)

    def reply(self, message: bytes) -> HttpReply:
        """Return the signed response to a message, or the signed fault.

        An exception of a handler other than UnexpectedStructure and RequestRejected is passed on, and the
        message is accepted when it is sent again.
        """
        try:
            request = self._verify(message)
            handler = self._handlers.get(request.service_id)
            if handler is None:
                raise RequestRejected("unknown-service", "there is no such service")
            data = self._handle(handler, request)
        except (soap.MalformedMessage, UnexpectedStructure) as problem:
            return self.reply_fault("bad-message", str(problem))
        except soap.UntrustedMessage as problem:
            return self.reply_fault("bad-signature", str(problem))
        except RequestRejected as problem:
            return self.reply_fault(problem.code, str(problem))
        response = messages.build_response(request.message_id, self._clock(), data)
        return HttpReply(200, soap.sign_message(response, self._signer), messages.SUCCESS)

    def reply_fault(self, code: str, explanation: str) -> HttpReply:
        """Return a signed fault."""
        fault = messages.build_fault(code, explanation)
        return HttpReply(500, soap.sign_message(fault, self._signer), code)

    def _handle(self, handler: RequestHandler, request: GatewayRequest) -> etree._Element:
        try:
            return handler(request)
        except (UnexpectedStructure, RequestRejected):
            raise
        except BaseException:
            self._replay_cache.remove(request.message_id)
            raise

    def _verify(self, message: bytes) -> GatewayRequest:
        now = self._clock()
        certificate, content = self._find_caller(soap.parse_message(message, self._max_bytes))
        if not soap.is_in_date(certificate, now):
            raise soap.UntrustedMessage("the caller's certificate is not in date")
        request = messages.parse_request(content, certificate)
        if abs(now - request.sent_at) > messages.MAX_CLOCK_DIFFERENCE:
            raise RequestRejected("stale", "the date of the message is too far from now")
        if not self._replay_cache.add(request.message_id, now):
            raise RequestRejected("replayed", "this message was received before")
        return request

    def _find_caller(self, message: soap.SoapMessage) -> tuple[Certificate, etree._Element]:
        """Return the certificate whose key signed the message, and the signed content."""
        error = soap.UntrustedMessage("no caller is known")
        for certificate in self._callers:
            try:
                return certificate, soap.verify_message(message, certificate)
            except soap.UntrustedMessage as problem:
                error = problem
        raise error
