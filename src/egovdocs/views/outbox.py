"""The outbox's worker, in the site's own process: what a request leaves to be done outside is done here."""

from __future__ import annotations

from typing import Any

from pyramid.config import Configurator
from pyramid.events import ApplicationCreated

from egovdocs.content import Worker

PAUSE = 0.2  # seconds; somebody at the bank's page waits for it


def includeme(config: Configurator) -> None:
    """``registry["outbox"]`` takes a handler for each kind of message."""
    config.registry["outbox"] = {}
    config.add_subscriber(_start, ApplicationCreated)


def _start(event: ApplicationCreated) -> None:
    registry = event.app.registry
    (database,) = registry._zodb_databases.values()
    registry["worker"] = Worker(database, registry["outbox"], pause=PAUSE)
    registry["worker"].start()


def stop(application: Any) -> None:
    """Stop the worker of an application."""
    application.registry["worker"].stop()
