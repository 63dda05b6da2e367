"""The worker that handles the messages of the outbox.

It calls a message's handler with no transaction open, then removes the message in a transaction of its own,
together with what the handler wants stored. If the process ends in between, the handler is called again: it
has to tolerate that, and every message has an id to be recognised by.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Mapping
from threading import Event, Thread
from typing import Any

from transaction.interfaces import TransientError
from ZODB import DB

from egovdocs.content.outbox import Outbox
from egovdocs.content.storage.locks import exclusive

log = logging.getLogger(__name__)

SETTLING_ATTEMPTS = 5

Settle = Callable[[Any], None]
"""Stores what a handler found out; is given the site."""

Handler = Callable[[int, Mapping[str, Any]], Settle | None]
"""Does what a message is about; is given the message's id and data. An exception means: try again later."""


class Worker:
    """Handles the messages of a database's outbox in a thread.

    :param handlers: by kind of message.
    :param kinds: only messages of these kinds, so that a slow service delays no messages to other services.
    :param pause: seconds to wait when no message is due.
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
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread after the message in work, and wait for it."""
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
            log.warning("outbox: the result of %s %s could not be stored: %r", kind, id, problem)
            self._settle(due, None, repr(problem))
        return True

    def _handle(self, id: int, kind: str, data: Mapping[str, Any]) -> tuple[Settle | None, str]:
        try:
            return self._handlers[kind](id, data), ""
        except Exception as problem:
            log.warning("outbox: %s %s failed: %r", kind, id, problem)
            return None, repr(problem)

    def _settle(self, due: int, settle: Settle | None, error: str) -> None:
        """Remove the message, or put it back for later. Repeated when other transactions conflict."""
        for attempt in range(SETTLING_ATTEMPTS):
            try:
                with self._database.transaction("outbox: settle") as connection:
                    outbox = _outbox(connection)
                    exclusive(outbox)  # so that no submission that adds a message conflicts with this
                    message = outbox.take_out(due)
                    if error:
                        outbox.put_back(message, error)
                    elif settle is not None:
                        settle(connection.root()["site"])
                return
            except TransientError:
                if attempt == SETTLING_ATTEMPTS - 1:
                    raise


def _outbox(connection: Any) -> Outbox:
    outbox: Outbox = connection.root()["site"].outbox
    return outbox
