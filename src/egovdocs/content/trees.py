"""Trees with small nodes, and whole facts packed into one integer.

A change writes every node it touches: small nodes keep that write to a few hundred bytes, and it stays so
when the tree has millions of keys. A packed key sorts by its high part first: a range of keys is a page of
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
    """A set of 64-bit integers, often packed ones."""

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
    """``high << 40 | low``: sorts by ``high``, then by ``low``.

    :raises OverflowError: a part does not fit (23 bits and 40 bits).
    """
    if not (0 <= high < HIGHEST_PACKED and 0 <= low <= HIGHEST_ID):
        raise OverflowError(f"{high} and {low} do not fit into one number")
    return high << ID_BITS | low


def unpack(packed: int) -> tuple[int, int]:
    return packed >> ID_BITS, packed & HIGHEST_ID


def between(numbers: Numbers, first: int, last: int) -> list[int]:
    """The packed numbers whose high part lies from ``first`` to ``last``."""
    return list(numbers.keys(pack(first, 0), pack(last, HIGHEST_ID)))
