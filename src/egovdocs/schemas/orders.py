"""On what coded grounds a licence may be suspended, resumed or terminated."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from egovdocs.schemas.documents import COMMON
from egovdocs.schemas.model import Ground
from egovdocs.schemas.toml import Reader

KINDS = ("suspension", "resumption", "termination")


@cache
def order_grounds() -> Mapping[str, tuple[Ground, ...]]:
    """The grounds by the order's kind.

    :raises ServiceError: ``common/order-grounds.toml`` is not as it should be.
    """
    reader = Reader(COMMON / "order-grounds.toml")
    reader.table((), KINDS)
    grounds = {
        kind: tuple(
            Ground(reader.string((*at, "code")), reader.text((*at, "title"))) for at in reader.tables((kind,))
        )
        for kind in KINDS
    }
    return reader.sound(grounds)


def find_ground(kind: str, code: str) -> Ground | None:
    """The ground of a code; None when the list has none."""
    return next((ground for ground in order_grounds().get(kind, ()) if ground.code == code), None)
