"""The public register of licences: what everybody may know of a licence, and in what state it is on a day.

Who holds a licence is told of a legal entity alone. Whoever knows a person's IIN or name must not learn of
their licences: these are found by number, by activity and by place, and say nothing of their holder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config
from translationstring import TranslationString

from egovdocs.app.request import Request
from egovdocs.casework.office import Office
from egovdocs.casework.outcomes.order_licence import ORDERS
from egovdocs.casework.signatures.read_document import edition_of_document
from egovdocs.content import (
    Appendix,
    Document,
    Licence,
    LicenceChange,
    LicenceEvent,
    Licences,
    LicenceState,
    Site,
)
from egovdocs.i18n import _
from egovdocs.schemas import Service, ServiceEdition, Text, renamings
from egovdocs.schemas.identifiers import is_identifier, is_licence_number, kind_of
from egovdocs.views.plumbing.case_lists import page_of
from egovdocs.views.plumbing.csv_tables import EXCEL, PLAIN, as_table
from egovdocs.views.register.register_data import as_json, rows_of
from egovdocs.views.shared.licence_states import LICENCE_STATES, STATE_CODES

TEMPLATES = "egovdocs:views/register/"
PUBLIC = {"permission": NO_PERMISSION_REQUIRED, "request_method": "GET"}
PAGE = 50
DATA_PAGE = 1000
LONGEST_NAME = 250

CHANGES = {
    LicenceChange.ISSUED: _("Issued"),
    LicenceChange.SUSPENDED: _("Suspended"),
    LicenceChange.RESUMED: _("Resumed"),
    LicenceChange.TERMINATED: _("Terminated"),
    LicenceChange.REISSUED: _("Replaced by another licence"),
    LicenceChange.DUPLICATED: _("Duplicate issued"),
}
KINDS = {change: kind for kind, change in ORDERS.items()}


@dataclass(frozen=True)
class Entry:
    """One change of a licence, as the register tells it.

    :ivar order: the signed order; None of an issue or a replacement.
    :ivar replaced_by: the number of the licence that has taken its place.
    """

    event: LicenceEvent
    change: TranslationString
    ground: Text | None = None
    order: Document | None = None
    replaced_by: str | None = None


def history(office: Office, licence: Licence, day: date) -> list[Entry]:
    """The changes of a licence that were known on a day, the oldest first."""
    entries = []
    for event in licence.known_on(day):
        entry = Entry(event, CHANGES[event.change])
        if event.change in KINDS:
            order = licence.documents.get(event.document)
            edition = edition_of_document(licence, order) if order else licence.edition
            common = office.services[licence.service].edition(edition).common
            ground = common.find_order_ground(KINDS[event.change], event.ground)
            entry = replace(entry, ground=ground.title if ground else None, order=order)
        elif event.document:
            entry = replace(entry, replaced_by=event.document)
        entries.append(entry)
    return entries


def public_part(request: Request, licence: Licence, day: date | None = None) -> dict[str, Any]:
    """What ``register/public.jinja2`` shows of a licence, by what was known on a day."""
    day = day or request.office.today()
    service = request.office.edition_of(licence)
    activities, places = choices(service, "activities/activity"), choices(service, "applicant/address/region")
    return {
        "licence": licence,
        "service": service,
        "activities": [activities.get(code, code) for code in licence.activities],
        "places": [places.get(code, code) for code in licence.places],
        "appendices": [appendix_part(one, activities, places) for one in licence.appendices],
        "replaced_by": licence.replaced_by(day),
        "history": history(request.office, licence, day),
        "licence_states": LICENCE_STATES,
        "today": day,
    }


def appendix_part(
    appendix: Appendix, activities: Mapping[str, Text], places: Mapping[str, Text]
) -> dict[str, Any]:
    """An appendix with its codes in words."""
    return {
        "appendix": appendix,
        "activities": [activities.get(code, code) for code in appendix.activities],
        "region": places.get(appendix.region, appendix.region),
    }


def choices(edition: ServiceEdition, path: str) -> Mapping[str, Text]:
    """Return the titles of a request's codes, by code."""
    return {
        value: label for one in edition.request.walk() if one.path == path for value, label in one.choices
    }


