"""The counts that the indicators are made of, so that their page reads no cases."""

from __future__ import annotations

from typing import Any

from persistent import Persistent

from egovdocs.content.counts import Counts


class Statistics(Persistent):
    """The counts of a site.

    :ivar work: the outcomes of requests, and whether the time limits were kept. They follow from the cases
        and can be counted again.
    :ivar answers: the answers to the questionnaire. They are stored as sums only, so that no record says who
        answered what, and can't be counted again.
    """

    __parent__: Any = None

    def __init__(self) -> None:
        self.work = Counts()
        self.answers = Counts()
