"""Things kept for a time: signings that wait, and the keys of submissions that may be sent twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from persistent import Persistent

from egovdocs.content.access import ALLOW, DENY_ALL, EVERYONE
from egovdocs.content.bodies import take_in
from egovdocs.content.documents import Attachment
from egovdocs.content.trees import ByName, Pairs

Offered = TypeVar("Offered", "Signing", "SigningBatch")

KEY_LIFE = timedelta(days=90)
SWEPT = 20


class Expiring(Persistent):
    """Values by key, each until its time; every addition sweeps out some whose time is over."""

    def __init__(self, parent: Any, name: str) -> None:
        self.__parent__ = parent
        self.__name__ = name
        self._items = ByName()
        self._times = Pairs()  # (second of the end, key)

    def __getitem__(self, key: str) -> Any:
        return self._items[key]

    def get(self, key: str, default: Any = None) -> Any:
        return self._items.get(key, default)

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def _put(self, key: str, value: Any, created: datetime, expires: datetime) -> None:
        self._sweep(created)
        self._items[key] = value
        self._times.add((int(expires.timestamp()), key))

    def _sweep(self, now: datetime) -> None:
        over: list[tuple[int, str]] = []
        for second, key in self._times:
            if second > now.timestamp() or len(over) == SWEPT:
                break
            over.append((second, key))
        for pair in over:
            self._times.remove(pair)
            self._items.pop(pair[1], None)


class Signing(Persistent):
    """A document offered for signing: for a time, to one account or to whoever has the token.

    :param purpose: what is done with the signed document: ``registration``, ``request``, ``outcome``,
        ``order``, ``answer``, ``withdrawal``.
    :param owner: the login of who may sign.
    :param case: the reference of the case it belongs to; ``licence`` the number of an order's licence.
    :param password_hash: of an account that will be opened with it.
    :ivar batch: the token of the batch it is signed in, if any.
    :ivar files: that the document names, and that are kept with it once it is signed.
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
        self._document = take_in(document, None)
        self.owner = owner
        self.case = case
        self.licence = licence
        self.created = created
        self.expires = expires
        self.language = language
        self.password_hash = password_hash

    @property
    def document(self) -> bytes:
        """The very bytes that were offered."""
        return self._document.data

    @property
    def __acl__(self) -> list[Any]:
        owner = EVERYONE if self.owner is None else f"account:{self.owner}"
        return [(ALLOW, owner, ("view", "sign")), DENY_ALL]


class SigningBatch(Persistent):
    """Several signings that one person reads and signs on one page, each by itself.

    :param signings: their tokens, in order.
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


class Signings(Expiring):
    """Signings, and batches of them, by token; those whose time is over are dropped by and by."""

    def add(self, signing: Offered) -> Offered:
        signing.__parent__ = self
        signing.__name__ = signing.token
        self._put(signing.token, signing, signing.created, signing.expires)
        return signing


class IdempotencyKeys(Expiring):
    """What a submission gave, by its key: who sends again gets the same. Kept for 90 days.

    A result is plain data: a number, a reference.
    """

    def __setitem__(self, key: str, result: Any) -> None:
        now = datetime.now(UTC)
        self._put(key, result, now, now + KEY_LIFE)
