"""Accounts of applicants and of the people who serve them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from persistent import Persistent
from persistent.list import PersistentList

from egovdocs.content.access import ALLOW, DENY_ALL
from egovdocs.content.folder import Folder
from egovdocs.content.indexes import compare
from egovdocs.content.journal import JournalEntry
from egovdocs.content.trees import Pairs
from egovdocs.schemas import Text

ROLES = frozenset({"applicant", "officer", "signatory", "operator", "archivist", "admin"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """An officer is away from one day to another, both counted; the substitute has their cases then.

    :param substitute: a login.
    """

    first: date
    last: date
    substitute: str

    def covers(self, day: date) -> bool:
        return self.overlaps(day, day)

    def overlaps(self, first: date, last: date) -> bool:
        """Has it a day in common with those from one to another?"""
        return self.first <= last and first <= self.last


class Account(Persistent):
    """Who may log in.

    :param login: an applicant's IIN or BIN, or a name given to a member of the staff.
    :param identifier: the IIN or BIN; ``None`` where it is not known.
    :param roles: some of :data:`ROLES`.
    :param provider: the BIN of the body that a member of the staff works for: a provider, or an operator's
        centre; ``organisation`` is its name.
    :ivar email: where notices go; ``None``: to the address given in each request.
    :ivar notices: whether any are wanted.
    :ivar undelivered: the address that the last notice could not be delivered to.
    :ivar sessions: what the account's sessions are known by; a new one ends them all.
    """

    __parent__: Any = None
    __name__: str | None = None
    sessions: str = ""
    leave: Leave | None = None
    email: str | None = None
    notices: bool = True
    undelivered: str = ""
    organisation: Text | None = None

    def __init__(
        self,
        *,
        login: str,
        name: str,
        roles: Iterable[str],
        identifier: str | None = None,
        provider: str | None = None,
        organisation: Text | None = None,
        password_hash: str | None = None,
        language: str = "ru",
    ) -> None:
        self.login = login
        self.identifier = identifier
        self.name = name
        self.roles = frozenset(roles)
        if unknown := self.roles - ROLES:
            raise ValueError(f"unknown roles: {', '.join(sorted(unknown))}")
        self.provider = provider
        self.organisation = organisation
        self.password_hash = password_hash
        self.language = language
        self.journal: PersistentList[JournalEntry] = PersistentList()

    def end_sessions(self) -> None:
        """Log the account out wherever it is logged in, with a stolen cookie too."""
        self.sessions = secrets.token_urlsafe(12)

    @property
    def __acl__(self) -> list[Any]:
        return [(ALLOW, f"account:{self.login}", ("view", "edit")), DENY_ALL]


class Accounts(Folder[Account]):
    """Accounts by login, and who works for a provider."""

    def __init__(self, parent: Any, name: str) -> None:
        super().__init__(parent, name)
        self._staff = Pairs()  # (provider, login)

    def add(self, account: Account) -> Account:
        """:raises KeyError: the login is taken."""
        if account.provider:
            self._staff.add((account.provider, account.login))
        return self._add(account.login, account)

    def staff(self, provider: str) -> Iterator[Account]:
        """The people who work for a provider, by login."""
        return (self[login] for _provider, login in self._staff.keys((provider,), (f"{provider}\0",)))

    def rebuild(self) -> None:
        """Drop the index and make it anew from the accounts."""
        self._staff.clear()
        self._staff.update(self._told())

    def differences(self) -> list[str]:
        """Compare the index with the accounts: one line for each difference."""
        return compare((("staff", fact) for fact in self._told()), (("staff", fact) for fact in self._staff))

    def _told(self) -> Iterator[tuple[str, str]]:
        return ((account.provider, account.login) for account in self.values() if account.provider)
