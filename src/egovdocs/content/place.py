"""Where a document is kept."""

from __future__ import annotations

from typing import NamedTuple

from egovdocs.content.document import Document


class Place(NamedTuple):
    """Names a document without referring to its object, so it can be stored in messages and indexes.

    :param folder: ``cases`` or ``licences``.
    :param owner: the reference of the case, or the number of the licence.
    :param document: its kind, or the number of an order.
    """

    folder: str
    owner: str
    document: str


def place_of(document: Document) -> Place:
    """Return the place of a document of the tree."""
    owner = document.__parent__.__parent__
    return Place(owner.__parent__.__name__, owner.__name__, str(document.__name__))
