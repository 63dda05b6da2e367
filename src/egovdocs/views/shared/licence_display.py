"""What pages show of a licence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

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
)
from egovdocs.i18n import _
from egovdocs.schemas import ServiceEdition, Text
from egovdocs.views.shared.licence_states import LICENCE_STATES

CHANGES = {
    LicenceChange.ISSUED: _("Issued"),
    LicenceChange.SUSPENDED: _("Suspended"),
    LicenceChange.RESUMED: _("Resumed"),
    LicenceChange.TERMINATED: _("Terminated"),
    LicenceChange.REISSUED: _("Replaced by another licence"),
    LicenceChange.DUPLICATED: _("Duplicate issued"),
}
ORDER_KINDS = {change: kind for kind, change in ORDERS.items()}


@dataclass(frozen=True)
class LicenceHistoryEntry:
    """One change of a licence, as the register shows it.

    :ivar order: the signed order; None for an issue or a replacement.
    :ivar replaced_by: the number of the licence that replaced it.
    """

    event: LicenceEvent
    change: TranslationString
    ground: Text | None = None
    order: Document | None = None
    replaced_by: str | None = None


def licence_history(office: Office, licence: Licence, day: date) -> list[LicenceHistoryEntry]:
    """Return the changes of a licence that were known on a day, the oldest first."""
    entries = []
    for event in licence.known_on(day):
        entry = LicenceHistoryEntry(event, CHANGES[event.change])
        if event.change in ORDER_KINDS:
            order = licence.documents.get(event.document)
            edition = edition_of_document(licence, order) if order else licence.edition
            common = office.services[licence.service].edition(edition).common
            ground = common.find_order_ground(ORDER_KINDS[event.change], event.ground)
            entry = replace(entry, ground=ground.title if ground else None, order=order)
        elif event.document:
            entry = replace(entry, replaced_by=event.document)
        entries.append(entry)
    return entries


def public_licence(request: Request, licence: Licence, day: date | None = None) -> dict[str, Any]:
    """Return what ``shared/licence_public.jinja2`` shows of a licence, by what was known on a day."""
    day = day or request.office.today()
    service = request.office.edition_of(licence)
    activities, places = choices(service, "activities/activity"), choices(service, "applicant/address/region")
    return {
        "licence": licence,
        "service": service,
        "activities": [activities.get(code, code) for code in licence.activities],
        "places": [places.get(code, code) for code in licence.places],
        "appendices": [_public_appendix(one, activities, places) for one in licence.appendices],
        "replaced_by": licence.replaced_by(day),
        "history": licence_history(request.office, licence, day),
        "licence_states": LICENCE_STATES,
        "today": day,
    }


def _public_appendix(
    appendix: Appendix, activities: Mapping[str, Text], places: Mapping[str, Text]
) -> dict[str, Any]:
    """Return an appendix with the titles of its codes."""
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
