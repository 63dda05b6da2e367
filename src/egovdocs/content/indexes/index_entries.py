"""Common parts of the indexes, each of which follows from the objects and can be rebuilt and compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from persistent import Persistent

from egovdocs.content.packed_trees import ByName, Numbers

BATCH = 1000

IndexEntry = tuple[str, Any]
"""An entry of an index: the index's name, and the fact that it holds."""

T = TypeVar("T", bound=Persistent)


def in_batches(objects: Iterable[T]) -> Iterator[T]:
    """Iterate over many objects of the database in bounded memory."""
    for count, each in enumerate(objects, 1):
        yield each
        if count % BATCH == 0 and each._p_jar is not None:
            each._p_jar.transaction_manager.savepoint(optimistic=True)
            each._p_jar.cacheGC()


def compare(expected: Iterable[IndexEntry], found: Iterable[IndexEntry]) -> list[str]:
    """Compare the entries that indexes should have with those that they have.

    :returns: a line for each difference.
    """
    wanted, present = set(expected), set(found)
    lines = [f"{name}: {fact} is missing" for name, fact in sorted(wanted - present)]
    return lines + [f"{name}: {fact} is wrong" for name, fact in sorted(present - wanted)]


def add_to(groups: ByName, key: Any, number: int) -> None:
    """Add an integer to the set of a key, created if there is none."""
    if key not in groups:
        groups[key] = Numbers()
    groups[key].add(number)
