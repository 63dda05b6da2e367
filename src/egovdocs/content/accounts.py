"""The folder of all accounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from egovdocs.content.account import Account
from egovdocs.content.folder import Folder
from egovdocs.content.indexes.index_entries import IndexEntry, compare
from egovdocs.content.packed_trees import Pairs


class Accounts(Folder[Account]):
    """Accounts by login, and an index of the staff of each provider."""

    def __init__(self, parent: Any, name: str) -> None:
        super().__init__(parent, name)
        self._staff = Pairs()  # (provider, login)

    def add(self, account: Account) -> Account:
        """Add an account.

        :raises KeyError: there is one with its login.
        """
        if account.provider:
            self._staff.add((account.provider, account.login))
        return self._add(account.login, account)

    def staff(self, provider: str) -> Iterator[Account]:
        """Return the accounts of those who work for a provider, by login.

        :param provider: a BIN.
        """
        return (self[login] for _provider, login in self._staff.keys((provider,), (f"{provider}\0",)))

    def rebuild(self) -> None:
        """Drop the index and build it again from the accounts."""
        self._staff.clear()
        self._staff.update(fact for _index, fact in self._expected())

    def differences(self) -> list[str]:
        """Compare the index with the accounts.

        :returns: a line for each difference.
        """
        return compare(self._expected(), (("staff", fact) for fact in self._staff))

    def _expected(self) -> Iterator[IndexEntry]:
        return (("staff", (account.provider, account.login)) for account in self.values() if account.provider)
