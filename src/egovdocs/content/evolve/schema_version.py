"""The schema version of a database, which is kept at its root."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from ZODB._compat import PersistentUnpickler
from ZODB.utils import load_current, z64

VERSION_KEY = "schema_version"


class _Inert:
    """Stands for every class, so that reading the version of a database loads no class of it."""

    def __init__(self, *args: object) -> None:
        pass


def read_version(storage: Any) -> int | None:
    """Read the schema version of a storage, whatever classes the database contains.

    :returns: 0 for a database of 0.1.0; None for one that has no site yet.
    """
    try:
        data, _serial = load_current(storage, z64)
    except KeyError:
        return None
    unpickler = PersistentUnpickler(lambda module, name: _Inert, lambda reference: None, BytesIO(data))
    unpickler.load()  # the class
    root: dict[str, Any] = unpickler.load()["data"]
    version: int | None = root.get(VERSION_KEY, 0) if "site" in root else None
    return version
