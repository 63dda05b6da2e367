"""The public indicators of the services: quality, accessibility, time limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup
from pyramid.httpexceptions import HTTPNotFound
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config

from egovdocs.app.request import Request
from egovdocs.casework.statistics.answer_questionnaire import MIN_ANSWERS
from egovdocs.casework.statistics.read_indicators import Indicators, read_indicators, share_in_time
from egovdocs.content import Site
from egovdocs.rendering import draw_bar
from egovdocs.schemas import Procedure, ServiceEdition, Step

GOOD, MIDDLE, BAD = "app-bar__good", "app-bar__middle", "app-bar__bad"


@view_config(
    context=Site,
    name="indicators",
    permission=NO_PERMISSION_REQUIRED,
    request_method="GET",
    renderer="portal/indicators.jinja2",
)
def show_indicators(request: Request) -> dict[str, Any]:
    """``/indicators?service=&channel=&year=``: show the indicators, narrowed by what the address names."""
    services = {id: service.newest for id, service in request.office.services.items()}
    known = read_indicators(request.office, request.site)
    chosen = {name: request.GET.get(name, "") for name in ("service", "channel", "year")}
    channels = {
        procedure.channel: procedure.title
        for service in request.office.services.values()
        for edition in service
        for procedure in edition.channels.values()
    }
    wrong = (chosen["service"] not in ("", *services), chosen["channel"] not in ("", *channels))
    if any(wrong) or chosen["year"] not in ("", *known.years):
        raise HTTPNotFound()
    indicators = known.narrowed(**chosen)
    total = indicators.total()
    return {
        "services": services,
        "channels": channels,
        "years": known.years,
        "chosen": chosen,
        "least": MIN_ANSWERS,
        "total": total,
        "share": share_in_time(total),
        "months": list(months(indicators)),
        "questions": list(questions(request, indicators)),
        "tables": list(tables(request, indicators)),
    }


def months(indicators: Indicators) -> Iterator[dict[str, Any]]:
    """Yield the chart of the outcomes, a bar a month."""
    found = indicators.by(lambda cell: cell.month)
    most = max((numbers["in-time"] + numbers["late"] for numbers in found.values()), default=0)
    for month, numbers in found.items():
        parts = [(GOOD, numbers["in-time"]), (BAD, numbers["late"])]
        yield {"month": month, "numbers": numbers, "bar": bar(parts, most), "share": share_in_time(numbers)}


def questions(request: Request, indicators: Indicators) -> Iterator[dict[str, Any]]:
    """Yield the chart of the questionnaires' answers, a bar a question."""
    asked = {
        each.code: each
        for service in request.office.services.values()
        for edition in service
        for each in edition.indicators
    }
    for code, indicator in asked.items():
        answers = indicators.answers(code)
        total = answers.total()
        colours = (BAD, MIDDLE, GOOD)
        parts = [
            (colour, answers[answer])
            for colour, (answer, _text) in zip(colours, indicator.answers, strict=False)
        ]
        best = indicator.answers[-1][0]
        yield {
            "indicator": indicator,
            "answers": answers,
            "total": total,
            "bar": bar(parts, total),
            "share": answers[best] / total if total else None,
        }


def tables(request: Request, indicators: Indicators) -> Iterator[dict[str, Any]]:
    """Yield, for each table of each edition, how its steps kept their time limits."""
    found = indicators.by(lambda cell: (cell.service, cell.channel, cell.edition))
    for (service_id, channel, edition), numbers in found.items():
        service: ServiceEdition = request.office.services[service_id].edition(edition)
        procedure = service.channels[channel]
        steps = list(steps_of(procedure, numbers))
        if steps:
            yield {"service": service, "procedure": procedure, "steps": steps}


def steps_of(procedure: Procedure, numbers: Mapping[str, int]) -> Iterator[tuple[Step, float, int, Markup]]:
    for step in procedure.steps.values():
        share = share_in_time(numbers, step.number)
        if share is not None:
            kept, late = (numbers.get(f"{step.number}/{how}", 0) for how in ("in-time", "late"))
            yield step, share, kept + late, bar([(GOOD, kept), (BAD, late)], kept + late)


def bar(parts: list[tuple[str, int]], most: int) -> Markup:
    return Markup(draw_bar(parts, most))  # noqa: S704 - made of numbers and our own names
