"""The root of the object tree."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from persistent import Persistent
from persistent.mapping import PersistentMapping

from egovdocs.content.access import ALLOW, AUTHENTICATED
from egovdocs.content.accounts import Accounts
from egovdocs.content.cases import Cases
from egovdocs.content.counter import Counter
from egovdocs.content.document import Document
from egovdocs.content.evidence_keeper import EvidenceKeeper
from egovdocs.content.idempotency_keys import IdempotencyKeys
from egovdocs.content.licences import Licences
from egovdocs.content.outbox import Outbox
from egovdocs.content.place import Place
from egovdocs.content.register_folder import RegisterFolder
from egovdocs.content.signings import Signings
from egovdocs.content.site_statistics import Statistics
from egovdocs.content.used_editions import UsedEditions


class Site(Persistent):
    """Everything that is stored. Pyramid's traversal reaches the folders by ``site["cases"]`` and the like.

    :ivar counters: the last number of each series.
    """

    __parent__ = None
    __name__ = ""
    __acl__ = (
        (ALLOW, "role:officer", ("review", "receive", "receive-notices")),
        (ALLOW, "role:operator", "centre"),
        (ALLOW, "role:signatory", ("review", "issue", "receive-notices")),
        (ALLOW, "role:archivist", "archive"),
        (ALLOW, "role:admin", "admin"),
        (ALLOW, "role:applicant", ("apply", "receive-notices")),
        (ALLOW, AUTHENTICATED, "account"),
    )

    def __init__(self) -> None:
        self.cases = Cases(self, "cases")
        self.accounts = Accounts(self, "accounts")
        self.licences = Licences(self, "licences")
        self.signings = Signings(self, "signings")
        self.registers = RegisterFolder(self)
        self.idempotency = IdempotencyKeys(self, "idempotency")
        self.outbox = Outbox()
        self.evidence = EvidenceKeeper(self)
        self.statistics = Statistics()
        self.editions = UsedEditions()
        self.counters: PersistentMapping[str, Counter] = PersistentMapping()

    def __getitem__(self, name: str) -> Any:
        if name not in {"cases", "accounts", "licences", "signings", "registers"}:
            raise KeyError(name)
        return getattr(self, name)

    def rebuild_indexes(self) -> None:
        """Drop every index and build it again from the objects. Take the lock with ``exclusive`` before."""
        self.cases.rebuild()
        self.licences.rebuild()
        self.accounts.rebuild()
        self.evidence.rebuild(document for document in self.documents() if document.kept_evidence)

    def documents(self) -> Iterator[Document]:
        """Yield every document of cases and of licences."""
        for documents in chain(
            (case.documents for case in self.cases.values()),
            (licence.documents for licence in self.licences.values()),
        ):
            yield from documents.values()

    def index_differences(self) -> list[str]:
        """Compare the indexes with the objects.

        :returns: a line for each difference.
        """
        differences = {
            "cases": self.cases.differences(),
            "licences": self.licences.differences(),
            "accounts": self.accounts.differences(),
            "evidence": self.evidence.differences(each for each in self.documents() if each.kept_evidence),
        }
        return [f"{name}: {line}" for name, lines in differences.items() for line in lines]


def document_at(site: Site, place: Place) -> Document | None:
    """Return the document at a place, or None."""
    owner = site[place.folder].get(place.owner)
    return None if owner is None else owner.documents.get(place.document)
