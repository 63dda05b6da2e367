"""Fixtures for the tests of trust."""

from __future__ import annotations

import pytest
from tests.signing.factories import DAY, IIN, NAME
from tests.signing.trust.path_factories import MOMENT, OddCertificates
from tests.signing.trust.revocation_factories import RevocationWorld

from egovdocs.sandbox.authority import Authority, IssuedKey


@pytest.fixture(scope="module")
def root() -> Authority:
    return Authority.create("Корень", algorithm="ec", not_before=MOMENT - 400 * DAY)


@pytest.fixture(scope="module")
def ca(root: Authority) -> Authority:
    return root.intermediate("Центр", algorithm="ec", not_before=MOMENT - 390 * DAY)


@pytest.fixture(scope="module")
def person(ca: Authority) -> IssuedKey:
    return ca.issue_person(
        NAME, IIN, algorithm="ec", not_before=MOMENT - 100 * DAY, not_after=MOMENT + 100 * DAY
    )


@pytest.fixture(scope="module")
def odd() -> OddCertificates:
    return OddCertificates()


@pytest.fixture
def revocation_world() -> RevocationWorld:
    return RevocationWorld()
