"""The messages of the notary register."""

from __future__ import annotations

import pytest
from lxml import etree

from egovdocs.integrations.external_system_errors import ExternalSystemUnavailable
from egovdocs.integrations.state_registers.notary_messages import parse_response

POWER = ("1", "910203450036", "860517300425")


def result(code: str) -> etree._Element:
    return etree.fromstring(f"<data><messageResult><code>{code}</code></messageResult></data>")


def test_a_power_of_attorney_is_unknown_by_the_code_alone() -> None:
    assert parse_response(result("00001"), *POWER) is None
    with pytest.raises(ExternalSystemUnavailable):
        parse_response(result("9"), *POWER)
