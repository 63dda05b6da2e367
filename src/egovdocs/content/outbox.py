"""The outbox: what a transaction wants done outside, done after it and at least once.

A transaction puts a message in; with its commit the message is as durable as the rest. A worker thread does
the slow or outside thing with no transaction open, then takes the message out in a transaction of its own,
together with what came of it. Killed in between, it does the thing again: a handler must bear that, and every
message has an id to be recognised by.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import timedelta
from threading import Event, Thread
from typing import Any

from persistent import Persistent
from transaction.interfaces import TransientError
from ZODB import DB

from egovdocs.content.locks import exclusive
from egovdocs.content.trees import ByNumber, Pairs

log = logging.getLogger(__name__)

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=10)
SETTLING_ATTEMPTS = 5


class Message(Persistent):
    """Something to be done outside.

    :param kind: names the handler.
    :param data: plain data for it.
    """

    attempts = 0
    error = ""

    def __init__(self, id: int, kind: str, data: Mapping[str, Any]) -> None:
        self.id = id
        self.kind = kind
        self.data = dict(data)


class Outbox(Persistent):
    """Messages by the nanosecond they are due at.

    Requests put in while the worker takes out. The tree merges the two, as long as nobody takes out the
    first key of a leaf: one that is never taken out stands before all others.
    """

    def __init__(self) -> None:
        self._due = ByNumber({0: None})
        self._named = Pairs()

    def put(self, kind: str, *, after: timedelta = timedelta(0), **data: Any) -> Message:
        """Leave a message; it is sent, after a while, if this transaction commits."""
        due = self._free(time.time_ns() + _nanoseconds(after))
        message = self._due[due] = Message(due, kind, data)
        return message

    def put_once(self, kind: str, once: str, *, after: timedelta, **data: Any) -> None:
        """Leave a message unless one of this kind and name, ``once``, waits already."""
        if (kind, once) not in self._named:
            self._named.insert((kind, once))
            self.put(kind, after=after, once=once, **data)

    def due(self, now: int, kinds: Collection[str] | None = None) -> tuple[int, Message] | None:
        """The message that waits longest of those due at a nanosecond, and when it was due.

        :param kinds: of these kinds alone.
        """
        for key, message in self._due.items(min=1, max=now):
            if kinds is None or message.kind in kinds:
                return key, message
        return None

    def waiting(self, kind: str) -> Iterator[Message]:
        """The messages of a kind, the next one due first."""
        return (message for message in self._due.values(min=1) if message.kind == kind)

    def __len__(self) -> int:
        return len(self._due) - 1

    def take_out(self, due: int) -> Message:
        """Remove a message."""
        message: Message = self._due.pop(due)
        if "once" in message.data:
            self._named.remove((message.kind, message.data["once"]))
        return message

    def put_back(self, message: Message, error: str) -> None:
        """Keep a message for another attempt, later each time."""
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


Settle = Callable[[Any], None]
Handler = Callable[[int, Mapping[str, Any]], Settle | None]


class Worker:
    """Drains a database's outbox in a thread.

    :param kinds: only these, so that what a slow service keeps waiting keeps no other waiting.
    :param handlers: by kind: given a message's id and data, each does the outside thing and may return what
        is to be done with the site in the transaction that takes the message out. An exception means: try
        again later.
    """

    def __init__(
        self,
        database: DB,
        handlers: Mapping[str, Handler],
        *,
        kinds: Collection[str] | None = None,
        pause: float = 1.0,
    ) -> None:
        self._database = database
        self._handlers = handlers
        self._kinds = kinds
        self._pause = pause
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="outbox", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish the message at hand and stop."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                busy = self.work_once()
            except TransientError:
                busy = True
            except Exception:
                log.exception("the outbox could not be read or written")
                busy = False
            if not busy:
                self._stopping.wait(self._pause)

    def work_once(self) -> bool:
        """Handle one message that is due.

        :returns: whether there was one.
        """
        with self._database.transaction("outbox: look") as connection:
            found = _outbox(connection).due(time.time_ns(), self._kinds)
            if found is None:
                return False
            due, message = found
            id, kind, data = message.id, message.kind, dict(message.data)
        settle, error = self._handle(id, kind, data)
        try:
            self._settle(due, settle, error)
        except TransientError:
            raise
        except Exception as problem:
            log.warning("outbox: what came of %s %s could not be kept: %r", kind, id, problem)
            self._settle(due, None, repr(problem))
        return True

    def _handle(self, id: int, kind: str, data: Mapping[str, Any]) -> tuple[Settle | None, str]:
        try:
            return self._handlers[kind](id, data), ""
        except Exception as problem:
            log.warning("outbox: %s %s failed: %r", kind, id, problem)
            return None, repr(problem)

    def _settle(self, due: int, settle: Settle | None, error: str) -> None:
        """Take the message out, or back in for later; again when others changed the same at the same time."""
        for attempt in range(SETTLING_ATTEMPTS):
            try:
                with self._database.transaction("outbox: settle") as connection:
                    outbox = _outbox(connection)
                    exclusive(outbox)  # a submission that puts something in must not be done again for this
                    message = outbox.take_out(due)
                    if error:
                        outbox.put_back(message, error)
                    elif settle is not None:
                        settle(connection.root()["site"])
                return
            except TransientError:
                if attempt == SETTLING_ATTEMPTS - 1:
                    raise


def _nanoseconds(time: timedelta) -> int:
    return int(time.total_seconds() * 1e9)


def _outbox(connection: Any) -> Outbox:
    outbox: Outbox = connection.root()["site"].outbox
    return outbox
