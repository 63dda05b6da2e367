"""Fixtures that the tests of signing share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from egovdocs.sandbox.authority import IssuedKey
from egovdocs.signing import Evidence, ValidationPolicy, sign

from . import templates
from .factories import DOCUMENT, FIRST_RENEWAL, SECOND_RENEWAL, EvidenceWorld, Fill, SigningWorld
from .judges.verifiers import Jdk, Xmldsigjs


@pytest.fixture(scope="session")
def world() -> SigningWorld:
    return SigningWorld.create()


@pytest.fixture(scope="session")
def fill(world: SigningWorld) -> Fill:
    def filled(template: str | bytes, key: IssuedKey | None = None, *, which: str = "") -> bytes:
        return templates.fill_in(template, key or world.person, which)

    return filled


@pytest.fixture(scope="session")
def own_document(world: SigningWorld) -> bytes:
    """A document signed by the person of the world."""
    return sign('<a Id="root"><b Id="b">Өтініш</b></a>'.encode(), world.person.signer)


@pytest.fixture(scope="session")
def jdk() -> Iterator[Jdk]:
    if shutil.which("java") is None:
        pytest.skip("no JDK on this machine")
    with Jdk.start() as process:
        yield Jdk(process)


@pytest.fixture(scope="session")
def xmldsigjs() -> Iterator[Xmldsigjs]:
    with Xmldsigjs.start() as process:
        yield Xmldsigjs(process)


@pytest.fixture(scope="session")
def jdk_documents(world: SigningWorld, jdk: Jdk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of documents that the JDK signed, with RSA and P-256."""
    folder = tmp_path_factory.mktemp("jdk")
    for kind, key in (("ec", world.person), ("rsa", world.rsa_person)):
        keys = folder / f"{kind}.p12"
        keys.write_bytes(key.pkcs12("secret"))
        jdk.sign(keys, "secret", folder, kind)
    return folder


@pytest.fixture(scope="session")
def shared_evidence_world() -> EvidenceWorld:
    return EvidenceWorld.create()


@pytest.fixture
def evidence_world(shared_evidence_world: EvidenceWorld) -> EvidenceWorld:
    """A copy in which a test can revoke certificates."""
    return shared_evidence_world.copy()


@pytest.fixture(scope="session")
def signed(shared_evidence_world: EvidenceWorld) -> bytes:
    """A document signed by the person of the evidence world."""
    return sign(DOCUMENT, shared_evidence_world.person.signer)


@pytest.fixture(scope="session")
def evidence(shared_evidence_world: EvidenceWorld, signed: bytes) -> Evidence:
    """Evidence for the signed document, not renewed."""
    return shared_evidence_world.evidence(signed)


@pytest.fixture(scope="session")
def renewed_once(shared_evidence_world: EvidenceWorld, signed: bytes, evidence: Evidence) -> Evidence:
    return shared_evidence_world.renew(signed, evidence, FIRST_RENEWAL)


@pytest.fixture(scope="session")
def renewed_twice(shared_evidence_world: EvidenceWorld, signed: bytes, renewed_once: Evidence) -> Evidence:
    return shared_evidence_world.renew(signed, renewed_once, SECOND_RENEWAL)


@pytest.fixture
def bare(evidence_world: EvidenceWorld) -> ValidationPolicy:
    """A policy that trusts the root of the evidence world and has no revocation data."""
    return evidence_world.bare_policy()
