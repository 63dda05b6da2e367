"""The machine entrance that the e-government gateway (ШЭП) comes through: ``/gateway``, SOAP over POST.

It is open when the site itself is connected to the gateway, and to nobody but the gateway: what comes is
signed with the gateway's key, and so is what is answered with ours.
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

NAME = "gateway"
ONLY_HERE = f"^/{NAME}$"
FAULTS = "ru"  # the one language of a fault
MOST_PROBLEMS = 10

log = logging.getLogger(__name__)

T = TypeVar("T")


def includeme(config: Configurator) -> None:
    config.registry["endpoint"] = endpoint_of(config.registry["settings"])


@view_config(
    context=Site,
    name=NAME,
    permission=NO_PERMISSION_REQUIRED,
    request_method="POST",
    require_csrf=False,  # a machine comes without a session; what it says is signed
)
def hear(site: Site, request: Request) -> Response:
    """A message of the gateway's: the signed answer, or the signed fault with status 500 (SOAP 1.1, 6.2)."""
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


@exception_view_config(HTTPRequestEntityTooLarge, path_info=ONLY_HERE)
def too_large(problem: Exception, request: Request) -> Response:
    most = request.settings.gateway_max_bytes
    return _refuse(
        request,
        "too-large",
        _("The message is larger than ${most} bytes. Nothing was kept.", mapping={"most": most}),
    )


@exception_view_config(Exception, path_info=ONLY_HERE)
def broken(problem: Exception, request: Request) -> Response:
    log.error("a message of the gateway's failed", exc_info=problem)
    return _refuse(request, "try-later", _("Something went wrong here. Send the same again later."))


def _refuse(request: Request, code: str, explanation: TranslationString) -> Response:
    endpoint = request.registry["endpoint"]
    if endpoint is None:
        return HTTPNotFound()
    return _response(endpoint({}).reply_fault(code, translate(explanation, FAULTS)))


def _response(reply: HttpReply) -> Response:
    if reply.status != 200:
        log.warning("a message of the gateway's was answered by a fault: %s", reply.code)
    return Response(reply.body, status=reply.status, content_type="text/xml", charset="utf-8")


def _hand_in(site: Site, request: Request, message: GatewayRequest) -> etree._Element:
    document, scans = hand_in_messages.parse_request(message.data)

    def take() -> Registration | RegistrationRefusal:
        try:
            case = hand_in_request(request.office, site, document, scans, message.sent_at)
        except Refusal as no:
            said = (translate(no.message, language) for language in ("ru", "kk"))
            return RegistrationRefusal(no.step, *said)
        return _registered(case)

    return registration_messages.build_response(_answered(take))


def _receive_sent_request(site: Site, request: Request, message: GatewayRequest) -> etree._Element:
    reference, document = sending_messages.parse_request(message.data)
    case = _answered(lambda: receive_sent_request(request.office, site, reference, document))
    return registration_messages.build_response(_registered(case))


def _registered(case: Case) -> Registration:
    assert case.number is not None
    assert case.registered_at is not None
    assert case.deadline is not None
    return Registration(case.number, case.registered_at, case.deadline, case.documents["receipt"].data)


def _answer_state_query(site: Site, request: Request, message: GatewayRequest) -> etree._Element:
    question = state_query_messages.parse_request(message.data)
    case = _answered(lambda: answer_state_query(request.office, site, question))
    now = status(request.office, case)
    outcome = find_outcome(case)
    assert case.number is not None
    assert case.deadline is not None
    return state_query_messages.build_response(
        state_query_messages.RequestState(
            number=case.number,
            state=case.state.value,
            ru=translate(LABELS[case.state], "ru"),
            kk=translate(LABELS[case.state], "kk"),
            step=now.step.number if now.step else "",
            deadline=case.deadline,
            outcome=outcome.data if outcome else None,
            handed_over_at=case.handed_out.at if case.handed_out else None,
        )
    )


def _receive_payment_notice(site: Site, request: Request, message: GatewayRequest) -> etree._Element:
    told = payment_messages.parse_status(message.data)
    _answered(lambda: record_payment_notice(request.office, site, told))
    return payment_messages.build_notice_response(told.reference)


def _answered(do: Callable[[], T]) -> T:
    """:raises gateway.Refused: the fault that says what is wrong."""
    try:
        return do()
    except TryLater as no:
        raise RequestRejected("try-later", translate(no.message, FAULTS)) from None
    except Problems as no:
        lines = [f"{one.path}: {one.message[FAULTS]}" for one in no.problems[:MOST_PROBLEMS]]
        raise RequestRejected("not-accepted", " ".join([translate(no.message, FAULTS), *lines])) from None
    except WrongFile as no:
        raise RequestRejected("not-accepted", f"{no.name}: {translate(no.message, FAULTS)}") from None
    except Mistake as no:
        raise RequestRejected("not-accepted", translate(no.message, FAULTS)) from None
