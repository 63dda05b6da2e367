"""Records may name the classes that are stored, and nothing else."""

from __future__ import annotations

import pytest

from egovdocs.content.evolve.former_names import FORMER_NAMES
from egovdocs.content.site_database import GUARD
from egovdocs.content.storage.guard import ForbiddenClass, name_of
from egovdocs.content.stored_bytes import StoredBytes
from egovdocs.content.stored_classes import STORED_CLASSES


@pytest.mark.parametrize(
    "name", ["builtins eval", "builtins getattr", "os system", "egovdocs.content.storage.repair mend"]
)
def test_functions_are_forbidden(name: str) -> None:
    module, attribute = name.split()
    record = b"c" + module.encode() + b"\n" + attribute.encode() + b"\n.N."
    with pytest.raises(ForbiddenClass):
        GUARD.check(record)
    with pytest.raises(ForbiddenClass):
        GUARD.find(module, attribute)


def test_only_classes_are_listed() -> None:
    assert all(isinstance(kept, type) for kept in STORED_CLASSES)
    assert len(set(STORED_CLASSES)) == len(STORED_CLASSES)


def test_former_names_are_loaded_and_never_stored() -> None:
    assert GUARD.find("egovdocs.content.bodies", "Body") is StoredBytes
    with pytest.raises(ForbiddenClass):
        GUARD.check(b"cegovdocs.content.bodies\nBody\n.N.")


def test_former_names_are_of_stored_classes_and_none_is_in_use() -> None:
    present = {name_of(kept) for kept in STORED_CLASSES}
    assert present.isdisjoint(FORMER_NAMES)
    assert set(FORMER_NAMES.values()) <= set(STORED_CLASSES)


def test_the_classes_in_a_record() -> None:
    record = b"cegovdocs.content.bodies\nBody\n.(cdatetime\ndate\ntcdecimal\nDecimal\n\x86."
    own, names = GUARD.classes_in(record)
    assert own is StoredBytes
    assert names == {("egovdocs.content.bodies", "Body"), ("datetime", "date"), ("decimal", "Decimal")}
