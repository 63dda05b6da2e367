"""Packed integers sort by their high part."""

from __future__ import annotations

from datetime import date

import pytest

from egovdocs.content.packed_trees import HIGHEST_ID, pack, unpack


def test_packed_numbers_sort_by_the_high_part() -> None:
    assert pack(1, HIGHEST_ID) < pack(2, 0)
    assert unpack(pack(739_000, 17)) == (739_000, 17)
    assert pack(date.max.toordinal(), HIGHEST_ID) < 2**63
    with pytest.raises(OverflowError):
        pack(1 << 23, 0)
    with pytest.raises(OverflowError):
        pack(0, 1 << 40)
