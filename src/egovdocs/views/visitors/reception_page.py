"""The reception of requests made in person, by the provider's officer and by the centre's operator.

The pages are at ``/provider/visitors`` (tables A2 and B2) and ``/centre`` (A3). After the look-up a request
is a case like any other, at ``/cases/{reference}``.
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
from egovdocs.casework.visitors.look_up_applicant import look_up_applicant
from egovdocs.casework.visitors.receive_visitor import receive_visitor, services_received
from egovdocs.content import Site
from egovdocs.i18n import LANGUAGES, _
from egovdocs.views.plumbing.paging import page_of
from egovdocs.views.shared.case_rows import case_row
from egovdocs.views.shared.provider_root import ProviderRoot

PAGE_SIZE = 20
MAX_SEARCHED = 1000  # of one applicant, the newest
FIELDS = {
    "applicant/identifier": "identifier",
    "representative/iin": "representative",
    "representative/power": "power",
}


class ReceptionPage:
    """The requests received and the outcomes to hand over; ``new`` is the form for a visitor's request."""

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
        """Show the outcomes to hand over, and a page of the requests that this account received."""
        request, cases = self.request, self.site.cases
        waiting = [case_row(request, case) for case in islice(cases.to_hand_out(request.provider), PAGE_SIZE)]
        page = page_of(request, cases.of_account(request.account.login), PAGE_SIZE)
        return self._common(
            waiting=waiting,
            taken=[case_row(request, case) for case in page.shown],
            page=page,
            **more,
        )

    def find(self) -> dict[str, Any]:
        """Show the requests received here with a number, or of an applicant with an IIN or BIN."""
        cases = self.site.cases
        wanted = "".join(self.request.POST.get("wanted", "").split())
        numbered = cases.by_number(wanted)
        of_applicant = islice(cases.of_applicant(wanted), MAX_SEARCHED) if numbered is None else [numbered]
        here = self.request.provider
        found = [
            case_row(self.request, case) for case in of_applicant if case.number and case.received_by == here
        ]
        return self.overview(wanted=wanted, found=found[:PAGE_SIZE])

    def send(self) -> dict[str, Any] | Response:
        """Begin the request and look the applicant up in the state registers."""
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
        except Mistake:  # a register does not answer: the page of the case says so
            pass
        return HTTPSeeOther(f"/cases/{case.reference}")

    def form(self, errors: dict[str, str], refusal: Refusal | None = None) -> dict[str, Any]:
        """Show the form for a visitor's request, with what was typed when it was wrong or refused."""
        request = self.request
        request.override_renderer = "visitors/visitor.jinja2"
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
    context=ProviderRoot,
    name="visitors",
    permission="receive",
    renderer="visitors/list.jinja2",
)
class ProviderReceptionPage(ReceptionPage):
    channel = "provider"
    base = "/provider/visitors"
    heading = _("Visitors")


@view_config(attr="show", request_method="GET")
@view_config(attr="send", request_method="POST")
@view_defaults(context=Site, name="centre", permission="centre", renderer="visitors/list.jinja2")
class CentreReceptionPage(ReceptionPage):
    channel = "centre"
    base = "/centre"
    heading = _("Public service centre")
