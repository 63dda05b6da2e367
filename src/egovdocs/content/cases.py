"""The folder of all cases."""

from __future__ import annotations

from typing import Any

from egovdocs.content.case import Case
from egovdocs.content.counter import next_number
from egovdocs.content.folder import Folder
from egovdocs.content.indexes.catalogue import Catalogue
from egovdocs.content.indexes.index_entries import compare


class Cases(Folder[Case], Catalogue):
    """All cases by reference, and the catalogue that finds them by other facts."""

    def __init__(self, parent: Any, name: str) -> None:
        Folder.__init__(self, parent, name)
        Catalogue.__init__(self)

    def add(self, case: Case) -> Case:
        """Add a new case and give it its id. Take the lock with ``exclusive`` before.

        :raises egovdocs.content.counter.NotExclusive: the transaction does not hold the lock.
        """
        case.id = next_number(self.__parent__, "cases")
        self._add(case.reference, case)
        self.reindex(case)
        return case

    def rebuild(self) -> None:
        """Drop the indexes and build them again from the cases."""
        self._index_all(self.values())

    def differences(self) -> list[str]:
        """Compare the indexes with the cases.

        :returns: a line for each difference.
        """
        fresh = Catalogue()
        fresh._index_all(self.values())
        return compare(fresh._entries(), self._entries())
