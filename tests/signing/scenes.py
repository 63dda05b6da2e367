"""A person who signed on a day, an authority that stamped it, and what is said of both later."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from asn1crypto import tsp
from cryptography.hazmat.primitives.serialization import Encoding

from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import (
    Evidence,
    TimestampAuthority,
    TimestampToken,
    TrustStore,
    ValidationPolicy,
    ValidationReport,
    gather_evidence,
)
from egovdocs.signing.timestamps.tokens import read_response

SIGNED = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8"?><!-- до --><?и да?>\n'
    '<а xmlns="urn:x" xmlns:q="urn:q" xml:lang="kk" q:к=\'1\'><б>Өтініш &#13;</б><![CDATA[<&]]></а>\n'
    "<!-- после -->"
).encode()


@dataclass
class Scene:
    """A person who signed on a day, an authority that stamped it, and what is said of both later."""

    root: Authority
    ca: Authority
    clocks: Authority
    person: IssuedKey
    tsa: IssuedKey

    def store(self, at: datetime = SIGNED) -> TrustStore:
        lists = [each.crl(at - DAY, at + 6 * DAY) for each in (self.root, self.ca, self.clocks)]
        return TrustStore([self.root.certificate], lists)

    def store_of_intermediates(self) -> TrustStore:
        lists = [crl.public_bytes(Encoding.DER) for crl in self.store().crls]
        return TrustStore([self.root.certificate, self.ca.certificate], lists)

    def policy(self, at: datetime = SIGNED, **changes: Any) -> ValidationPolicy:
        return ValidationPolicy(**{"trust": self.store(at), **changes})

    def stamp(self, octets: bytes, *, at: datetime = SIGNED, key: IssuedKey | None = None) -> TimestampToken:
        authority = TimestampAuthority((key or self.tsa).signer, clock=lambda: at)
        imprint = {
            "hash_algorithm": {"algorithm": "sha256"},
            "hashed_message": hashlib.sha256(octets).digest(),
        }
        request = tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, "cert_req": True})
        return read_response(authority.respond(request.dump()))

    def stamper(self, **how: Any) -> SimpleNamespace:
        return SimpleNamespace(stamp=lambda octets: self.stamp(octets, **how))

    def evidence(self, document: bytes, **how: Any) -> Evidence:
        return gather_evidence(document, self.store(), self.stamper(**how))


def stamps(report: ValidationReport) -> list[tuple[str, str]]:
    return [
        (check.status, str(check.reason.interpolate()))
        for signature in report.signatures
        for check in signature.checks
        if check.name == "timestamp"
    ]
