"""Trees with small nodes, and integers that pack a sort key and an id.

A change writes every node that it touches. Small nodes keep that write to a few hundred bytes, even when the
tree has millions of keys. A packed integer sorts by its high part first, so a range of integers is a page of
ordered results.
"""

from __future__ import annotations

from BTrees.LLBTree import LLTreeSet
from BTrees.LOBTree import LOBTree
from BTrees.OLBTree import OLBTree
from BTrees.OOBTree import OOBTree, OOTreeSet

ID_BITS = 40
HIGHEST_ID = (1 << ID_BITS) - 1
HIGHEST_PACKED = 1 << (63 - ID_BITS)


class Numbers(LLTreeSet):
    """A sorted set of 64-bit integers, packed ones for the most part."""

    max_leaf_size = 60
    max_internal_size = 40


class ByNumber(LOBTree):
    """Objects by integer."""

    max_leaf_size = 30
    max_internal_size = 40


class ByName(OOBTree):
    """Objects by string."""

    max_leaf_size = 30
    max_internal_size = 40


class NumberByName(OLBTree):
    """Integers by string."""

    max_leaf_size = 30
    max_internal_size = 40


class Pairs(OOTreeSet):
    """A sorted set of tuples."""

    max_leaf_size = 30
    max_internal_size = 40


def pack(high: int, low: int) -> int:
    """Return ``high << 40 | low``, which sorts by ``high``, then by ``low``.

    :raises OverflowError: ``high`` has more than 23 bits, or ``low`` more than 40.
    """
    if not (0 <= high < HIGHEST_PACKED and 0 <= low <= HIGHEST_ID):
        raise OverflowError(f"{high} and {low} do not fit into one number")
    return high << ID_BITS | low


def unpack(packed: int) -> tuple[int, int]:
    """Return the high and the low part."""
    return packed >> ID_BITS, packed & HIGHEST_ID


def between(numbers: Numbers, first: int, last: int) -> list[int]:
    """Return the packed integers whose high part is from ``first`` to ``last``."""
    return list(numbers.keys(pack(first, 0), pack(last, HIGHEST_ID)))
