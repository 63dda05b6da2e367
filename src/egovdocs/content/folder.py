"""Containers of the object tree, as Pyramid's traversal walks it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, Protocol, TypeVar

from persistent import Persistent

from egovdocs.content.trees import ByName


class Located(Protocol):
    """What stands in the tree: it knows its name and where it is."""

    __parent__: Any
    __name__: str | None


T = TypeVar("T", bound=Located)


class Folder(Persistent, Generic[T]):
    """Objects by name. It has no length: counting would load all of it."""

    def __init__(self, parent: Any, name: str) -> None:
        self.__parent__ = parent
        self.__name__ = name
        self._items = ByName()

    def __getitem__(self, name: str) -> T:
        item: T = self._items[name]
        return item

    def get(self, name: str) -> T | None:
        item: T | None = self._items.get(name)
        return item

    def __contains__(self, name: object) -> bool:
        return name in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def values(self) -> Iterator[T]:
        return iter(self._items.values())

    def _add(self, name: str, item: T) -> T:
        """:raises KeyError: the name is taken."""
        if name in self._items:
            raise KeyError(f"{name!r} is taken")
        item.__parent__ = self
        item.__name__ = name
        self._items[name] = item
        return item
