"""How a service is provided, step by step: the regulation's diagram, and a case's way through it."""

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

TEMPLATES = "egovdocs:views/portal/"


def includeme(config: Configurator) -> None:
    config.add_route("procedure", "/services/{service}/procedure/{channel}")


@view_config(
    route_name="procedure",
    permission=NO_PERMISSION_REQUIRED,
    request_method="GET",
    renderer=TEMPLATES + "procedure.jinja2",
)
def show_procedure(request: Request) -> dict[str, Any]:
    """A channel's table as the regulation has it."""
    service = request.office.services_in_force().get(request.matchdict["service"])
    if service is None or (procedure := service.channels.get(request.matchdict["channel"])) is None:
        raise HTTPNotFound()
    return {"service": service, **drawn(request, procedure)}


@view_config(
    context=Case,
    name="diagram",
    permission="view",
    request_method="GET",
    renderer=TEMPLATES + "case_procedure.jinja2",
)
@view_config(
    route_name="provider",
    context=Case,
    name="diagram",
    permission="review",
    request_method="GET",
    renderer=TEMPLATES + "case_procedure.jinja2",
)
def show_case(case: Case, request: Request) -> dict[str, Any]:
    """The way a case has taken, for its applicant and for the provider."""
    if case.number is None and case.account != request.authenticated_userid:
        raise HTTPNotFound()  # an applicant's draft is nobody else's business
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
    """What ``portal/procedure_parts.jinja2`` shows: drawings for wide and narrow screens, and the table."""
    language = request.language
    return {
        "procedure": procedure,
        "progress": progress,
        "wide": Markup(draw(procedure, language, progress=progress, name="wide")),  # noqa: S704 - lxml escapes
        "narrow": Markup(draw(procedure, language, progress=progress, name="narrow", narrow=True)),  # noqa: S704
        "limits": {number: limit_words(step, language, progress) for number, step in procedure.steps.items()},
    }
