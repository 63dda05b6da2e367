"""Bars of a chart as SVG: one for each row of a table that has the same numbers as text."""

from __future__ import annotations

from collections.abc import Sequence

WIDTH, HEIGHT, GAP = 1000, 28, 4


def draw_bar(parts: Sequence[tuple[str, int]], full_width: int) -> str:
    """Draw a bar of several parts, scaled to the largest sum of the chart.

    :param parts: each part's CSS class and number, from left to right.
    :param full_width: the number that the whole width represents.
    :returns: an ``svg`` element.
    """
    left, drawn = 0.0, []
    for name, number in parts:
        if number:
            width = number / full_width * WIDTH
            drawn.append(
                f'<rect class="{name}" x="{left:.1f}" width="{max(width - GAP, 1):.1f}" height="{HEIGHT}"/>'
            )
            left += width
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="app-bar" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' preserveAspectRatio="none" aria-hidden="true" focusable="false">{"".join(drawn)}</svg>'
    )
