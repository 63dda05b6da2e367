"""What indexes share: they follow from the objects alone, and are made anew and compared with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from persistent import Persistent

from egovdocs.content.trees import ByName, Numbers

BATCH = 1000

Told = tuple[str, Any]
"""Something that an index tells: the index's name, and the fact."""

T = TypeVar("T", bound=Persistent)


def in_batches(objects: Iterable[T]) -> Iterator[T]:
    """Go a long way through the database, with memory bounded."""
    for count, each in enumerate(objects, 1):
        yield each
        if count % BATCH == 0 and each._p_jar is not None:
            each._p_jar.transaction_manager.savepoint(optimistic=True)
            each._p_jar.cacheGC()


def compare(expected: Iterable[Told], found: Iterable[Told]) -> list[str]:
    """What indexes should tell, and what they tell: one line for each difference."""
    wanted, told = set(expected), set(found)
    lines = [f"{name}: {fact} is missing" for name, fact in sorted(wanted - told)]
    return lines + [f"{name}: {fact} is not so" for name, fact in sorted(told - wanted)]


def add_to(groups: ByName, key: Any, number: int) -> None:
    """Add a number to the set of a key."""
    if key not in groups:
        groups[key] = Numbers()
    groups[key].add(number)
