"""Problems of a document, in sentences that a citizen understands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from egovdocs.schemas.text import Text


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a document: the field's path (``sites/site[2]/name``) and a sentence about it."""

    path: str
    message: Text


class DocumentProblems(ValueError):  # noqa: N818 — it carries problems
    """A document breaks its schema or rules: see ``problems``."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.path}: {p.message.en}" for p in self.problems))


Rule = Callable[[Mapping[str, Any]], Iterable[Problem]]
"""Checks the values of a document that keeps to its XSD."""
