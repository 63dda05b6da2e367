"""The outbox: what a transaction wants done outside the database, after its commit and at least once."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any

from persistent import Persistent

from egovdocs.content.outbox_message import OutboxMessage
from egovdocs.content.packed_trees import ByNumber, Pairs

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=10)


class Outbox(Persistent):
    """Messages by the nanosecond they are due at.

    Requests insert while a worker removes. The tree merges these changes as long as the first key of no leaf
    is removed, so there is a key that is never removed and sorts before all others.
    """

    def __init__(self) -> None:
        self._due = ByNumber({0: None})
        self._named = Pairs()

    def put(self, kind: str, *, after: timedelta = timedelta(0), **data: Any) -> OutboxMessage:
        """Add a message; it is handled if this transaction commits.

        :param after: how long to wait before.
        """
        due = self._free(time.time_ns() + _nanoseconds(after))
        message = self._due[due] = OutboxMessage(due, kind, data)
        return message

    def put_once(self, kind: str, once: str, *, after: timedelta, **data: Any) -> None:
        """Add a message unless one of this kind and of the name ``once`` is waiting."""
        if (kind, once) not in self._named:
            self._named.insert((kind, once))
            self.put(kind, after=after, once=once, **data)

    def due(self, now: int, kinds: Collection[str] | None = None) -> tuple[int, OutboxMessage] | None:
        """Return the message that has been due longest, with its key; None if none is due.

        :param now: in nanoseconds.
        :param kinds: only messages of these kinds.
        """
        for key, message in self._due.items(min=1, max=now):
            if kinds is None or message.kind in kinds:
                return key, message
        return None

    def waiting(self, kind: str) -> Iterator[OutboxMessage]:
        """Return the messages of a kind, in the order they are due."""
        return (message for message in self._due.values(min=1) if message.kind == kind)

    def __len__(self) -> int:
        return len(self._due) - 1

    def take_out(self, due: int) -> OutboxMessage:
        """Remove the message of a key."""
        message: OutboxMessage = self._due.pop(due)
        if "once" in message.data:
            self._named.remove((message.kind, message.data["once"]))
        return message

    def put_back(self, message: OutboxMessage, error: str) -> None:
        """Add a failed message again for another attempt; the wait doubles each time."""
        wait = min(FIRST_WAIT * 2 ** min(message.attempts, 20), LONGEST_WAIT)
        message.attempts += 1
        message.error = error
        if "once" in message.data:
            self._named.insert((message.kind, message.data["once"]))
        self._due[self._free(time.time_ns() + _nanoseconds(wait))] = message

    def _free(self, due: int) -> int:
        while due in self._due:
            due += 1
        return due


def _nanoseconds(time: timedelta) -> int:
    return int(time.total_seconds() * 1e9)