def former_codes(service: Service, path: str) -> Mapping[str, tuple[str, ...]]:
    """Return the codes that licences may name at a path of the request, each with those it had before.

    Codes of earlier editions that were renamed are only among the latter.
    """
    known: dict[str, set[str]] = {}
    for edition in service:
        names = renamings(service, edition, service.newest)
        for one in edition.request.walk():
            if one.path == path:
                for code, _label in one.choices:
                    known.setdefault(names.get(one.type_name, {}).get(code, code), set()).add(code)
    return {code: tuple(sorted(codes)) for code, codes in known.items()}


def clean_number(text: str) -> str:
    """A licence number as people type it: with spaces, in small letters."""
    return "".join(text.split()).upper()


def number_error(licences: Licences, number: str) -> TranslationString | None:
    """What is wrong with a licence number; None when the register knows it."""
    if not number:
        return _("Enter the licence number.")
    if not is_licence_number(number):
        return _("This is not a licence number. Check every letter and digit.")
    if number not in licences:
        return _("The register knows no licence with this number.")
    return None


@dataclass
class Search:
    """What is asked of the register, as the address has it.

    :ivar errors: what is wrong with it, by field.
    """

    request: Request
    asked: dict[str, str] = field(default_factory=dict)
    errors: dict[str, TranslationString] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sent = self.request.GET
        names = ("number", "name", "bin", "activity", "place", "state", "on")
        self.asked = {name: " ".join(sent.get(name, "").split())[:LONGEST_NAME] for name in names}
        self.asked["number"] = clean_number(self.asked["number"])
        self.asked["bin"] = clean_number(self.asked["bin"])
        self.day, wrong_day = day_asked(self.request)
        self.activities, self.former_activities = self._choices("activities/activity")
        self.places, self.former_places = self._choices("applicant/address/region")
        if wrong_day:
            self.errors["on"] = wrong_day
        if number := self.asked["number"]:
            wrong = number_error(self.request.site.licences, number)
            if wrong is not None:
                self.errors["number"] = wrong
        if identifier := self.asked["bin"]:
            if not is_identifier(identifier):
                self.errors["bin"] = _("Enter the 12 digits of the BIN.")
            elif kind_of(identifier) != "legal":
                self.errors["bin"] = _("This is an IIN. Licences of persons are found by their number alone.")

    def _choices(self, path: str) -> tuple[dict[str, Text], dict[str, tuple[str, ...]]]:
        """Return what licences may name: titles by code, and the codes that stand for it in all editions."""
        titles: dict[str, Text] = {}
        codes: dict[str, tuple[str, ...]] = {}
        for service in self.request.office.services.values():
            if any(edition.licence_series for edition in service):
                found = former_codes(service, path)
                known = {code: label for one in service for code, label in choices(one, path).items()}
                titles |= {code: label for code, label in known.items() if code in found}
                codes |= found
        return titles, codes

    def found(self) -> Iterator[Licence]:
        """The licences found, the newest first; none when something is wrong with what was asked."""
        asked, state = self.asked, self.asked["state"]
        if self.errors or (state and state not in STATE_CODES):
            return iter(())
        return self.request.site.licences.search(
            self.day,
            name=asked["name"],
            state=LicenceState(state) if state else None,
            kind="legal" if asked["name"] or asked["bin"] else None,
            holder=asked["bin"] or None,
            activity=_all_codes(self.former_activities, asked["activity"]),
            place=_all_codes(self.former_places, asked["place"]),
        )

    def address(self, page: int = 1, form: str = "") -> str:
        """Where the same search has another page or another form."""
        query = {name: value for name, value in self.asked.items() if value}
        query |= {"page": str(page)} if page > 1 else {}
        return f"/licences{form}" + (f"?{urlencode(query)}" if query else "")


