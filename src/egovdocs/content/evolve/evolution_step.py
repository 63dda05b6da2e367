"""One step of the evolution of databases."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import Any

from egovdocs.content.storage.guard import ClassName


@dataclass(frozen=True)
class EvolutionStep:
    """A change of everything that is stored, from one schema version to the next.

    A step goes over all records, and changes each that it concerns exactly once.

    :param title: what it does, for the person who runs it.
    :param concerns: whether it changes a record, given the class of its object, and the names of all classes
        in it. The class is the present one, also where the record has a former name of it.
    :param change: changes the object; writing it again with the present names of classes needs nothing more.
    """

    title: str
    concerns: Callable[[type, Set[ClassName]], bool]
    change: Callable[[Any], None]
