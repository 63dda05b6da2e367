"""Faulty XAdES properties."""

from __future__ import annotations

import pytest
from tests.signing.factories import Fill, SigningWorld, failed_check
from tests.signing.invalid_documents import XADES_FAULTS

from egovdocs.signing import validate


@pytest.mark.parametrize("name", XADES_FAULTS)
def test_faulty_properties(name: str, world: SigningWorld, fill: Fill) -> None:
    template, sub_indication, check = XADES_FAULTS[name]
    document = fill(template(world))
    assert failed_check(validate(document, world.lenient)) == (sub_indication, check)
