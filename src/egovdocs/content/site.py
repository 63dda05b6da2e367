"""The root of the object tree."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any

from persistent import Persistent
from persistent.mapping import PersistentMapping
from ZODB import DB

from egovdocs.content.access import ALLOW, AUTHENTICATED
from egovdocs.content.accounts import Accounts
from egovdocs.content.cases import Cases
from egovdocs.content.documents import Document
from egovdocs.content.evidence import EvidenceKeeper
from egovdocs.content.expiring import IdempotencyKeys, Signings
from egovdocs.content.licences import Licences
from egovdocs.content.numbering import Counter
from egovdocs.content.outbox import Outbox
from egovdocs.content.people import Entries
from egovdocs.content.statistics import Statistics


class Registers(PersistentMapping[str, Entries[Any]]):
    """The embedded registers by name, such as ``persons``; each is there once it was loaded."""

    def __init__(self, parent: Any) -> None:
        super().__init__()
        self.__parent__ = parent
        self.__name__ = "registers"

    def entries(self, name: str) -> Entries[Any]:
        """A register to load, made when there is none."""
        if name not in self:
            self[name] = Entries(self, name)
        return self[name]


class Site(Persistent):
    """Everything that is kept. ``site["cases"]`` and the like are reached by traversal too."""

    __parent__ = None
    __name__ = ""
    __acl__ = (
        (ALLOW, "role:officer", ("review", "receive", "be-told")),
        (ALLOW, "role:operator", "centre"),
        (ALLOW, "role:signatory", ("review", "issue", "be-told")),
        (ALLOW, "role:archivist", "archive"),
        (ALLOW, "role:admin", "admin"),
        (ALLOW, "role:applicant", ("apply", "be-told")),
        (ALLOW, AUTHENTICATED, "account"),
    )

    def __init__(self) -> None:
        self.cases = Cases(self, "cases")
        self.accounts = Accounts(self, "accounts")
        self.licences = Licences(self, "licences")
        self.signings = Signings(self, "signings")
        self.registers = Registers(self)
        self.idempotency = IdempotencyKeys(self, "idempotency")
        self.outbox = Outbox()
        self.evidence = EvidenceKeeper(self)
        self.statistics = Statistics()
        self.counters: PersistentMapping[str, Counter] = PersistentMapping()

    def __getitem__(self, name: str) -> Any:
        if name not in {"cases", "accounts", "licences", "signings", "registers"}:
            raise KeyError(name)
        return getattr(self, name)

    def rebuild_indexes(self) -> None:
        """Drop every index and make it anew from the objects. Call ``exclusive`` before."""
        self.cases.rebuild()
        self.licences.rebuild()
        self.accounts.rebuild()
        self.evidence.rebuild(document for document in self.documents() if document.kept_evidence)

    def documents(self) -> Iterator[Document]:
        """Every document that is kept, of cases and of licences."""
        for documents in chain(
            (case.documents for case in self.cases.values()),
            (licence.documents for licence in self.licences.values()),
        ):
            yield from documents.values()

    def index_differences(self) -> list[str]:
        """Compare the indexes with the objects: one line for each difference, none when all is well."""
        differences = {
            "cases": self.cases.differences(),
            "licences": self.licences.differences(),
            "accounts": self.accounts.differences(),
            "evidence": self.evidence.differences(each for each in self.documents() if each.kept_evidence),
        }
        return [f"{name}: {line}" for name, lines in differences.items() for line in lines]


@contextmanager
def site_in(database: DB, note: str | None = None) -> Iterator[Site]:
    """The site of a database, in a transaction of its own: committed at the end, undone by an exception.

    :param note: what the transaction is called.
    """
    with database.transaction(note) as connection:
        yield bootstrap(connection.root())


def bootstrap(root: Any) -> Site:
    """The site of a database, made when there is none.

    :param root: the database's root object, ``connection.root()``.
    """
    if "site" not in root:
        root["site"] = Site()
    site: Site = root["site"]
    return site
