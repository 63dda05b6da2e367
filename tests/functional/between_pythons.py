"""Run by one Python after another: make a site, or read one.

``write FOLDER``: carry two requests from registration to the archive in a new demo site.
``read FOLDER``: print a digest of every object of its database, each loaded as the site loads it.
"""

from __future__ import annotations

import hashlib
import sys
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

from persistent import Persistent
from ZODB.blob import Blob

from egovdocs.content import open_database
from egovdocs.sandbox.commands.demo import Steps, run_two_cases
from egovdocs.sandbox.running_site import RunningSite


def write(folder: Path) -> None:
    with RunningSite(folder) as site:
        run_two_cases(site, Steps())


def read(folder: Path) -> None:
    digest = hashlib.sha256()
    database = open_database(f"file://{folder}/site")
    try:
        for oid in sorted(
            {record.oid for transaction in database.storage.iterator() for record in transaction}
        ):
            with database.transaction() as connection:
                digest.update(describe(connection.get(oid)).encode())
    finally:
        database.close()
    print(digest.hexdigest())


def describe(value: Any) -> str:
    """A loaded object in words that are the same with every Python."""
    if isinstance(value, Blob):
        with value.open("r") as file:
            return hashlib.sha256(file.read()).hexdigest()
    return f"{name_of(value)}({describe_state(value.__getstate__())})"


def describe_state(value: Any) -> str:
    if isinstance(value, Persistent):
        return str(value._p_oid.hex())  # described by itself
    if isinstance(value, Enum):
        return f"{name_of(value)}({value.value!r})"
    if isinstance(value, dict):
        return describe_state(list(value.items()))
    if isinstance(value, set | frozenset):
        return describe_state(sorted(value))
    if isinstance(value, tuple | list):
        return f"({','.join(map(describe_state, value))})"
    if value is None or isinstance(value, str | bytes | int | float | date | timedelta | Decimal):
        return f"{name_of(value)}({value!r})"
    return f"{name_of(value)}({describe_state(value.__getstate__())})"


def name_of(value: object) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}"


if __name__ == "__main__":
    {"write": write, "read": read}[sys.argv[1]](Path(sys.argv[2]))
