"""Finding licences by their facts, the newest first.

Each fact has a set of packed integers that sort the newest licence first, so that several facts are asked for
at once by leaping through their sets together, and a page costs what it shows and not what the register
holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from persistent import Persistent

from egovdocs.content.indexes import Told, add_to, compare, in_batches
from egovdocs.content.numbering import Counter
from egovdocs.content.trees import HIGHEST_ID, ByName, ByNumber, NumberByName, Numbers, pack, unpack

if TYPE_CHECKING:
    from egovdocs.content.licences import Licence

LAST_DAY = date.max.toordinal()
HIGHEST_WORD = "\U0010ffff"
MOST_WORDS = 8
MOST_ENDINGS = 100

Fact = tuple[str, str]
"""What kind of fact, and its value: ``("activity", "therapy")``."""


class Sorted(Protocol):
    """A sorted set of integers."""

    def minKey(self, least: int, /) -> int:  # noqa: N802 - the name BTrees have
        """The least member from ``least`` on; ValueError when there is none."""


class LicenceIndex(Persistent):
    """The indexes over the licences; every one follows from the licences alone."""

    def __init__(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self._licences = ByNumber()  # id → licence
        self._ids = NumberByName()  # licence number → id
        self._last_id = Counter()
        self._all = Numbers()  # days before the last day there is << 40 | highest id - id
        self._facts = ByName()  # fact → the same

    # Finding

    def search(self, facts: Iterable[Fact], name: str = "") -> Iterator[Licence]:
        """The licences of which all the facts hold, the newest first.

        :param name: words of the holder's name, or their beginnings.
        """
        sets: list[Sorted | None] = [self._facts.get(fact) for fact in facts]
        sets += [self._beginning_with(word) for word in words(name)[:MOST_WORDS]]
        found = [one for one in sets if one is not None]
        if len(found) < len(sets):
            return iter(())
        return self._of(common(found or [self._all]))

    def _beginning_with(self, word: str) -> Sorted | None:
        first, last = ("word", word), ("word", word + HIGHEST_WORD)
        return AnyOf(list(islice(self._facts.values(first, last), MOST_ENDINGS)))

    def _of(self, packed: Iterable[int]) -> Iterator[Licence]:
        return (self._licences[HIGHEST_ID - unpack(one)[1]] for one in packed)

    # Keeping up

    def index(self, licence: Licence) -> None:
        """Bring the indexes up to a licence's facts: more may be known of it, and none is unlearnt."""
        number = self._ids.get(licence.number)
        if number is None:
            self._last_id.last += 1
            number = self._ids[licence.number] = self._last_id.last
            self._licences[number] = licence
        place = pack(LAST_DAY - licence.issued_on.toordinal(), HIGHEST_ID - number)
        self._all.add(place)
        for fact in facts_of(licence):
            add_to(self._facts, fact, place)

    # Dropping and rebuilding

    def rebuild(self, licences: Iterable[Licence]) -> None:
        """Drop every index and make it anew from the licences."""
        self._clear()
        for licence in in_batches(licences):
            self.index(licence)

    def differences(self, licences: Iterable[Licence]) -> list[str]:
        """Compare the indexes with what the licences say: one line for each difference."""
        fresh = LicenceIndex()
        fresh.rebuild(licences)
        return compare(fresh._told(), self._told())

    def _told(self) -> Iterator[Told]:
        """What each index says, told without the ids that licences were given."""
        numbers = {number: name for name, number in self._ids.items()}
        for number, licence in self._licences.items():
            yield "licences", (numbers.get(number, ""), licence.number)
        for day, number in map(unpack, self._all):
            yield "ages", (LAST_DAY - day, numbers.get(HIGHEST_ID - number, ""))
        for (kind, value), places in self._facts.items():
            for _day, number in map(unpack, places):
                yield f"{kind}s", (value, numbers.get(HIGHEST_ID - number, ""))


class AnyOf:
    """Several sorted sets as one."""

    def __init__(self, sets: Sequence[Sorted]) -> None:
        self._sets = sets

    def minKey(self, least: int, /) -> int:  # noqa: N802 - the name BTrees have
        return min(found for one in self._sets if (found := _from(one, least)) is not None)


def common(sets: Sequence[Sorted]) -> Iterator[int]:
    """What stands in all of the sets, in order: each leaps to where the others are."""
    at = 0
    while True:
        for one in sets:
            found = _from(one, at)
            if found is None:
                return
            if found > at:
                at = found
                break
        else:
            yield at
            at += 1


def _from(one: Sorted, least: int) -> int | None:
    try:
        return one.minKey(least)
    except ValueError:
        return None


def words(name: str) -> list[str]:
    """The words of a name as they are compared: small letters, ``е`` for ``ё``."""
    return re.findall(r"\w+", name.casefold().replace("ё", "е"))


def facts_of(licence: Licence) -> Iterator[Fact]:
    """What a licence is found by. Of its states every one that it ever had: a state is asked for on a day."""
    yield "holder", licence.holder
    yield "kind", licence.kind
    yield "provider", licence.provider
    yield from (("activity", code) for code in licence.activities)
    yield from (("place", code) for code in licence.places)
    yield from (("state", state.value) for state in licence.states)
    yield from (("word", word) for word in words(licence.holder_name))
