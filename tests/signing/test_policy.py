"""Validation policies."""

from __future__ import annotations

from typing import Any

import pytest
from tests.signing.factories import SigningWorld

from egovdocs.signing import Coverage, Revocation, TrustStore, ValidationPolicy, validate
from egovdocs.signing.crypto import algorithms


def test_a_policy_from_text_values(world: SigningWorld) -> None:
    policy = world.policy(coverage="whole", revocation="require")
    assert policy.coverage is Coverage.WHOLE
    assert policy.revocation is Revocation.REQUIRE
    with pytest.raises(ValueError, match="most"):
        world.policy(coverage="most")
    with pytest.raises(TypeError, match="TrustStore"):
        ValidationPolicy(trust=[world.root.certificate])  # type: ignore[arg-type]


def test_algorithms_in_any_collection(own_document: bytes, world: SigningWorld) -> None:
    policy = world.policy(canonicalizations=[algorithms.EXCLUSIVE], digest_methods=list(algorithms.DIGESTS))
    assert validate(own_document, policy).passed


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"max_bytes": "10"}, "max_bytes"),
        ({"max_references": -1}, "max_references"),
        ({"minimal_rsa_bits": None}, "minimal_rsa_bits"),
        ({"curves": "secp256r1"}, "curves"),
        ({"digest_methods": None}, "iterable"),
    ],
)
def test_invalid_policies(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        ValidationPolicy(TrustStore([]), **wrong)
