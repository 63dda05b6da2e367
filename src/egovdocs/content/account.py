"""An account of an applicant or of a member of staff."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from persistent import Persistent
from persistent.list import PersistentList

from egovdocs.content.access import ALLOW, DENY_ALL
from egovdocs.content.journal_entry import JournalEntry
from egovdocs.content.leave import Leave
from egovdocs.schemas import Text

ROLES = frozenset({"applicant", "officer", "signatory", "operator", "archivist", "admin"})


class Account(Persistent):
    """A person or an organisation that may log in.

    :param login: an applicant's IIN or BIN, or the name given to a member of staff.
    :param identifier: the IIN or BIN; None if it is not known.
    :param roles: some of :data:`ROLES`.
    :param provider: the BIN of the provider or centre that a member of staff works for.
    :param organisation: the name of that provider or centre.
    :param password_hash: None for an account that can't log in with a password.
    :param language: ``ru``, ``kk`` or ``en``: of notices.
    :ivar email: the address of notices; None for the one given in each request.
    :ivar notices: whether notices are sent.
    :ivar undelivered: the address that the last notice could not be delivered to.
    :ivar sessions: identifies the valid sessions; a new value ends them all.
    :ivar leave: of an officer, now or in days to come.
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
        """End every session of the account, including those of a stolen cookie."""
        self.sessions = secrets.token_urlsafe(12)

    @property
    def __acl__(self) -> list[Any]:
        return [(ALLOW, f"account:{self.login}", ("view", "edit")), DENY_ALL]
