"""The e-government gateway (ШЭП), its synchronous channel: ``SendMessage`` from either side.

:class:`Gateway` asks; :class:`Endpoint` answers whoever asks through the gateway. Each message has an id of
its own, names the one it answers, and is believed for a few minutes and once.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import uuid4

import requests
from cryptography.x509 import Certificate
from lxml import etree
from urllib3.exceptions import HTTPError

from egovdocs.integrations.gateway import soap
from egovdocs.integrations.gateway.xmlutil import WrongShape, add, add_all, child, local, moment, text
from egovdocs.integrations.state_registers.register_ports import ForgedAnswer, RegisterUnavailable
from egovdocs.signing import Signer
from egovdocs.signing.signers import public_key_of

SYNC = "http://bip.bee.kz/SyncChannel/v10/Types"
SUCCESS = "SCSS001"
FRESH = timedelta(minutes=5)
MOST_EXPLAINED = 4000  # characters of a fault's words
HEADERS = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}

T = TypeVar("T")

log = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Sender:
    """How the gateway knows a system: by a login, beside its signature."""

    id: str
    password: str = field(repr=False)


class Fault(RegisterUnavailable):
    """The other side says that something is wrong.

    :param explanation: its own words; not for the log, since they may be about somebody.
    """

    def __init__(self, code: str, explanation: str) -> None:
        super().__init__(f"a fault, code {code}")
        self.code = code
        self.explanation = explanation


class Seen:
    """Remembers message ids for as long as their messages would pass for fresh."""

    def __init__(self) -> None:
        self._moments: OrderedDict[str, datetime] = OrderedDict()
        self._lock = threading.Lock()

    def enter(self, message_id: str, now: datetime) -> bool:
        """Is this the first message of that id?"""
        with self._lock:
            while self._moments and next(iter(self._moments.values())) < now - 2 * FRESH:
                self._moments.popitem(last=False)
            if message_id in self._moments:
                return False
            self._moments[message_id] = now
            return True

    def forget(self, message_id: str) -> None:
        """A message that was not answered may come again."""
        with self._lock:
            self._moments.pop(message_id, None)


class Gateway:
    """Asks other systems through the gateway. One object serves all threads.

    :param url: the gateway's address.
    :param signer: our own key.
    :param certificate: the gateway's: nobody else's answer is believed.
    :param timeout: seconds until an answer has to be there, whole.
    :raises egovdocs.signing.UnsupportedKey: the certificate's key is of a kind not used here.
    """

    def __init__(
        self,
        url: str,
        signer: Signer,
        certificate: Certificate,
        sender: Sender,
        *,
        timeout: float = 10.0,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        public_key_of(certificate)
        self.signer = signer
        self._url = url
        self._certificate = certificate
        self._sender = sender
        self._timeout = timeout
        self._clock = clock
        self._seen = Seen()

    def ask(self, service: str, question: etree._Element, read: Callable[[etree._Element], T]) -> T:
        """Put a question to a system and read its answer.

        :param question: the element ``data`` of the request.
        :param read: gets the element ``data`` of the answer, verified; may raise WrongShape, RegisterError.
        :raises RegisterUnavailable: no answer, a fault, or an answer that can't be read.
        :raises ForgedAnswer: the answer is not the gateway's, not fresh, or to another question.
        """
        message_id = str(uuid4())
        try:
            request = _request(service, message_id, self._clock(), self._sender, question)
            sealed = soap.seal(request, self.signer)
            answer = _within(self._timeout, lambda: self._post(sealed))
            return read(self._verified(answer, message_id))
        except (WrongShape, soap.Malformed) as problem:
            log.error("%s, message %s: an answer that can't be read: %s", service, message_id, problem)
            raise RegisterUnavailable("an answer that can't be read") from None
        except RegisterUnavailable as problem:
            log.warning("%s, message %s: %s", service, message_id, problem)
            raise
        except ForgedAnswer as problem:
            log.error("%s, message %s: FORGED: %s", service, message_id, problem)
            raise

    def _post(self, message: bytes) -> bytes:
        """:raises RegisterUnavailable: nothing came back that could be an answer or a fault."""
        end = time.monotonic() + self._timeout
        parts, size = [], 0
        try:
            with requests.Session() as session:
                session.trust_env = False
                with session.post(
                    self._url,
                    data=message,
                    headers=HEADERS,
                    timeout=self._timeout,
                    stream=True,
                    allow_redirects=False,
                ) as response:
                    while part := response.raw.read1(65536, decode_content=True):
                        parts.append(part)
                        size += len(part)
                        if size > soap.MAX_BYTES or time.monotonic() > end:
                            raise RegisterUnavailable("an answer too large or too slow")
                    status = response.status_code
        except (requests.RequestException, OSError, HTTPError) as problem:
            raise RegisterUnavailable(f"no answer: {type(problem).__name__}") from None
        # A fault comes with 500 (SOAP 1.1, 6.2).
        if status not in (200, 500):
            raise RegisterUnavailable(f"HTTP status {status}")
        return b"".join(parts)

    def _verified(self, answer: bytes, message_id: str) -> etree._Element:
        message = soap.read(answer)
        if message.is_fault:
            # Whoever could put in a false fault could as well cut the line, so it needs no signature.
            raise _fault_in(message.body[0])
        now = self._clock()
        if not _in_date(self._certificate, now):
            raise ForgedAnswer("the gateway's certificate in the settings is not in date")
        try:
            content = soap.unseal(message, self._certificate)
        except soap.NotTrusted as problem:
            raise ForgedAnswer(str(problem)) from None
        if content.tag != f"{{{SYNC}}}SendMessageResponse":
            raise ForgedAnswer("not an answer")
        info = child(content, "response", "responseInfo")
        if text(info, "correlationId") != message_id:
            raise ForgedAnswer("the answer to another message")
        if abs(now - moment(info, "responseDate")) > FRESH:
            raise ForgedAnswer("an answer of another time")
        if not self._seen.enter(text(info, "messageId"), now):
            raise ForgedAnswer("an answer that was given before")
        code = text(info, "status", "code")
        if code != SUCCESS:
            raise RegisterUnavailable(f"gateway status {_plain(code)}")
        return child(content, "response", "responseData", "data")


@dataclass(frozen=True, slots=True)
class Request:
    """A request that was verified.

    :param data: the element ``data``.
    :param certificate: whose key signed it.
    """

    service: str
    message_id: str
    sent: datetime
    sender: str
    data: etree._Element
    certificate: Certificate


Handler = Callable[[Request], etree._Element]


@dataclass(frozen=True, slots=True)
class Reply:
    """What to send back, with the HTTP status that belongs to it."""

    status: int
    body: bytes
    code: str


class Refused(Exception):  # noqa: N818 - says what is wrong
    """A request that gets a fault for its answer."""

    def __init__(self, code: str, explanation: str) -> None:
        super().__init__(explanation)
        self.code = code


class Endpoint:
    """Answers requests that come through the gateway. One object serves all threads.

    :param signer: signs the answers.
    :param callers: the certificates whose requests are taken.
    :param handlers: by serviceId; each gives the element ``data`` of the answer, or raises Refused.
    :param most: bytes of a message that are looked at.
    :param seen: the messages answered so far, where several endpoints stand behind one address.
    """

    def __init__(
        self,
        signer: Signer,
        callers: Iterable[Certificate],
        handlers: Mapping[str, Handler],
        *,
        most: int = soap.MAX_BYTES,
        seen: Seen | None = None,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._signer = signer
        self._callers = tuple(callers)
        self._handlers = handlers
        self._most = most
        self._clock = clock
        self._seen = seen or Seen()

    def answer(self, message: bytes) -> Reply:
        """The signed answer to a message, or the signed fault.

        Whatever comes from outside gets one of the two; only a handler's own failure goes through, and the
        message may then come again.
        """
        try:
            request = self._verified(message)
            handler = self._handlers.get(request.service)
            if handler is None:
                raise Refused("unknown-service", "there is no such service")
            data = self._handled(handler, request)
        except (soap.Malformed, WrongShape) as problem:
            return self.refuse("bad-message", str(problem))
        except soap.NotTrusted as problem:
            return self.refuse("bad-signature", str(problem))
        except Refused as problem:
            return self.refuse(problem.code, str(problem))
        response = _response(request.message_id, self._clock(), data)
        return Reply(200, soap.seal(response, self._signer), SUCCESS)

    def refuse(self, code: str, explanation: str) -> Reply:
        """The signed fault that says so."""
        return Reply(500, soap.seal(fault(code, explanation), self._signer), code)

    def _handled(self, handler: Handler, request: Request) -> etree._Element:
        try:
            return handler(request)
        except (WrongShape, Refused):
            raise
        except BaseException:
            self._seen.forget(request.message_id)
            raise

    def _verified(self, data: bytes) -> Request:
        now = self._clock()
        certificate, content = self._unsealed(soap.read(data, self._most))
        if not _in_date(certificate, now):
            raise soap.NotTrusted("the caller's certificate is not in date")
        if content.tag != f"{{{SYNC}}}SendMessage":
            raise WrongShape("no SendMessage")
        info = child(content, "request", "requestInfo")
        if abs(now - moment(info, "messageDate")) > FRESH:
            raise Refused("stale", "the message is of another time")
        if not self._seen.enter(text(info, "messageId"), now):
            raise Refused("replayed", "the message came before")
        return Request(
            service=text(info, "serviceId"),
            message_id=text(info, "messageId"),
            sent=moment(info, "messageDate"),
            sender=text(info, "sender", "senderId"),
            data=child(content, "request", "requestData", "data"),
            certificate=certificate,
        )

    def _unsealed(self, message: soap.Message) -> tuple[Certificate, etree._Element]:
        refusal = soap.NotTrusted("no caller is known")
        for certificate in self._callers:
            try:
                return certificate, soap.unseal(message, certificate)
            except soap.NotTrusted as problem:
                refusal = problem
        raise refusal


def fault(code: str, explanation: str) -> etree._Element:
    """The gateway's fault, for a message's Body."""
    detail = etree.Element(f"{{{SYNC}}}SendMessageFault1_SendMessageFault", nsmap={"sync": SYNC})
    add_all(add(detail, "ErrorInfo"), {"errorCode": code, "errorMessage": explanation})
    return soap.fault("Server", explanation, detail)


def _within(seconds: float, work: Callable[[], T]) -> T:
    """What ``work`` gives, however slowly the other side drips: a socket's time-out begins anew at each byte.

    A thread left behind ends when the other side lets go of it, at the latest with the process.

    :raises RegisterUnavailable: it takes longer.
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
        raise RegisterUnavailable("no answer in time") from None


