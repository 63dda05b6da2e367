"""The diagram and the table of a procedure, and the progress of a case through it."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPNotFound
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config

from egovdocs.app.request import Request
from egovdocs.casework.requests.status import status
from egovdocs.content import Case
from egovdocs.rendering.diagram import Progress, draw, limit_words, progress_of
from egovdocs.schemas import Procedure


def includeme(config: Configurator) -> None:
    config.add_route("procedure", "/services/{service}/procedure/{channel}")


@view_config(
    route_name="procedure",
    permission=NO_PERMISSION_REQUIRED,
    request_method="GET",
    renderer="portal/procedure.jinja2",
)
def show_procedure(request: Request) -> dict[str, Any]:
    """Show a channel's table, as the regulation has it."""
    service = request.office.services_in_force().get(request.matchdict["service"])
    if service is None or (procedure := service.channels.get(request.matchdict["channel"])) is None:
        raise HTTPNotFound()
    return {"service": service, **drawn(request, procedure)}


@view_config(
    context=Case,
    name="diagram",
    permission="view",
    request_method="GET",
    renderer="portal/case_procedure.jinja2",
)
@view_config(
    route_name="provider",
    context=Case,
    name="diagram",
    permission="review",
    request_method="GET",
    renderer="portal/case_procedure.jinja2",
)
def show_case(case: Case, request: Request) -> dict[str, Any]:
    """Show the steps that a case has taken, to its applicant and to the provider."""
    if case.number is None and case.account != request.authenticated_userid:
        raise HTTPNotFound()  # a draft is private
    office = request.office
    service = office.edition_of(case)
    procedure, action = service.channels[case.channel], service.actions[case.action]
    progress = progress_of(case, procedure, action, calendar=office.calendar, now=office.clock())
    return {
        "case": case,
        "service": service,
        "status": status(office, case),
        "back": request.path.removesuffix("/diagram"),
        **drawn(request, procedure, progress),
    }


def drawn(request: Request, procedure: Procedure, progress: Progress | None = None) -> dict[str, Any]:
    """Return what ``portal/procedure_parts.jinja2`` shows: the drawings for two widths, and the table."""
    language = request.language
    return {
        "procedure": procedure,
        "progress": progress,
        "wide": Markup(draw(procedure, language, progress=progress, name="wide")),  # noqa: S704 - lxml escapes
        "narrow": Markup(draw(procedure, language, progress=progress, name="narrow", narrow=True)),  # noqa: S704
        "limits": {number: limit_words(step, language, progress) for number, step in procedure.steps.items()},
    }
