"""The base of containers whose values expire."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from persistent import Persistent

from egovdocs.content.packed_trees import ByName, Pairs

REMOVED_AT_ONCE = 20


class Expiring(Persistent):
    """Values by key, each with a time of expiry. Expired values are removed lazily, 20 per insert."""

    def __init__(self, parent: Any, name: str) -> None:
        self.__parent__ = parent
        self.__name__ = name
        self._items = ByName()
        self._times = Pairs()  # (second of expiry, key)

    def __getitem__(self, key: str) -> Any:
        return self._items[key]

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of a key, or the default; an expired value may still be there."""
        return self._items.get(key, default)

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def _put(self, key: str, value: Any, created: datetime, expires: datetime) -> None:
        self._remove_expired(created)
        self._items[key] = value
        self._times.add((int(expires.timestamp()), key))

    def _remove_expired(self, now: datetime) -> None:
        expired: list[tuple[int, str]] = []
        for second, key in self._times:
            if second > now.timestamp() or len(expired) == REMOVED_AT_ONCE:
                break
            expired.append((second, key))
        for pair in expired:
            self._times.remove(pair)
            self._items.pop(pair[1], None)
