"""Opens the database of a site, and gives access to the site in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ZODB import DB

from egovdocs.content.evolve import evolution
from egovdocs.content.evolve.evolution_step import EvolutionStep
from egovdocs.content.evolve.former_names import FORMER_NAMES
from egovdocs.content.evolve.schema_version import VERSION_KEY, read_version
from egovdocs.content.evolve.steps import SCHEMA_VERSION, STEPS
from egovdocs.content.site import Site
from egovdocs.content.storage.contract import BackEnd, DatabaseError
from egovdocs.content.storage.file_backend import open_storage
from egovdocs.content.storage.guard import Guard
from egovdocs.content.stored_classes import STORED_CLASSES

OBJECTS_CACHED = 20_000

BACK_ENDS: Mapping[str, BackEnd] = {"file": open_storage}
GUARD = Guard(STORED_CLASSES, FORMER_NAMES)


class OlderDatabase(DatabaseError):  # noqa: N818 - says what is wrong
    """The database has to be evolved before it can be used."""


class NewerDatabase(DatabaseError):  # noqa: N818 - says what is wrong
    """A later version of egovdocs has evolved the database."""


def open_database(uri: str, *, any_version: bool = False) -> DB:
    """Open a database, created if there is none.

    :param uri: ``file://FOLDER``: for one process on one machine; the folder gets ``data.fs`` and ``blobs``.
    :param any_version: open a database of another schema version, too: to evolve it, or for what needs no
        objects, such as packing.
    :returns: a ZODB database that loads and stores only the classes of ``stored_classes``.
    :raises OlderDatabase: it has to be evolved before.
    :raises NewerDatabase: it belongs to a later version of egovdocs.
    :raises DatabaseError: the address is of another kind; or the database is in use, damaged or not readable.
    """
    kind, _, place = uri.partition("://")
    if kind == "postgresql":
        raise DatabaseError("postgresql:// is not supported yet; use file://FOLDER")
    if kind not in BACK_ENDS or not place:
        raise DatabaseError(f"a database's address is file://FOLDER, not {uri!r}")
    storage = BACK_ENDS[kind](place, GUARD)
    try:
        if not any_version:
            _check_version(read_version(storage), uri)
        return DB(
            storage,
            cache_size=OBJECTS_CACHED,
            class_factory=lambda connection, module, name: GUARD.find(module, name),
        )
    except BaseException:
        storage.close()
        raise


def pack_database(database: DB, days: float) -> None:
    """Remove the states of objects replaced so many days ago, and objects not referred to since then."""
    database.pack(days=days)


def pending_steps(database: DB) -> Sequence[EvolutionStep]:
    """Return the steps that bring a database to the present schema, in order.

    :raises NewerDatabase: it belongs to a later version of egovdocs.
    """
    version = read_version(database.storage)
    if version is not None and version > SCHEMA_VERSION:
        raise _newer(version)
    return evolution.pending_steps(database, STEPS)


def evolve_database(database: DB, report: evolution.Report) -> None:
    """Bring a database to the present schema; see :func:`egovdocs.content.evolve.evolution.evolve`.

    :raises NewerDatabase: it belongs to a later version of egovdocs.
    """
    if pending_steps(database):
        evolution.evolve(database, GUARD, STEPS, report)


@contextmanager
def site_in(database: DB, note: str | None = None) -> Iterator[Site]:
    """Give the site of a database in a transaction of its own; an exception aborts it.

    :param note: describes the transaction.
    """
    with database.transaction(note) as connection:
        yield bootstrap(connection.root())


def bootstrap(root: Any) -> Site:
    """Return the site of a database, created if there is none.

    :param root: the database's root object, ``connection.root()``.
    """
    if "site" not in root:
        root["site"] = Site()
        root[VERSION_KEY] = SCHEMA_VERSION
    site: Site = root["site"]
    return site


def _check_version(version: int | None, uri: str) -> None:
    if version is None or version == SCHEMA_VERSION:
        return
    if version > SCHEMA_VERSION:
        raise _newer(version)
    raise OlderDatabase(
        f"the database {uri} was written by an earlier version of egovdocs: stop the site, copy the "
        "database, and run `egovdocs database evolve`"
    )


def _newer(version: int) -> NewerDatabase:
    return NewerDatabase(
        f"the database was written by a later version of egovdocs (its schema version is {version}, this "
        f"version knows {SCHEMA_VERSION}): install that version or a later one"
    )
