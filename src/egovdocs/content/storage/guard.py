"""The guard against hostile records.

A pickle can name anything importable and call it. The guard knows a closed list of classes, so a database
file from elsewhere can contain false data, but can't run code.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from io import BytesIO

from ZODB._compat import PersistentUnpickler
from zodbpickle.pickle import UnpicklingError

ClassName = tuple[str, str]
"""A module and the qualified name of a class in it."""


class ForbiddenClass(UnpicklingError):  # noqa: N818 - says what is wrong
    """A record names a class that is not stored in databases of this site."""


class Guard:
    """Decides which classes the records of a database may name.

    :param stored: the classes that are stored.
    :param former: former names of stored classes, which older databases have until they are evolved.
    """

    def __init__(self, stored: Collection[type], former: Mapping[ClassName, type] | None = None) -> None:
        self._stored = {name_of(kept): kept for kept in stored}
        self._loadable = dict(former or {}) | self._stored

    def find(self, module: str, name: str) -> type:
        """Return the class that a record to be loaded names, by its present or a former name.

        :raises ForbiddenClass: it names none that is stored.
        """
        return _find(self._loadable, module, name)

    def check(self, data: bytes) -> None:
        """Check a record that is to be stored: it has to name stored classes by their present names.

        :raises ForbiddenClass: it names another class.
        """
        _load(data, lambda module, name: _find(self._stored, module, name))

    def classes_in(self, data: bytes) -> tuple[type, set[ClassName]]:
        """Return the class of a record's object, and the names of all classes in the record.

        :raises ForbiddenClass: it names a class that is not stored.
        """
        names: list[ClassName] = []

        def find(module: str, name: str) -> type:
            names.append((module, name))
            return self.find(module, name)

        _load(data, find)
        return self.find(*names[0]), set(names)


def name_of(kept: type) -> ClassName:
    """Return the name that a record has for a class."""
    return kept.__module__, kept.__qualname__


def _find(classes: Mapping[ClassName, type], module: str, name: str) -> type:
    try:
        return classes[module, name]
    except KeyError:
        raise ForbiddenClass(f"{module}.{name} is not a class that is stored in a database") from None


def _load(data: bytes, find: Callable[[str, str], type]) -> None:
    unpickler = PersistentUnpickler(find, lambda reference: None, BytesIO(data))
    unpickler.load()  # the class
    unpickler.load()  # the state
