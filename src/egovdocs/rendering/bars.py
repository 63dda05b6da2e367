"""Bars of a chart, as SVG: one for a row of a table, which says the same in numbers."""

from __future__ import annotations

from collections.abc import Sequence

WIDTH, HEIGHT, GAP = 1000, 28, 4


def draw_bar(parts: Sequence[tuple[str, int]], most: int) -> str:
    """A bar of several parts, as wide as its numbers are beside the largest sum of the chart.

    :param parts: each part's CSS class and number, from left to right.
    :param most: the number that the whole width stands for.
    """
    left, drawn = 0.0, []
    for name, number in parts:
        if number:
            width = number / most * WIDTH
            drawn.append(
                f'<rect class="{name}" x="{left:.1f}" width="{max(width - GAP, 1):.1f}" height="{HEIGHT}"/>'
            )
            left += width
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="app-bar" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' preserveAspectRatio="none" aria-hidden="true" focusable="false">{"".join(drawn)}</svg>'
    )
