"""The folder of what is offered for signing."""

from __future__ import annotations

from typing import TypeVar

from egovdocs.content.expiring import Expiring
from egovdocs.content.offered_signing import Signing
from egovdocs.content.signing_batch import SigningBatch

Offered = TypeVar("Offered", Signing, SigningBatch)


class Signings(Expiring):
    """Signings and batches of them by token. Expired ones are removed lazily."""

    def add(self, signing: Offered) -> Offered:
        """Add a signing or a batch."""
        signing.__parent__ = self
        signing.__name__ = signing.token
        self._put(signing.token, signing, signing.created, signing.expires)
        return signing
