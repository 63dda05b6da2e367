"""The messages of the entities register."""

from __future__ import annotations

import pytest
from lxml import etree

from egovdocs.integrations.external_system_errors import ExternalSystemUnavailable
from egovdocs.integrations.state_registers.entities_messages import parse_response

BIN = "120540000567"


def status(code: str) -> etree._Element:
    return etree.fromstring(f"<data><Status><Code>{code}</Code></Status></data>")


def test_an_entity_is_unknown_by_the_code_alone() -> None:
    assert parse_response(status("002"), BIN) is None
    with pytest.raises(ExternalSystemUnavailable):
        parse_response(status("777"), BIN)
