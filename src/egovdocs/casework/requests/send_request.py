"""Send a signed request through the gateway, and register what arrives (P5 and P6 of table B1).

Portal and workstation are one site here. Between the two steps is the gateway, which may be down: the signed
request is stored, and its message waits in the outbox until an answer came. It is sent at least once and
registered once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from hashlib import sha256
from typing import Any

from translationstring import TranslationStringFactory

from egovdocs.casework.errors import Mistake
from egovdocs.casework.office import Office
from egovdocs.casework.procedures import procedure_run
from egovdocs.casework.requests.register_request import register_request
from egovdocs.casework.transactions import exclusive_transaction
from egovdocs.content import Case, CaseState, Handler, Settle, Site
from egovdocs.integrations.workstation.request_sender_port import RequestSender

_ = TranslationStringFactory("egovdocs")

SENDING = "sending"


class RegisteredElsewhere(RuntimeError):  # noqa: N818 - says what is wrong
    """The answer says "registered", but the case is not registered here: the gateway delivered it to another
    system.
    """


def goes_through_gateway(office: Office, case: Case) -> bool:
    """Return whether a request is sent through the gateway, by its table and the settings."""
    return office.sending is not None and procedure_run(office, case).procedure.step_for("send") is not None


def check_sendable(office: Office, case: Case, signed: bytes) -> None:
    """Check that a signed request can travel in a message, if it is sent through the gateway.

    :raises Mistake: it is too large or not in UTF-8.
    """
    if goes_through_gateway(office, case) and office.sending and not office.sending.can_send(signed):
        raise Mistake(
            _("The signed request is too large, or not in UTF-8. Save it in UTF-8 and sign it again.")
        )


def send_request(site: Site, case: Case) -> None:
    """Queue the stored request of a case for sending. Call it inside ``exclusive_transaction``."""
    case.state = CaseState.SENT
    site.cases.reindex(case)
    site.outbox.put(SENDING, reference=case.reference)


def receive_sent_request(office: Office, site: Site, reference: str, document: bytes) -> Case:
    """Register the request that came through the gateway. It gets one number, however often it arrives.

    It was accepted when it was signed (C2 of table B1), and its acceptance record is stored; what arrives
    must be the same document.

    :param reference: the reference of its case.
    :param document: the request, byte for byte.
    :raises Mistake: it was not signed here.
    """
    case: Case | None = site.cases.get(reference)
    kept = None if case is None else case.documents.get("request")
    if case is None or kept is None or kept.sha256 != sha256(document).hexdigest():
        raise Mistake(_("No such request was signed at this portal."))
    with exclusive_transaction(site):
        if case.state is CaseState.SENT:
            register_request(office, site, case)
    return case


def sending_handlers(
    office: Office, sending: RequestSender, reading: Callable[[], AbstractContextManager[Site]]
) -> Mapping[str, Handler]:
    """Return the outbox handlers that send requests.

    :param reading: opens the site for reading.
    """

    def send(id: int, data: Mapping[str, Any]) -> Settle | None:
        """Send a request.

        :raises egovdocs.integrations.errors.ExternalSystemUnavailable: there is no answer; it is sent again
            later.
        """
        reference = data["reference"]
        with reading() as site:
            case = site.cases[reference]
            if case.state is not CaseState.SENT:
                return None  # it had arrived; only the answer was lost
            document = case.documents["request"].data
        answer = sending.send(reference, document)

        def check(site: Site) -> None:
            if site.cases[reference].number != answer.number:
                raise RegisteredElsewhere

        return check

    return {SENDING: send}
