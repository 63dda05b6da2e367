"""Signatures of tokens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from asn1crypto import cms, core, tsp
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID
from tests.signing.timestamps.tsa_factories import TsaWorld, stamp

from egovdocs.sandbox.authority import IssuedKey
from egovdocs.signing.errors import BadTimestamp
from egovdocs.signing.timestamps.tokens import read_token
from egovdocs.signing.timestamps.tsa import TimestampAuthority

_OTHER_CERTIFICATE = tsp.SigningCertificateV2({"certs": [{"cert_hash": b"0" * 32}]})
Change = Callable[[cms.ContentInfo], None]


def _signed(content: cms.ContentInfo) -> Any:
    return content["content"]


def _info(content: cms.ContentInfo) -> Any:
    return _signed(content)["signer_infos"][0]


def _tst_info(**changes: Any) -> Change:
    def change(content: cms.ContentInfo) -> None:
        inner = _signed(content)["encap_content_info"]["content"].parsed
        info = tsp.TSTInfo.load(inner.dump())
        for name, value in changes.items():
            info[name] = value
        _signed(content)["encap_content_info"]["content"] = core.ParsableOctetString(info.dump())

    return change


def _attribute(kind: str, value: Any) -> Change:
    def change(content: cms.ContentInfo) -> None:
        for each in _info(content)["signed_attrs"]:
            if each["type"].native == kind:
                each["values"] = [value]

    return change


def _no_attribute(kind: str) -> Change:
    def change(content: cms.ContentInfo) -> None:
        kept = [each for each in _info(content)["signed_attrs"] if each["type"].native != kind]
        _info(content)["signed_attrs"] = cms.CMSAttributes(kept)

    return change


def _set(name: str, value: Any) -> Change:
    def change(content: cms.ContentInfo) -> None:
        _info(content)[name] = value

    return change


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_tst_info(gen_time=datetime(2020, 1, 1, tzinfo=UTC)), "changed after"),
        (_attribute("message_digest", b"0" * 32), "changed after"),
        (_attribute("content_type", "data"), "cannot be read"),
        (
            _attribute("signing_certificate_v2", _OTHER_CERTIFICATE),
            "another certificate",
        ),
        (_no_attribute("signing_certificate_v2"), "cannot be read"),
        (_no_attribute("message_digest"), "cannot be read"),
        (_set("signature", b"0" * 70), "not made with the key"),
        (_set("digest_algorithm", {"algorithm": "sha1"}), "not allowed: sha1"),
        (_set("signature_algorithm", {"algorithm": "sha1_ecdsa"}), "not allowed: sha1"),
        (_set("signature_algorithm", {"algorithm": "sha256_rsa"}), "kind that is not accepted"),
    ],
)
def test_tampered_tokens(change: Change, reason: str, ec_tsa: TsaWorld) -> None:
    content = cms.ContentInfo.load(stamp(ec_tsa.tsa).der)
    change(content)
    with pytest.raises(BadTimestamp, match=reason):
        read_token(content.dump(force=True))


def test_two_signers(ec_tsa: TsaWorld) -> None:
    content = cms.ContentInfo.load(stamp(ec_tsa.tsa).der)
    _signed(content)["signer_infos"].append(_info(content).copy())
    with pytest.raises(BadTimestamp, match="cannot be read"):
        read_token(content.dump(force=True))


def test_a_key_for_another_purpose(ec_tsa: TsaWorld) -> None:
    """A person's key does not prove a time, nor one with a non-critical extended key usage (RFC
    3161, 2.3).
    """
    person = ec_tsa.ca.issue_person("ИВАНОВ ИВАН", "900101300017", algorithm="ec")
    lax = (
        x509.CertificateBuilder(
            ec_tsa.key.certificate.issuer,
            ec_tsa.key.certificate.subject,
            ec_tsa.key.key.public_key(),
            x509.random_serial_number(),
            ec_tsa.key.certificate.not_valid_before_utc,
            ec_tsa.key.certificate.not_valid_after_utc,
        )
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=False)
        .sign(ec_tsa.ca.key, SHA256())
    )
    for key in (person, IssuedKey(ec_tsa.key.key, lax, ec_tsa.key.issuers)):
        forged = TimestampAuthority(ec_tsa.key.signer)
        object.__setattr__(forged, "signer", key.signer)
        with pytest.raises(BadTimestamp, match="not for time-stamps"):
            stamp(forged)
