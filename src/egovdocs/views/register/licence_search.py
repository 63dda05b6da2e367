"""The search in the register of licences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from translationstring import TranslationString

from egovdocs.app.request import Request
from egovdocs.content import (
    Licence,
    LicenceState,
)
from egovdocs.i18n import _
from egovdocs.schemas import Service, Text, renamings
from egovdocs.schemas.identifiers import is_identifier, kind_of
from egovdocs.views.shared.licence_display import choices
from egovdocs.views.shared.licence_numbers import clean_number, number_error
from egovdocs.views.shared.licence_states import STATE_CODES

MAX_QUERY_LENGTH = 250


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


@dataclass
class LicenceSearch:
    """A search in the register, by the parameters of the address.

    A person's licences are found by their number, activity and place alone, and nothing is shown of the
    holder: whoever knows a person's IIN or name must not learn of their licences.

    :ivar asked: the parameters by name.
    :ivar errors: what is wrong with them, by name.
    """

    request: Request
    asked: dict[str, str] = field(default_factory=dict)
    errors: dict[str, TranslationString] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sent = self.request.GET
        names = ("number", "name", "bin", "activity", "place", "state", "on")
        self.asked = {name: " ".join(sent.get(name, "").split())[:MAX_QUERY_LENGTH] for name in names}
        self.asked["number"] = clean_number(self.asked["number"])
        self.asked["bin"] = clean_number(self.asked["bin"])
        self.day, wrong_day = requested_day(self.request)
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
        """Return the licences found, the newest first; none when a parameter is wrong."""
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
        """Return the path of another page or format of the same search."""
        query = {name: value for name, value in self.asked.items() if value}
        query |= {"page": str(page)} if page > 1 else {}
        return f"/licences{form}" + (f"?{urlencode(query)}" if query else "")


def _all_codes(known: Mapping[str, tuple[str, ...]], code: str) -> tuple[str, ...] | None:
    return known.get(code, (code,)) if code else None


def requested_day(request: Request) -> tuple[date, TranslationString | None]:
    """Return the day of ``?on=``, or else today, and what is wrong with the parameter."""
    today: date = request.office.today()
    text = request.GET.get("on", "")
    try:
        return (date.fromisoformat(text) if text else today), None
    except ValueError:
        return today, _("Enter a date, for example 2026-03-27.")
