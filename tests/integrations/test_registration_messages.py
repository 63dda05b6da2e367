"""The response to a request that arrived through the gateway."""

from __future__ import annotations

import pytest
from tests.gateway_parties import REFUSAL, REGISTRATION, transmit

from egovdocs.integrations.registration_messages import (
    Registration,
    RegistrationRefusal,
    build_response,
    parse_response,
)


@pytest.mark.parametrize("result", [REGISTRATION, REFUSAL])
def test_a_response_is_transmitted_unchanged(result: Registration | RegistrationRefusal) -> None:
    assert parse_response(transmit(build_response(result))) == result
