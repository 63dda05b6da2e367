"""The messages by which a signed request is sent to the provider's workstation."""

from __future__ import annotations

import pytest
from lxml import etree
from tests.gateway_parties import REFUSAL

from egovdocs.integrations import registration_messages
from egovdocs.integrations.gateway.messages import new_data
from egovdocs.integrations.gateway.xmlutil import UnexpectedStructure
from egovdocs.integrations.workstation.sending_messages import parse_request, parse_response


def test_data_of_another_structure_are_rejected() -> None:
    with pytest.raises(UnexpectedStructure):
        parse_request(new_data(registration_messages.NAMESPACE, "Request"))
    with pytest.raises(UnexpectedStructure):
        parse_response(etree.Element("data"))


def test_a_refusal_is_no_registration() -> None:
    with pytest.raises(UnexpectedStructure, match="a refusal"):
        parse_response(registration_messages.build_response(REFUSAL))
