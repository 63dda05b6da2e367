"""The object tree under the web: its database, its root, and what the use cases need to work on it."""

from __future__ import annotations

from typing import Any

from pyramid.config import Configurator
from ZODB import DB

from egovdocs.app import workers as outbox
from egovdocs.app.open_office import open_office
from egovdocs.app.request import Request
from egovdocs.app.request_connection import add_connection
from egovdocs.content import Site, bootstrap, open_database, site_in


def includeme(config: Configurator) -> None:
    settings = config.registry["settings"]
    config.registry["office"] = open_office(settings)
    add_connection(config, _open_database(settings.database))
    config.set_root_factory(lambda request: request.site)
    config.add_request_method(_site, "site", reify=True)


def _open_database(uri: str) -> DB:
    database = open_database(uri)
    with site_in(database):
        pass  # it is made when there is none
    return database


def _site(request: Request) -> Site:
    if "tm.active" not in request.environ:
        request.tm.begin()  # pshell's request comes through no tween that would
    return bootstrap(request.connection.root())


def shut_down(application: Any) -> None:
    """Stop what works for an application that ``main`` assembled, and close its database."""
    outbox.stop(application)
    application.registry["database"].close()
