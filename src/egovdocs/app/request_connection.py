"""The connection to the database that a request works with."""

from __future__ import annotations

from contextlib import suppress

from pyramid.config import Configurator
from transaction.interfaces import NoTransaction
from ZODB import DB
from ZODB.Connection import Connection

from egovdocs.app.request import Request


def add_connection(config: Configurator, database: DB) -> None:
    """Give requests a ``connection`` to the database, and the registry the database itself."""
    config.registry["database"] = database
    config.add_request_method(_open, "connection", reify=True)


def _open(request: Request) -> Connection:
    # Opened on first use and not in a tween: pshell's request passes no tween.
    connection = request.registry["database"].open(transaction_manager=request.tm)

    def close(request: Request) -> None:
        with suppress(NoTransaction):  # pyramid_tm has ended it already
            connection.transaction_manager.abort()
        connection.close()

    request.add_finished_callback(close)
    return connection
