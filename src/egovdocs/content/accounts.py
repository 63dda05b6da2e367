"""Accounts of applicants and of the people who serve them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from persistent import Persistent
from persistent.list import PersistentList

from egovdocs.content.access import ALLOW, DENY_ALL
from egovdocs.content.folder import Folder
from egovdocs.content.journal import JournalEntry

ROLES = frozenset({"applicant", "officer", "signatory", "operator", "archivist", "admin"})


class Account(Persistent):
    """Who may log in.

    :param login: an applicant's IIN or BIN, or a name given to a member of the staff.
    :param identifier: the IIN or BIN; ``None`` where it is not known.
    :param roles: some of :data:`ROLES`.
    :param provider: the BIN of the body that a member of the staff works for.
    :ivar email: where notices go; ``None``: to the address given in each request.
    :ivar notices: whether any are wanted.
    :ivar undelivered: the address that the last notice could not be delivered to.
    :ivar sessions: what the account's sessions are known by; a new one ends them all.
    """

    __parent__: Any = None
    __name__: str | None = None
    sessions: str = ""
    email: str | None = None
    notices: bool = True
    undelivered: str = ""

    def __init__(
        self,
        *,
        login: str,
        name: str,
        roles: Iterable[str],
        identifier: str | None = None,
        provider: str | None = None,
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
    """Accounts by login."""

    def add(self, account: Account) -> Account:
        """:raises KeyError: the login is taken."""
        return self._add(account.login, account)
