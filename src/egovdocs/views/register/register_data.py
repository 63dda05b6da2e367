"""The formats of the public register for programs: JSON and CSV, in codes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from pyramid.response import Response

from egovdocs.content import Licence
from egovdocs.schemas import ServiceEdition, Services

COLUMNS = (
    *("number", "service", "state", "on", "issued_on", "holder", "bin", "activities", "places"),
    *("provider", "replaces", "replaced_by", "duplicates", "changed_on", "document", "ground"),
)


def public(licence: Licence, day: date, service: ServiceEdition) -> dict[str, Any]:
    """Return the public part of a licence as of a day: of a person neither name, IIN nor sites."""
    state = licence.state_on(day)
    legal = licence.kind == "legal"
    return {
        "number": licence.number,
        "service": licence.service,
        "state": state.value if state else None,
        "on": day.isoformat(),
        "issuedOn": licence.issued_on.isoformat(),
        "holder": {"name": licence.holder_name, "bin": licence.holder} if legal else None,
        "activities": list(licence.activities),
        "places": list(licence.places),
        "provider": {"bin": service.provider.bin, "name": service.provider.title["ru"]},
        "appendices": [
            {
                "number": one.number,
                "issuedOn": one.issued_on.isoformat(),
                "activities": list(one.activities),
                "place": one.region,
                "site": {"name": one.site, "address": one.address} if legal else None,
            }
            for one in licence.appendices
        ],
        "replaces": licence.replaces,
        "replacedBy": licence.replaced_by(day),
        "duplicates": licence.duplicates,
        "events": [
            {
                "change": event.change.value,
                "on": event.on.isoformat(),
                "document": event.document or None,
                "ground": event.ground or None,
            }
            for event in licence.known_on(day)
        ],
    }


def as_json(licences: Iterable[Licence], day: date, services: Services, following: str | None) -> Response:
    """Return a JSON object with the licences and the address of the next page."""
    entries = [
        public(licence, day, services[licence.service].edition(licence.edition)) for licence in licences
    ]
    body = json.dumps({"licences": entries, "next": following}, ensure_ascii=False)
    return Response(body.encode(), content_type="application/json")


def rows_of(licences: Iterable[Licence], day: date, services: Services) -> Iterator[Sequence[object]]:
    """Yield the rows of a table, first the names of the columns."""
    yield COLUMNS
    for licence in licences:
        entry = public(licence, day, services[licence.service].edition(licence.edition))
        holder = entry["holder"] or {"name": "", "bin": ""}
        last = entry["events"][-1] if entry["events"] else dict.fromkeys(("on", "document", "ground"))
        cells = [entry["number"], entry["service"], entry["state"], entry["on"], entry["issuedOn"]]
        cells += [holder["name"], holder["bin"], " ".join(entry["activities"]), " ".join(entry["places"])]
        cells += [entry["provider"]["bin"], entry["replaces"], entry["replacedBy"], entry["duplicates"]]
        yield [*cells, last["on"], last["document"], last["ground"]]
