"""The base of the containers that Pyramid's traversal walks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, Protocol, TypeVar

from persistent import Persistent

from egovdocs.content.packed_trees import ByName


class Located(Protocol):
    """An object of the tree, which has a name and a parent."""

    __parent__: Any
    __name__: str | None


T = TypeVar("T", bound=Located)


class Folder(Persistent, Generic[T]):
    """Objects by name. It has no ``len()``, which would load all of it."""

    def __init__(self, parent: Any, name: str) -> None:
        self.__parent__ = parent
        self.__name__ = name
        self._items = ByName()

    def __getitem__(self, name: str) -> T:
        item: T = self._items[name]
        return item

    def get(self, name: str) -> T | None:
        """Return the object of a name, or None."""
        item: T | None = self._items.get(name)
        return item

    def __contains__(self, name: object) -> bool:
        return name in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def values(self) -> Iterator[T]:
        """Return the objects, by name."""
        return iter(self._items.values())

    def _add(self, name: str, item: T) -> T:
        """Add an object and set its name and parent.

        :raises KeyError: the name is taken.
        """
        if name in self._items:
            raise KeyError(f"{name!r} is taken")
        item.__parent__ = self
        item.__name__ = name
        self._items[name] = item
        return item
