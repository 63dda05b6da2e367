"""Detection of messages that arrive a second time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime, timedelta


class ReplayCache:
    """Remembers message ids for as long as their messages could still be accepted. Thread-safe.

    :param validity: how far a message's date may differ from the time of its arrival, in either direction.
    """

    def __init__(self, validity: timedelta) -> None:
        self._validity = validity
        self._added: OrderedDict[str, datetime] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, message_id: str, now: datetime) -> bool:
        """Add a message id.

        :returns: False when it is there already, so the message is a replay.
        """
        with self._lock:
            while self._added and next(iter(self._added.values())) < now - 2 * self._validity:
                self._added.popitem(last=False)
            if message_id in self._added:
                return False
            self._added[message_id] = now
            return True

    def remove(self, message_id: str) -> None:
        """Remove a message id, so that the message is accepted when it is sent again."""
        with self._lock:
            self._added.pop(message_id, None)
