"""The client of the e-government gateway (ШЭП), synchronous channel."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import TypeVar
from uuid import uuid4

import requests
from cryptography.x509 import Certificate
from lxml import etree
from urllib3.exceptions import HTTPError

from egovdocs.integrations.external_system_errors import ExternalSystemUnavailable, ForgedResponse
from egovdocs.integrations.gateway import messages, soap
from egovdocs.integrations.gateway.messages import Sender
from egovdocs.integrations.gateway.replay_cache import ReplayCache
from egovdocs.integrations.gateway.xmlutil import UnexpectedStructure
from egovdocs.signing import Signer
from egovdocs.signing.crypto.rsa_ec import public_key_of

_HEADERS = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}

T = TypeVar("T")

log = logging.getLogger(__name__)


class Fault(ExternalSystemUnavailable):
    """The other system answered with a fault.

    :param explanation: its own words; not for the log, since they may contain personal data.
    """

    def __init__(self, code: str, explanation: str) -> None:
        super().__init__(f"a fault, code {code}")
        self.code = code
        self.explanation = explanation


class GatewayClient:
    """Sends requests to other systems through the gateway. One object serves all threads.

    :param url: the gateway's address.
    :param signer: the site's own key.
    :param certificate: the gateway's; no other signature on a response is accepted.
    :param timeout: seconds until the whole response must have arrived.
    :raises egovdocs.signing.UnsupportedKey: the certificate's key is of an unsupported kind.
    """

    def __init__(
        self,
        url: str,
        signer: Signer,
        certificate: Certificate,
        sender: Sender,
        *,
        timeout: float = 10.0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        public_key_of(certificate)
        self.signer = signer
        self._url = url
        self._certificate = certificate
        self._sender = sender
        self._timeout = timeout
        self._clock = clock
        self._replay_cache = ReplayCache(messages.MAX_CLOCK_DIFFERENCE)

    def call(self, service_id: str, data: etree._Element, parse: Callable[[etree._Element], T]) -> T:
        """Send a request to a system and return its parsed response.

        :param data: the element ``data`` of the request.
        :param parse: gets the verified element ``data`` of the response; may raise UnexpectedStructure or
            ExternalSystemError.
        :raises ExternalSystemUnavailable: no response, a fault, or a response that can't be read.
        :raises ForgedResponse: the response is not signed by the gateway, not fresh, or to another request.
        """
        message_id = str(uuid4())
        try:
            request = messages.build_request(service_id, message_id, self._clock(), self._sender, data)
            signed = soap.sign_message(request, self.signer)
            response = _run_within(self._timeout, lambda: self._post(signed))
            return parse(self._verify(response, message_id))
        except (UnexpectedStructure, soap.MalformedMessage) as problem:
            log.error("%s, message %s: unreadable response: %s", service_id, message_id, problem)
            raise ExternalSystemUnavailable("unreadable response") from None
        except ExternalSystemUnavailable as problem:
            log.warning("%s, message %s: %s", service_id, message_id, problem)
            raise
        except ForgedResponse as problem:
            log.error("%s, message %s: FORGED: %s", service_id, message_id, problem)
            raise

    def _post(self, message: bytes) -> bytes:
        """Return the body of the HTTP response.

        :raises ExternalSystemUnavailable: there is none, or it can be neither a response nor a fault.
        """
        end = time.monotonic() + self._timeout
        parts, size = [], 0
        try:
            with requests.Session() as session:
                session.trust_env = False
                with session.post(
                    self._url,
                    data=message,
                    headers=_HEADERS,
                    timeout=self._timeout,
                    stream=True,
                    allow_redirects=False,
                ) as response:
                    while part := response.raw.read1(65536, decode_content=True):
                        parts.append(part)
                        size += len(part)
                        if size > soap.MAX_BYTES or time.monotonic() > end:
                            raise ExternalSystemUnavailable("the response is too large or too slow")
                    status = response.status_code
        except (requests.RequestException, OSError, HTTPError) as problem:
            raise ExternalSystemUnavailable(f"no response: {type(problem).__name__}") from None
        # A fault comes with 500 (SOAP 1.1, 6.2).
        if status not in (200, 500):
            raise ExternalSystemUnavailable(f"HTTP status {status}")
        return b"".join(parts)

    def _verify(self, body: bytes, message_id: str) -> etree._Element:
        """Return the element ``data`` of the response to the request ``message_id``."""
        message = soap.parse_message(body)
        if message.is_fault:
            # No signature is required: an attacker able to insert a fault could also cut the connection.
            fault = messages.parse_fault(message.body[0])
            raise Fault(fault.code, fault.explanation)
        now = self._clock()
        if not soap.is_in_date(self._certificate, now):
            raise ForgedResponse("the gateway's certificate in the settings is not in date")
        try:
            content = soap.verify_message(message, self._certificate)
        except soap.UntrustedMessage as problem:
            raise ForgedResponse(str(problem)) from None
        if content.tag != messages.RESPONSE:
            raise ForgedResponse("not a response")
        response = messages.parse_response(content)
        if response.correlation_id != message_id:
            raise ForgedResponse("the response to another message")
        if abs(now - response.sent_at) > messages.MAX_CLOCK_DIFFERENCE:
            raise ForgedResponse("the response is not fresh")
        if not self._replay_cache.add(response.message_id, now):
            raise ForgedResponse("a replayed response")
        if response.status_code != messages.SUCCESS:
            raise ExternalSystemUnavailable(f"gateway status {messages.loggable_code(response.status_code)}")
        return response.data


def _run_within(seconds: float, work: Callable[[], T]) -> T:
    """Return the result of ``work``, run in a thread.

    A socket's time-out starts anew at each received byte, so it does not limit a slow sender. A thread that
    is abandoned here ends when the other side closes the connection, at the latest with the process.

    :raises ExternalSystemUnavailable: it takes longer.
    """
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except Exception as problem:
            future.set_exception(problem)

    threading.Thread(target=run, name="gateway", daemon=True).start()
    try:
        return future.result(seconds)
    except TimeoutError:
        raise ExternalSystemUnavailable("no response in time") from None
