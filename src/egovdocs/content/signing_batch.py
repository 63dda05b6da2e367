"""A batch of documents that are offered for signing together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from persistent import Persistent

from egovdocs.content.access import ALLOW, DENY_ALL


class SigningBatch(Persistent):
    """Several signings that one person reads and signs on one page, each with its own signature.

    :param signings: their tokens, in order.
    :param owner: the login of who may sign.
    """

    __parent__: Any = None
    __name__: str | None = None

    def __init__(
        self, token: str, signings: Sequence[str], owner: str, created: datetime, expires: datetime
    ) -> None:
        self.token = token
        self.signings = tuple(signings)
        self.owner = owner
        self.created = created
        self.expires = expires

    @property
    def __acl__(self) -> list[Any]:
        return [(ALLOW, f"account:{self.owner}", ("view", "sign")), DENY_ALL]
