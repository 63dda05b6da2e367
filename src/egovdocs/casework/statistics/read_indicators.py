"""Read the indicators of a site from its counts: time limits kept, and the answers to the questionnaire."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from egovdocs.casework.office import Office
from egovdocs.casework.statistics.answer_questionnaire import Opinion, opinions
from egovdocs.casework.statistics.count_case import IN_TIME, LATE
from egovdocs.content import Cell, Site

K = TypeVar("K")


@dataclass(frozen=True)
class Indicators:
    """The counts of some services, channels and months.

    :param work: numbers by what they count, in each cell.
    :param opinions: what may be shown of the answers to the questionnaire.
    """

    work: Mapping[Cell, Mapping[str, int]]
    opinions: tuple[Opinion, ...]

    @property
    def years(self) -> list[str]:
        """The years that have counts, the latest first."""
        months = [cell.month for cell in self.work] + [each.last for each in self.opinions]
        return sorted({month[:4] for month in months}, reverse=True)

    def narrowed(self, service: str = "", channel: str = "", year: str = "") -> Indicators:
        """Return those of one service, one channel, one year; "" for all."""
        return Indicators(
            {
                cell: numbers
                for cell, numbers in self.work.items()
                if service in ("", cell.service)
                and channel in ("", cell.channel)
                and cell.month.startswith(year)
            },
            tuple(
                each
                for each in self.opinions
                if service in ("", each.service)
                and channel in ("", each.channel)
                and each.last.startswith(year)
            ),
        )

    def total(self) -> Counter[str]:
        """Return the numbers of all cells together."""
        return _sum(self.work.values())

    def by(self, key: Callable[[Cell], K]) -> dict[K, Counter[str]]:
        """Return the numbers grouped by a property of the cell, such as its month."""
        groups: dict[K, list[Mapping[str, int]]] = {}
        for cell, numbers in self.work.items():
            groups.setdefault(key(cell), []).append(numbers)
        return {name: _sum(groups[name]) for name in sorted(groups, key=str)}

    def answers(self, indicator: str) -> Counter[str]:
        """Return how often each answer to a question was given."""
        return _sum(each.answers for each in self.opinions if each.indicator == indicator)


def read_indicators(office: Office, site: Site) -> Indicators:
    """Return all that may be shown, of every service, channel and month. No case is read."""
    return Indicators(dict(site.statistics.work), tuple(opinions(office, site)))


def share_in_time(numbers: Mapping[str, int], step: str = "") -> float | None:
    """Return the share that kept the time limit: of the outcomes, or of the passages of one step.

    :param step: the step's number; "" for outcomes.
    :returns: from 0 to 1; None if nothing was counted.
    """
    prefix = f"{step}/" if step else ""
    kept, late = numbers.get(prefix + IN_TIME, 0), numbers.get(prefix + LATE, 0)
    return kept / (kept + late) if kept + late else None


def _sum(many: Iterable[Mapping[str, int]]) -> Counter[str]:
    total = Counter[str]()
    for numbers in many:
        total.update(numbers)
    return total
