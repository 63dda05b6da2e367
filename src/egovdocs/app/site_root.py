"""The object tree under the web: its database, its root, and what the use cases need to work on it."""

from __future__ import annotations

from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid_zodbconn import get_connection
from pyramid_zodbconn import includeme as include_zodbconn
from ZODB import DB

from egovdocs.app import workers as outbox
from egovdocs.app.open_office import open_office
from egovdocs.content import Site, bootstrap, open_database, site_in


def includeme(config: Configurator) -> None:
    settings = config.registry["settings"]
    config.registry["office"] = open_office(settings)
    config.add_settings({"zodbconn.uri": settings.database})
    include_zodbconn(config, db_from_uri=_open_database)
    config.set_root_factory(lambda request: request.site)
    config.add_request_method(_site, "site", reify=True)
    config.add_request_method(lambda request: request.registry["office"], "office", reify=True)


def _open_database(uri: str, name: str, databases: dict[str, DB]) -> DB:
    database = databases[name] = open_database(uri)
    with site_in(database):
        pass  # it is made when there is none
    return database


def _site(request: Request) -> Site:
    if "tm.active" not in request.environ:
        request.tm.begin()  # pshell's request comes through no tween that would
    return bootstrap(get_connection(request).root())


def shut_down(application: Any) -> None:
    """Stop what works for an application that ``main`` assembled, and close its databases."""
    outbox.stop(application)
    for database in application.registry._zodb_databases.values():
        database.close()
