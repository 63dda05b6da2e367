from __future__ import annotations

from lxml import etree

from egovdocs.rendering import draw_bar


def rects(svg: str) -> list[tuple[str, float, float]]:
    return [
        (rect.get("class"), float(rect.get("x")), float(rect.get("width"))) for rect in etree.fromstring(svg)
    ]


def test_parts_are_as_wide_as_their_numbers():
    assert rects(draw_bar([("good", 3), ("bad", 1)], 8)) == [("good", 0, 371), ("bad", 375, 121)]


def test_a_small_part_can_still_be_seen_and_none_is_not_there():
    assert rects(draw_bar([("good", 0), ("bad", 1)], 10_000)) == [("bad", 0, 1)]
    assert rects(draw_bar([("good", 0)], 0)) == []


def test_numbers_stand_beside_it_so_it_is_silent():
    assert etree.fromstring(draw_bar([], 0)).get("aria-hidden") == "true"
