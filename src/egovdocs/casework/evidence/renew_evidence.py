"""Renew evidence before it ages: before the certificate of its time-stamping authority expires.

A daily job looks for such evidence and renews it through the outbox, as new evidence is collected. A
time-stamping service whose own certificate does not last longer cannot improve anything; then the evidence is
left for another day.
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
INTERVAL = timedelta(days=1)
MAX_AT_ONCE = 1000  # the next ones follow after a pause
PAUSE = timedelta(minutes=10)


def renew_evidence(
    office: Office, reading: Callable[[], AbstractContextManager[Site]]
) -> Callable[[Site], None]:
    """Look for evidence that ages.

    :param reading: opens the site for reading.
    :returns: a function that queues a message for each document, and the next search.
    :raises egovdocs.signing.TimestampError: the time-stamping service does not answer.
    """
    limit = office.clock() + RENEWED_BEFORE
    with reading() as site:
        ages = next(site.evidence.ageing(limit), None)
    holds = None
    if ages is not None:
        assert office.timestamper is not None, "evidence is renewed only with a service"
        holds = Evidence(office.timestamper.stamp(b"egovdocs").der).holds_until
        if holds <= ages[0]:
            log.warning(
                "evidence ages, and the certificate of the time-stamping service expires on %s", holds
            )

    def queue(site: Site) -> None:
        waiting = {tuple(message.data["place"]) for message in site.outbox.waiting(EVIDENCE)}
        gaining = (
            place
            for until, place in site.evidence.ageing(limit)
            if holds is not None and until < holds and tuple(place) not in waiting
        )
        found = list(islice(gaining, MAX_AT_ONCE))
        for place in found:
            if (document := document_at(site, place)) is not None:
                site.outbox.put(EVIDENCE, **evidence_message(document))
        site.outbox.put(RENEWAL, after=PAUSE if len(found) == MAX_AT_ONCE else INTERVAL)

    return queue


def schedule_renewals(site: Site) -> None:
    """Schedule the daily search for ageing evidence, unless it is scheduled already."""
    if next(site.outbox.waiting(RENEWAL), None) is None:
        site.outbox.put(RENEWAL)


def documents_to_renew(office: Office, site: Site) -> Iterator[Document]:
    """Yield the signed documents whose evidence ages, the earliest first, then those that have none."""
    for _until, place in site.evidence.ageing(office.clock() + RENEWED_BEFORE):
        document = document_at(site, Place(*place))
        if document is not None:
            yield document
    yield from (each for each in site.documents() if each.report and not each.kept_evidence)
