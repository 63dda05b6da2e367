"""The pages of a long list."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from egovdocs.app.request import Request

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """A page of a list.

    :ivar number: counted from 1.
    :ivar more: whether a page follows.
    """

    shown: list[T]
    number: int
    more: bool


def page_of(request: Request, found: Iterable[T], size: int) -> Page[T]:
    """Return the page of a list that the address names (``?page=``), the first if it names none."""
    number_text = request.params.get("page", "1")
    number = int(number_text) if re.fullmatch("[1-9][0-9]{0,5}", number_text) else 1
    shown = list(islice(found, (number - 1) * size, number * size + 1))
    return Page(shown[:size], number, len(shown) > size)
