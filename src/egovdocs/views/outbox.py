"""The outbox's workers, one a kind, in the site's own process: they do what requests leave to be done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pyramid.config import Configurator
from pyramid.events import ApplicationCreated
from pyramid.registry import Registry

from egovdocs.casework import EVIDENCE, handlers, take_evidence
from egovdocs.content import Handler, Site, Worker, bootstrap
from egovdocs.office import mailer_of

PAUSE = 0.2  # seconds; somebody at the bank's page waits for it


def includeme(config: Configurator) -> None:
    """``registry["outbox"]`` takes a handler for each kind of message."""
    office = config.registry["office"]
    config.registry["outbox"] = handlers(office, mailer_of(config.registry["settings"]))
    if office.timestamper is not None:
        config.registry["outbox"][EVIDENCE] = _evidence(config.registry)
    config.add_subscriber(_start, ApplicationCreated)


def _evidence(registry: Registry) -> Handler:
    @contextmanager
    def reading() -> Iterator[Site]:
        (database,) = registry._zodb_databases.values()
        with database.transaction("evidence: read") as connection:
            yield bootstrap(connection.root())

    return lambda id, data: take_evidence(registry["office"], reading, data)


def _start(event: ApplicationCreated) -> None:
    registry = event.app.registry
    (database,) = registry._zodb_databases.values()
    registry["workers"] = [
        Worker(database, registry["outbox"], kind=kind, pause=PAUSE) for kind in registry["outbox"]
    ]
    for worker in registry["workers"]:
        worker.start()


def stop(application: Any) -> None:
    """Stop the workers of an application."""
    for worker in application.registry["workers"]:
        worker.stop()
