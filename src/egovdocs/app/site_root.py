"""The database of the site, the root of its object tree, and the office that works on them."""

from __future__ import annotations

from typing import Any

from pyramid.config import Configurator
from ZODB import DB

from egovdocs.app.check_editions import check_editions
from egovdocs.app.open_office import open_office
from egovdocs.app.request import Request
from egovdocs.app.request_connection import add_connection
from egovdocs.app.workers import stop_workers
from egovdocs.content import Site, bootstrap, open_database, site_in
from egovdocs.schemas import Services


def includeme(config: Configurator) -> None:
    settings = config.registry["settings"]
    office = config.registry["office"] = open_office(settings)
    add_connection(config, _open_database(settings.database, office.services))
    config.set_root_factory(lambda request: request.site)
    config.add_request_method(_site, "site", reify=True)


def _open_database(uri: str, services: Services) -> DB:
    """Open the database, created if there is none.

    :raises DatabaseError: it can't be opened, or needs an edition that is missing or was changed.
    """
    database = open_database(uri)
    try:
        with site_in(database) as site:
            check_editions(site, services)
    except BaseException:
        database.close()
        raise
    return database


def _site(request: Request) -> Site:
    if "tm.active" not in request.environ:
        request.tm.begin()  # pyramid_tm's tween does, which pshell's request does not pass
    return bootstrap(request.connection.root())


def shut_down(application: Any) -> None:
    """Stop the workers of an application that ``main`` assembled, and close its database."""
    stop_workers(application)
    application.registry["database"].close()
