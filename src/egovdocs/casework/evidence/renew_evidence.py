"""Evidence that ages, looked for once a day: its time-stamp's authority will go out of date.

What is found is renewed through the outbox, as evidence is taken. A service whose own certificate is not
newer has nothing to renew it with: then it stays for another day.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from itertools import islice

from egovdocs.casework.evidence.take_evidence import EVIDENCE, RENEWED_BEFORE, evidence_message
from egovdocs.casework.office import Office
from egovdocs.content import Document, Place, Site, document_at
from egovdocs.signing import Evidence

log = logging.getLogger(__name__)

RENEWAL = "evidence-renewal"
EVERY = timedelta(days=1)
AT_ONCE = 1000  # and the next ones soon after
SOON = timedelta(minutes=10)


def renew_evidence(
    office: Office, reading: Callable[[], AbstractContextManager[Site]]
) -> Callable[[Site], None]:
    """Look for evidence that ages.

    :returns: what leaves a message for each document, and one to look again.
    :raises egovdocs.signing.TimestampError: the service is silent.
    """
    limit = office.clock() + RENEWED_BEFORE
    with reading() as site:
        ages = next(site.evidence.ageing(limit), None)
    holds = None
    if ages is not None:
        assert office.timestamper is not None, "without a service nothing is renewed"
        holds = Evidence(office.timestamper.stamp(b"egovdocs").der).holds_until
        if holds <= ages[0]:
            log.warning("evidence ages by %s, and the time-stamping service's own certificate too", holds)

    def leave(site: Site) -> None:
        waiting = {tuple(message.data["place"]) for message in site.outbox.waiting(EVIDENCE)}
        gaining = (
            place
            for until, place in site.evidence.ageing(limit)
            if holds is not None and until < holds and tuple(place) not in waiting
        )
        found = list(islice(gaining, AT_ONCE))
        for place in found:
            if (document := document_at(site, place)) is not None:
                site.outbox.put(EVIDENCE, **evidence_message(document))
        site.outbox.put(RENEWAL, after=SOON if len(found) == AT_ONCE else EVERY)

    return leave


def schedule_renewals(site: Site) -> None:
    """Have evidence looked after from now on, unless it is."""
    if next(site.outbox.waiting(RENEWAL), None) is None:
        site.outbox.put(RENEWAL)


def documents_to_renew(office: Office, site: Site) -> Iterator[Document]:
    """The signed documents whose evidence ages, the nearest first, and those that have none."""
    for _until, place in site.evidence.ageing(office.clock() + RENEWED_BEFORE):
        document = document_at(site, Place(*place))
        if document is not None:
            yield document
    yield from (each for each in site.documents() if each.report and not each.kept_evidence)
