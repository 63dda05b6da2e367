"""Where people come in person: the provider's officer and the centre's operator take their requests.

Two doors lead into the same rooms: ``/provider/visitors`` (tables A2 and B2) and ``/centre`` (A3). From the
look-up on a request is a case like any other, at ``/cases/{reference}``.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.response import Response
from pyramid.view import view_config, view_defaults
from translationstring import TranslationString

from egovdocs.app.request import Request
from egovdocs.casework.errors import Mistake, Problems, Refusal
from egovdocs.casework.visitors.hand_out import hand_out
from egovdocs.casework.visitors.look_up_applicant import look_up_applicant
from egovdocs.casework.visitors.receive_visitor import receive_visitor, services_received
from egovdocs.content import Case, Site
from egovdocs.i18n import LANGUAGES, _
from egovdocs.views.desk.queue_pages import Desk
from egovdocs.views.plumbing.case_lists import page_of, row
from egovdocs.views.portal.case_pages import CaseView

TEMPLATES = "egovdocs:views/visitors/"
PAGE = 20
MOST_SOUGHT = 1000  # of one applicant, the newest
FIELDS = {
    "applicant/identifier": "identifier",
    "representative/iin": "representative",
    "representative/power": "power",
}


class Receiving:
    """What was taken, and what waits to be collected; ``new`` takes the next visitor's request."""

    channel: str
    base: str
    heading: TranslationString

    def __init__(self, context: Any, request: Request) -> None:
        self.request = request
        self.office = request.office
        self.site: Site = request.site
        self.services = services_received(request.office, request.account, self.channel)
        if request.subpath not in ((), ("new",)):
            raise HTTPNotFound()

    def show(self) -> dict[str, Any]:
        return self.form({}) if self.request.subpath else self.overview()

    def overview(self, **more: Any) -> dict[str, Any]:
        """What waits to be collected, and a page of what this member of the staff has taken."""
        request, cases = self.request, self.site.cases
        waiting = [row(request, case) for case in islice(cases.to_hand_out(request.provider), PAGE)]
        page = page_of(request, cases.of_account(request.account.login), PAGE)
        return self._common(
            waiting=waiting,
            taken=[row(request, case) for case in page.shown],
            page=page,
            **more,
        )

    def find(self) -> dict[str, Any]:
        """What was taken here for somebody who asks how it stands, by its number or theirs."""
        cases = self.site.cases
        wanted = "".join(self.request.POST.get("wanted", "").split())
        numbered = cases.by_number(wanted)
        of_applicant = islice(cases.of_applicant(wanted), MOST_SOUGHT) if numbered is None else [numbered]
        here = self.request.provider
        found = [row(self.request, case) for case in of_applicant if case.number and case.received_by == here]
        return self.overview(wanted=wanted, found=found[:PAGE])

    def send(self) -> dict[str, Any] | Response:
        """Begin the request, and look the applicant up."""
        if not self.request.subpath:
            return self.find()
        request, post = self.request, self.request.POST
        service, _colon, action = post.get("errand", "").partition(":")
        if action not in {
            one for each in self.services if each.service_id == service for one in each.actions
        }:
            return self.form({"errand": request.tr(_("Select what is asked for."))})
        try:
            case = receive_visitor(
                self.office,
                self.site,
                request.account,
                self.channel,
                service,
                action,
                post.get("identifier", ""),
                language=post["language"] if post.get("language") in LANGUAGES else request.language,
                representative=post.get("representative", ""),
                power=post.get("power", ""),
            )
        except Problems as found:
            return self.form({FIELDS[one.path]: request.tr(one.message) for one in found.problems})
        try:
            look_up_applicant(self.office, self.site, case)
        except Refusal as refusal:
            return self.form({}, refusal)
        except Mistake:  # no answer: the case waits, and its page says so
            pass
        return HTTPSeeOther(f"/cases/{case.reference}")

    def form(self, errors: dict[str, str], refusal: Refusal | None = None) -> dict[str, Any]:
        """The form for a visitor; with what was typed when something is wrong with it, or was refused."""
        request = self.request
        request.override_renderer = TEMPLATES + "visitor.jinja2"
        if errors or refusal:
            request.response.status_int = 403 if refusal else 422
        return self._common(
            errors=errors,
            refusal=refusal,
            values={"language": request.language, **request.POST},
            represented=any(each.channels[self.channel].step_for("powers") for each in self.services),
        )

    def _common(self, **more: Any) -> dict[str, Any]:
        return {"base": self.base, "heading": self.heading, "services": self.services, **more}


@view_config(attr="show", request_method="GET")
@view_config(attr="send", request_method="POST")
@view_defaults(
    route_name="provider",
    context=Desk,
    name="visitors",
    permission="receive",
    renderer=TEMPLATES + "list.jinja2",
)
class AtProvider(Receiving):
    channel = "provider"
    base = "/provider/visitors"
    heading = _("Visitors")


@view_config(attr="show", request_method="GET")
@view_config(attr="send", request_method="POST")
@view_defaults(context=Site, name="centre", permission="centre", renderer=TEMPLATES + "list.jinja2")
class AtCentre(Receiving):
    channel = "centre"
    base = "/centre"
    heading = _("Public service centre")


@view_config(context=Case, name="look-up", permission="edit", request_method="POST")
class LookUp(CaseView):
    """The look-up, again: the register gave no answer before."""

    def __call__(self) -> dict[str, Any] | Response:
        look_up_applicant(self.office, self.request.site, self.case)
        return HTTPSeeOther(self.url)


@view_config(context=Case, name="hand-out", permission="hand-out", request_method="POST")
class HandingOut(CaseView):
    """The outcome has been put into the applicant's hand."""

    def __call__(self) -> Response:
        hand_out(self.office, self.request.site, self.case, self.request.account)
        self.request.flash(_("The outcome is marked as handed over."))
        return HTTPSeeOther(self.url)
