"""The workers that drain the outbox: a thread for each external system, in the site's own process."""

from __future__ import annotations

from functools import partial
from typing import Any

from pyramid.config import Configurator
from pyramid.events import ApplicationCreated

from egovdocs.app.open_office import mailer_of
from egovdocs.casework.evidence.renew_evidence import RENEWAL, renew_evidence, schedule_renewals
from egovdocs.casework.evidence.take_evidence import EVIDENCE, take_evidence
from egovdocs.casework.notices.notify_applicant import handlers
from egovdocs.casework.payments.pay_fee import payment_handlers
from egovdocs.casework.requests.send_request import sending_handlers
from egovdocs.content import Worker, site_in

PAUSE = 0.2  # seconds between looks into the outbox; a payer waits for the notice


def includeme(config: Configurator) -> None:
    """Put the handlers into ``registry["outbox"]``: for each external system a mapping by kind of message."""
    office = config.registry["office"]
    config.registry["outbox"] = [handlers(office, mailer_of(config.registry["settings"]))]
    database = config.registry["database"]
    reading = partial(site_in, database, "outbox: read")
    if office.payments.can_query:
        config.registry["outbox"].append(payment_handlers(office))
    if office.timestamper is not None:
        config.registry["outbox"].append(
            {
                EVIDENCE: lambda id, data: take_evidence(office, reading, data),
                RENEWAL: lambda id, data: renew_evidence(office, reading),
            }
        )
    if office.sending is not None:
        config.registry["outbox"].append(sending_handlers(office, office.sending, reading))
    config.add_subscriber(_start, ApplicationCreated)


def _start(event: ApplicationCreated) -> None:
    registry = event.app.registry
    database = registry["database"]
    registry["workers"] = [
        Worker(database, handlers, kinds=handlers.keys(), pause=PAUSE) for handlers in registry["outbox"]
    ]
    if registry["office"].timestamper is not None:
        with site_in(database, "evidence: schedule renewals") as site:
            schedule_renewals(site)
    for worker in registry["workers"]:
        worker.start()


def stop_workers(application: Any) -> None:
    """Stop the workers of an application."""
    for worker in application.registry["workers"]:
        worker.stop()
