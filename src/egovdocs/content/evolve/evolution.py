"""Carries out the steps that a database needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from transaction import TransactionManager
from ZODB import DB

from egovdocs.content.evolve.evolution_step import EvolutionStep
from egovdocs.content.evolve.schema_version import VERSION_KEY, read_version
from egovdocs.content.storage.guard import Guard

PROGRESS_KEY = "evolution"
RECORDS_A_TRANSACTION = 1000

Report = Callable[[EvolutionStep, int, int], None]
"""Called after each transaction with the step, the number of records read, and their approximate total."""


def pending_steps(database: DB, steps: Sequence[EvolutionStep]) -> Sequence[EvolutionStep]:
    """Return the steps that a database needs, in order; none for a new database."""
    version = read_version(database.storage)
    return () if version is None else steps[version:]


def evolve(
    database: DB,
    guard: Guard,
    steps: Sequence[EvolutionStep],
    report: Report,
    batch: int = RECORDS_A_TRANSACTION,
) -> None:
    """Bring a database to the schema version of the last step.

    Each transaction changes at most ``batch`` records, and stores the position with them. When it is
    interrupted, the next call goes on from there.

    :param database: opened with ``any_version``, and not in use by a site.
    """
    connection = database.open(TransactionManager(explicit=True))
    try:
        for step in pending_steps(database, steps):
            _carry_out(connection, guard, step, steps.index(step) + 1, report, batch)
    finally:
        connection.close()


def _carry_out(
    connection: Any, guard: Guard, step: EvolutionStep, version: int, report: Report, batch: int
) -> None:
    storage, manager = connection.db().storage, connection.transaction_manager
    finished = False
    while not finished:
        with manager:
            root = connection.root()
            position, done = root.get(PROGRESS_KEY, (None, 0))
            for _each in range(batch):
                oid, _tid, data, position = storage.record_iternext(position)
                done += 1
                if data and step.concerns(*guard.classes_in(data)):
                    _change(connection.get(oid), step)
                if finished := position is None:
                    break
            if finished:
                root.pop(PROGRESS_KEY, None)
                root[VERSION_KEY] = version
            else:
                root[PROGRESS_KEY] = (position, done)
        connection.cacheMinimize()
        report(step, done, max(done, len(storage)))


def _change(item: Any, step: EvolutionStep) -> None:
    item._p_activate()  # a ghost would ignore _p_changed
    step.change(item)
    item._p_changed = True
