"""Finds licences by their facts, the newest first.

Each fact has a set of packed integers that sort the newest licence first. A search for several facts
intersects their sets, so a page costs what it shows, whatever the size of the register.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from persistent import Persistent

from egovdocs.content.counter import Counter
from egovdocs.content.indexes.index_entries import IndexEntry, add_to, compare, in_batches
from egovdocs.content.indexes.sorted_sets import SortedSet, Union, intersection
from egovdocs.content.licence import Licence
from egovdocs.content.packed_trees import (
    HIGHEST_ID,
    ByName,
    ByNumber,
    NumberByName,
    Numbers,
    pack,
    unpack,
)

LAST_DAY = date.max.toordinal()
HIGHEST_WORD = "\U0010ffff"
MAX_WORDS = 8
MAX_ENDINGS = 100

Fact = tuple[str, str]
"""The kind of a fact and its value: ``("activity", "therapy")``."""


class LicenceIndex(Persistent):
    """The indexes of the licences; each follows from the licences."""

    def __init__(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self._licences = ByNumber()  # id → licence
        self._ids = NumberByName()  # licence number → id
        self._last_id = Counter()
        self._all = Numbers()  # days before the last possible day << 40 | highest id - id
        self._facts = ByName()  # fact → the same integers

    # Finding

    def search(self, facts: Iterable[Sequence[Fact]], name: str = "") -> Iterator[Licence]:
        """Return the licences that meet all conditions, the newest first.

        :param facts: the conditions; of each, one of the facts is enough.
        :param name: words of the holder's name, or their beginnings; at most eight are searched.
        """
        sets: list[SortedSet | None] = [self._any_of(alternatives) for alternatives in facts]
        sets += [self._beginning_with(word) for word in words(name)[:MAX_WORDS]]
        found = [one for one in sets if one is not None]
        if len(found) < len(sets):
            return iter(())
        return self._of(intersection(found or [self._all]))

    def _any_of(self, facts: Sequence[Fact]) -> SortedSet | None:
        known = [found for fact in facts if (found := self._facts.get(fact)) is not None]
        return Union(known) if len(known) > 1 else next(iter(known), None)

    def _beginning_with(self, word: str) -> SortedSet | None:
        first, last = ("word", word), ("word", word + HIGHEST_WORD)
        return Union(list(islice(self._facts.values(first, last), MAX_ENDINGS)))

    def _of(self, packed: Iterable[int]) -> Iterator[Licence]:
        return (self._licences[HIGHEST_ID - unpack(one)[1]] for one in packed)

    # Updating

    def index(self, licence: Licence) -> None:
        """Add what is new of a licence to the indexes. Facts of a licence are never removed."""
        number = self._ids.get(licence.number)
        if number is None:
            self._last_id.last += 1
            number = self._ids[licence.number] = self._last_id.last
            self._licences[number] = licence
        place = pack(LAST_DAY - licence.issued_on.toordinal(), HIGHEST_ID - number)
        self._all.add(place)
        for fact in facts_of(licence):
            add_to(self._facts, fact, place)

    # Rebuilding and comparing

    def rebuild(self, licences: Iterable[Licence]) -> None:
        """Drop every index and build it again from the licences."""
        self._clear()
        for licence in in_batches(licences):
            self.index(licence)

    def differences(self, licences: Iterable[Licence]) -> list[str]:
        """Compare the indexes with the licences.

        :returns: a line for each difference.
        """
        fresh = LicenceIndex()
        fresh.rebuild(licences)
        return compare(fresh._entries(), self._entries())

    def _entries(self) -> Iterator[IndexEntry]:
        """Yield the entries of each index, with numbers of licences instead of ids."""
        numbers = {number: name for name, number in self._ids.items()}
        for number, licence in self._licences.items():
            yield "licences", (numbers.get(number, ""), licence.number)
        for day, number in map(unpack, self._all):
            yield "ages", (LAST_DAY - day, numbers.get(HIGHEST_ID - number, ""))
        for (kind, value), places in self._facts.items():
            for _day, number in map(unpack, places):
                yield f"{kind}s", (value, numbers.get(HIGHEST_ID - number, ""))


def words(name: str) -> list[str]:
    """Return the words of a name in the form they are compared in: case-folded, ``е`` for ``ё``."""
    return re.findall(r"\w+", name.casefold().replace("ё", "е"))


def facts_of(licence: Licence) -> Iterator[Fact]:
    """Yield the facts of a licence.

    They include every state it ever had, because a search is for the state on a given day.
    """
    yield "holder", licence.holder
    yield "kind", licence.kind
    yield "provider", licence.provider
    yield from (("activity", code) for code in licence.activities)
    yield from (("place", code) for code in licence.places)
    yield from (("state", state.value) for state in licence.states)
    yield from (("word", word) for word in words(licence.holder_name))
