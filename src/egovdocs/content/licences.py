"""The register of licences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from egovdocs.content.folder import Folder
from egovdocs.content.indexes.licence_index import LicenceIndex
from egovdocs.content.licence import Licence
from egovdocs.content.licence_state import LicenceState


class Licences(Folder[Licence]):
    """All licences by number, and the index that finds them by other facts."""

    def __init__(self, parent: Any, name: str) -> None:
        super().__init__(parent, name)
        self._index = LicenceIndex()

    def add(self, licence: Licence) -> Licence:
        """Add a licence.

        :raises KeyError: there is one with its number.
        """
        self._add(licence.number, licence)
        self._index.index(licence)
        return licence

    def reindex(self, licence: Licence) -> None:
        """Update the index to the facts of a licence."""
        self._index.index(licence)

    def search(
        self,
        day: date,
        *,
        name: str = "",
        state: LicenceState | None = None,
        **facts: str | Sequence[str] | None,
    ) -> Iterator[Licence]:
        """Return the licences that meet all conditions, the newest first.

        :param day: the day on which they are in the ``state``.
        :param name: words of the holder's name, or their beginnings.
        :param facts: ``holder``, ``provider``, ``activity``, ``place``, ``kind`` (``natural`` or ``legal``);
            those that are None are no condition. Of several values, one must match.
        """
        given = {fact: value for fact, value in facts.items() if value is not None}
        if state is not None:
            given["state"] = state.value
        conditions = [
            [(fact, one) for one in ([value] if isinstance(value, str) else value)]
            for fact, value in given.items()
        ]
        found = self._index.search(conditions, name)
        if state is None:
            return found
        return (licence for licence in found if licence.state_on(day) is state)

    def rebuild(self) -> None:
        """Drop the index and build it again from the licences."""
        self._index = LicenceIndex()
        self._index.rebuild(self.values())

    def differences(self) -> list[str]:
        """Compare the index with the licences.

        :returns: a line for each difference.
        """
        return self._index.differences(self.values())
