"""From 0.1.0: each class is in a module of its own, and some names of attributes are plainer."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from egovdocs.content.case import Case
from egovdocs.content.evidence_values import EvidenceValues
from egovdocs.content.evolve.evolution_step import EvolutionStep
from egovdocs.content.evolve.former_names import FORMER_NAMES
from egovdocs.content.storage.guard import ClassName
from egovdocs.content.stored_file import StoredFile

RENAMED = {Case: ("told", "notified"), StoredFile: ("body", "stored"), EvidenceValues: ("_bodies", "_values")}


def _concerns(own: type, names: Set[ClassName]) -> bool:
    return not names.isdisjoint(FORMER_NAMES)


def _change(item: Any) -> None:
    for kind, (former, present) in RENAMED.items():
        if isinstance(item, kind) and former in item.__dict__:
            item.__dict__[present] = item.__dict__.pop(former)


STEP = EvolutionStep("Write the present names of classes and attributes", _concerns, _change)
