"""A message of the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from persistent import Persistent


class OutboxMessage(Persistent):
    """Something to do outside the database.

    :param kind: selects the handler.
    :param data: plain data for it.
    :ivar attempts: how many times it failed.
    :ivar error: why it failed last.
    """

    attempts = 0
    error = ""

    def __init__(self, id: int, kind: str, data: Mapping[str, Any]) -> None:
        self.id = id
        self.kind = kind
        self.data = dict(data)
