"""Slow down password guessing."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

from translationstring import TranslationString, TranslationStringFactory

_ = TranslationStringFactory("egovdocs")

FREE_FAILURES = 3
MAX_WAIT = timedelta(minutes=15)
MAX_LOGINS = 10_000


class Throttle:
    """Limits attempts: after three failures each further failure doubles the waiting time.

    It is kept in memory, for logins that exist and for those that do not, so that an attacker neither learns
    which logins exist nor fills the database.
    """

    def __init__(self) -> None:
        self._failures: OrderedDict[str, tuple[int, datetime]] = OrderedDict()
        self._lock = Lock()

    def wait(self, login: str, now: datetime) -> timedelta:
        """Return how long the next attempt must wait; zero or less if it may be made now."""
        with self._lock:
            failures, last = self._failures.get(login, (0, now))
        if failures < FREE_FAILURES:
            return timedelta(0)
        return last + min(timedelta(seconds=2 ** min(failures - FREE_FAILURES + 1, 12)), MAX_WAIT) - now

    def refusal(self, login: str, now: datetime) -> TranslationString | None:
        """Return why an attempt is refused now; None if it is allowed."""
        wait = self.wait(login, now)
        if wait <= timedelta(0):
            return None
        seconds = -(-wait // timedelta(seconds=1))
        return _("Too many failed attempts. Try again in ${seconds} s.", mapping={"seconds": seconds})

    def failed(self, login: str, now: datetime) -> None:
        """Record a failed attempt."""
        with self._lock:
            failures, _last = self._failures.pop(login, (0, now))
            self._failures[login] = failures + 1, now
            if len(self._failures) > MAX_LOGINS:
                self._failures.popitem(last=False)

    def succeeded(self, login: str) -> None:
        """Forget the failed attempts of a login."""
        with self._lock:
            self._failures.pop(login, None)