def new_data(namespace: str, kind: str) -> etree._Element:
    """An element ``data`` of a kind (``xsi:type``), to fill."""
    data = etree.Element("data", nsmap={"m": namespace, "xsi": soap.XSI})
    data.set(f"{{{soap.XSI}}}type", f"m:{kind}")
    return data


def escaped_data(document: bytes) -> etree._Element:
    """An element ``data`` that holds a document as an escaped string."""
    data = etree.Element("data")
    data.text = document.decode().partition("?>")[2].strip()
    return data


def _request(
    service: str, message_id: str, now: datetime, sender: Sender, data: etree._Element
) -> etree._Element:
    root = etree.Element(f"{{{SYNC}}}SendMessage", nsmap={"sync": SYNC})
    request = add(root, "request")
    info = add(request, "requestInfo")
    add_all(info, {"messageId": message_id, "serviceId": service, "messageDate": _text_of(now)})
    add_all(add(info, "sender"), {"senderId": sender.id, "password": sender.password})
    add(request, "requestData").append(data)
    return root


def _response(correlation_id: str, now: datetime, data: etree._Element) -> etree._Element:
    root = etree.Element(f"{{{SYNC}}}SendMessageResponse", nsmap={"sync": SYNC})
    response = add(root, "response")
    info = add(response, "responseInfo")
    add_all(
        info,
        {"messageId": str(uuid4()), "correlationId": correlation_id, "responseDate": _text_of(now)},
    )
    add_all(add(info, "status"), {"code": SUCCESS, "message": "Message has been processed successfully"})
    add(info, "sessionId", str(uuid4()))
    add(response, "responseData").append(data)
    return root


def _text_of(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _in_date(certificate: Certificate, now: datetime) -> bool:
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc


def _fault_in(element: etree._Element) -> Fault:
    said = {local(each).lower(): each.text or "" for each in element.iter(etree.Element)}
    explanation = " ".join(said.get("errormessage", "").split())[:MOST_EXPLAINED]
    return Fault(_plain(said.get("errorcode", "")), explanation)


def _plain(code: str) -> str:
    """A code as the log may have it: a code is not a sentence about somebody."""
    return code if re.fullmatch(r"[A-Za-z][A-Za-z0-9_.-]{0,30}", code) else "unknown"
