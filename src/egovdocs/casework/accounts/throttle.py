"""Slowing down those who guess passwords."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

from translationstring import TranslationString, TranslationStringFactory

_ = TranslationStringFactory("egovdocs")

FREE_FAILURES = 3
LONGEST_WAIT = timedelta(minutes=15)
REMEMBERED = 10_000


class Throttle:
    """Slows guessing down: after three failures each further one doubles the wait.

    It is kept in memory, for logins that exist and those that don't, so that guessing neither tells which do
    nor fills the database.
    """

    def __init__(self) -> None:
        self._failures: OrderedDict[str, tuple[int, datetime]] = OrderedDict()
        self._lock = Lock()

    def wait(self, login: str, now: datetime) -> timedelta:
        """How long until the next attempt is heard; zero or below: now."""
        with self._lock:
            failures, last = self._failures.get(login, (0, now))
        if failures < FREE_FAILURES:
            return timedelta(0)
        return last + min(timedelta(seconds=2 ** min(failures - FREE_FAILURES + 1, 12)), LONGEST_WAIT) - now

    def refusal(self, login: str, now: datetime) -> TranslationString | None:
        """Why an attempt is not heard now; None when it is."""
        wait = self.wait(login, now)
        if wait <= timedelta(0):
            return None
        seconds = -(-wait // timedelta(seconds=1))
        return _("Too many failed attempts. Try again in ${seconds} s.", mapping={"seconds": seconds})

    def failed(self, login: str, now: datetime) -> None:
        with self._lock:
            failures, _last = self._failures.pop(login, (0, now))
            self._failures[login] = failures + 1, now
            if len(self._failures) > REMEMBERED:
                self._failures.popitem(last=False)

    def succeeded(self, login: str) -> None:
        with self._lock:
            self._failures.pop(login, None)
