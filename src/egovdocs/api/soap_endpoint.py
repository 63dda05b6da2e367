"""The endpoint for messages of the e-government gateway (ШЭП): SOAP 1.1 by ``POST /gateway``.

It exists on a site that is connected to the gateway. Requests are signed with the gateway's key, responses
with the site's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from lxml import etree
from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPNotFound, HTTPRequestEntityTooLarge
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import exception_view_config, view_config
from translationstring import TranslationString

from egovdocs.app.open_office import endpoint_of
from egovdocs.app.request import Request
from egovdocs.casework.errors import Mistake, Problems, Refusal, TryLater, WrongFile
from egovdocs.casework.payments.pay_fee import record_payment_notice
from egovdocs.casework.requests.hand_in_request import hand_in_request
from egovdocs.casework.requests.send_request import receive_sent_request
from egovdocs.casework.requests.status import LABELS, status
from egovdocs.casework.visitors.answer_state_query import answer_state_query, find_outcome
from egovdocs.content import Case, Site
from egovdocs.i18n import _, translate
from egovdocs.integrations import registration_messages
from egovdocs.integrations.centres import hand_in_messages, state_query_messages
from egovdocs.integrations.gateway.endpoint import HttpReply, RequestHandler, RequestRejected
from egovdocs.integrations.gateway.messages import GatewayRequest
from egovdocs.integrations.payments import payment_messages
from egovdocs.integrations.registration_messages import Registration, RegistrationRefusal
from egovdocs.integrations.workstation import sending_messages
from egovdocs.views.plumbing.request_limits import set_body_limit

NAME = "gateway"
PATH = f"/{NAME}"
PATH_PATTERN = f"^{PATH}$"
FAULT_LANGUAGE = "ru"
MAX_PROBLEMS = 10  # of a document, in one fault

log = logging.getLogger(__name__)

T = TypeVar("T")


def includeme(config: Configurator) -> None:
    settings = config.registry["settings"]
    config.registry["endpoint"] = endpoint_of(settings)
    set_body_limit(config, PATH, settings.gateway_max_bytes)


@view_config(
    context=Site,
    name=NAME,
    permission=NO_PERMISSION_REQUIRED,
    request_method="POST",
    require_csrf=False,  # a program has no session; the message's signature authenticates it
)
def soap_endpoint(site: Site, request: Request) -> Response:
    """Return the signed response to a message, or a signed fault with status 500 (SOAP 1.1, 6.2)."""
    if request.registry["endpoint"] is None or request.subpath:
        raise HTTPNotFound()
    handlers: dict[str, RequestHandler] = {
        hand_in_messages.SERVICE: partial(_hand_in, site, request),
        state_query_messages.SERVICE: partial(_answer_state_query, site, request),
        sending_messages.SERVICE: partial(_receive_sent_request, site, request),
    }
    if request.office.payments.can_query:
        handlers[payment_messages.NOTICE] = partial(_receive_payment_notice, site, request)
    return _response(request.registry["endpoint"](handlers).reply(request.body))


@exception_view_config(HTTPRequestEntityTooLarge, path_info=PATH_PATTERN)
def too_large(problem: Exception, request: Request) -> Response:
    max_bytes = request.settings.gateway_max_bytes
    return _fault(
        request,
        "too-large",
        _("The message is larger than ${most} bytes. Nothing was kept.", mapping={"most": max_bytes}),
    )


@exception_view_config(Exception, path_info=PATH_PATTERN)
def failure(problem: Exception, request: Request) -> Response:
    log.error("a message from the gateway failed", exc_info=problem)
    return _fault(request, "try-later", _("Something went wrong here. Send the same again later."))


def _fault(request: Request, code: str, explanation: TranslationString) -> Response:
    endpoint = request.registry["endpoint"]
    if endpoint is None:
        return HTTPNotFound()
    return _response(endpoint({}).reply_fault(code, translate(explanation, FAULT_LANGUAGE)))


def _response(reply: HttpReply) -> Response:
    if reply.status != 200:
        log.warning("a message from the gateway was answered by a fault: %s", reply.code)
    return Response(reply.body, status=reply.status, content_type="text/xml", charset="utf-8")


def _hand_in(site: Site, request: Request, message: GatewayRequest) -> etree._Element:
    document, scans = hand_in_messages.parse_request(message.data)

    def hand_in() -> Registration | RegistrationRefusal:
        try:
            case = hand_in_request(request.office, site, document, scans, message.sent_at)
        except Refusal as no:
            texts = (translate(no.message, language) for language in ("ru", "kk"))
            return RegistrationRefusal(no.step, *texts)
        return _registration_of(case)

    return registration_messages.build_response(_or_rejection(hand_in))


def _receive_sent_request(site: Site, request: Request, message: GatewayRequest) -> etree._Element:
    reference, document = sending_messages.parse_request(message.data)
    case = _or_rejection(lambda: receive_sent_request(request.office, site, reference, document))
    return registration_messages.build_response(_registration_of(case))


def _registration_of(case: Case) -> Registration:
    assert case.number is not None
    assert case.registered_at is not None
    assert case.deadline is not None
    return Registration(case.number, case.registered_at, case.deadline, case.documents["receipt"].data)


def _answer_state_query(site: Site, request: Request, message: GatewayRequest) -> etree._Element:
    query = state_query_messages.parse_request(message.data)
    case = _or_rejection(lambda: answer_state_query(request.office, site, query))
    progress = status(request.office, case)
    outcome = find_outcome(case)
    assert case.number is not None
    assert case.deadline is not None
    return state_query_messages.build_response(
        state_query_messages.RequestState(
            number=case.number,
            state=case.state.value,
            ru=translate(LABELS[case.state], "ru"),
            kk=translate(LABELS[case.state], "kk"),
            step=progress.step.number if progress.step else "",
            deadline=case.deadline,
            outcome=outcome.data if outcome else None,
            handed_over_at=case.handed_out.at if case.handed_out else None,
        )
    )


def _receive_payment_notice(site: Site, request: Request, message: GatewayRequest) -> etree._Element:
    payment_status = payment_messages.parse_status(message.data)
    _or_rejection(lambda: record_payment_notice(request.office, site, payment_status))
    return payment_messages.build_notice_response(payment_status.reference)


def _or_rejection(use_case: Callable[[], T]) -> T:
    """Run a use case.

    :raises RequestRejected: the use case raised a mistake; it becomes the fault of the response.
    """
    try:
        return use_case()
    except TryLater as no:
        raise RequestRejected("try-later", translate(no.message, FAULT_LANGUAGE)) from None
    except Problems as no:
        lines = [f"{one.path}: {one.message[FAULT_LANGUAGE]}" for one in no.problems[:MAX_PROBLEMS]]
        raise RequestRejected(
            "not-accepted", " ".join([translate(no.message, FAULT_LANGUAGE), *lines])
        ) from None
    except WrongFile as no:
        raise RequestRejected("not-accepted", f"{no.name}: {translate(no.message, FAULT_LANGUAGE)}") from None
    except Mistake as no:
        raise RequestRejected("not-accepted", translate(no.message, FAULT_LANGUAGE)) from None
