"""Union and intersection of sorted sets."""

from __future__ import annotations

from egovdocs.content.indexes.sorted_sets import Union, intersection
from egovdocs.content.packed_trees import Numbers


def test_a_union_is_one_sorted_set() -> None:
    either = Union([Numbers([1, 5, 9]), Numbers([2, 5]), Numbers()])
    assert list(intersection([either])) == [1, 2, 5, 9]
    assert list(intersection([either, Numbers([2, 9, 11])])) == [2, 9]