def _all_codes(known: Mapping[str, tuple[str, ...]], code: str) -> tuple[str, ...] | None:
    return known.get(code, (code,)) if code else None


def day_asked(request: Request) -> tuple[date, TranslationString | None]:
    """The day of ``?on=``, or else today; and what is wrong with it."""
    today: date = request.office.today()
    wish = request.GET.get("on", "")
    try:
        return (date.fromisoformat(wish) if wish else today), None
    except ValueError:
        return today, _("Enter a date, for example 2026-03-27.")


@view_config(context=Licences, renderer=TEMPLATES + "list.jinja2", **PUBLIC)
@view_config(context=Licences, renderer=TEMPLATES + "list.jinja2", accept="text/html", **PUBLIC)
def look_up(licences: Licences, request: Request) -> dict[str, Any] | Response:
    """The newest licences of which all holds that is asked; by ``?number=`` the way to one."""
    search = Search(request)
    if search.asked["number"] and not search.errors:
        return HTTPSeeOther(f"/licences/{search.asked['number']}")
    return {
        "search": search,
        "errors": search.errors,
        "page": page_of(request, search.found(), PAGE),
        "licence_states": LICENCE_STATES,
        "state_titles": {state.value: LICENCE_STATES[state][0] for state in LicenceState},
        "today": search.day,
        "others_day": search.day != request.office.today(),
    }


@view_config(context=Site, name="licences.json", **PUBLIC)
@view_config(context=Licences, accept="application/json", **PUBLIC)
def list_as_json(context: Any, request: Request) -> Response:
    """The same, up to 1,000 licences at a time, with the address of the next ones."""
    return _data(request, ".json")


@view_config(context=Site, name="licences.csv", **PUBLIC)
@view_config(context=Licences, accept="text/csv", **PUBLIC)
def list_as_csv(context: Any, request: Request) -> Response:
    """The same as a table; a ``Link`` header (RFC 8288) leads to the next ones."""
    return _data(request, PLAIN)


@view_config(context=Site, name="licences.excel.csv", permission=NO_PERMISSION_REQUIRED, request_method="GET")
def list_for_excel(context: Any, request: Request) -> Response:
    """The table as Excel opens it."""
    return _data(request, EXCEL)


def _data(request: Request, form: str) -> Response:
    if request.subpath:
        raise HTTPNotFound()
    search = Search(request)
    if search.errors:
        errors = {name: request.tr(error) for name, error in search.errors.items()}
        return Response(json_body={"errors": errors}, status=422)
    found = search.found()
    if number := search.asked["number"]:
        found = iter([request.site.licences[number]])
    page = page_of(request, found, DATA_PAGE)
    following = request.office.site_url + search.address(page.number + 1, form) if page.more else None
    told = (page.shown, search.day, request.office.services)
    response = as_json(*told, following) if form == ".json" else as_table(rows_of(*told), "licences", form)
    if following:
        response.headers["Link"] = f'<{following}>; rel="next"'
    response.vary = ["Accept"]
    return response


@view_config(context=Licence, renderer=TEMPLATES + "licence.jinja2", **PUBLIC)
@view_config(context=Licence, renderer=TEMPLATES + "licence.jinja2", accept="text/html", **PUBLIC)
def show(licence: Licence, request: Request) -> dict[str, Any]:
    """A licence, with ``?on=`` as it stood on a day, and what was known then."""
    day, wrong = day_asked(request)
    return {
        **public_part(request, licence, day),
        "error": wrong,
        "others_day": day != request.office.today(),
        "may_read": request.may("view", licence),
    }


@view_config(context=Licence, accept="application/json", **PUBLIC)
def show_as_json(licence: Licence, request: Request) -> Response:
    day, wrong = day_asked(request)
    if wrong:
        return Response(json_body={"errors": {"on": request.tr(wrong)}}, status=422)
    response = as_json([licence], day, request.office.services, None)
    response.vary = ["Accept"]
    return response
