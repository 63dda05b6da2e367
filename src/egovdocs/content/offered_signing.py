"""A document that is offered for signing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from persistent import Persistent

from egovdocs.content.access import ALLOW, DENY_ALL, EVERYONE
from egovdocs.content.attachment import Attachment
from egovdocs.content.stored_bytes import store


class Signing(Persistent):
    """A document offered for signing until a time, to one account or to anybody who has the token.

    :param purpose: the use of the signed document: ``registration``, ``request``, ``outcome``, ``order``,
        ``answer``, ``withdrawal``.
    :param document: the bytes to sign.
    :param owner: the login of who may sign; None for anybody who has the token.
    :param case: the reference of the case it belongs to.
    :param licence: the number of the licence that an order is about.
    :param language: of the page.
    :param password_hash: of the account that a registration opens.
    :ivar prepared: the prepared signature as plain data, between the two parts of signing.
    :ivar batch: the token of the batch it belongs to.
    :ivar files: attachments that the document names; they are stored with it once it is signed.
    """

    __parent__: Any = None
    __name__: str | None = None
    prepared: Mapping[str, str] | None = None
    licence: str | None = None
    files: tuple[Attachment, ...] = ()
    batch: str | None = None

    def __init__(
        self,
        *,
        token: str,
        purpose: str,
        document: bytes,
        owner: str | None,
        created: datetime,
        expires: datetime,
        case: str | None = None,
        licence: str | None = None,
        language: str = "ru",
        password_hash: str | None = None,
    ) -> None:
        self.token = token
        self.purpose = purpose
        self._document = store(document, None)
        self.owner = owner
        self.case = case
        self.licence = licence
        self.created = created
        self.expires = expires
        self.language = language
        self.password_hash = password_hash

    @property
    def document(self) -> bytes:
        """The bytes exactly as they were offered."""
        return self._document.data

    @property
    def __acl__(self) -> list[Any]:
        owner = EVERYONE if self.owner is None else f"account:{self.owner}"
        return [(ALLOW, owner, ("view", "sign")), DENY_ALL]
