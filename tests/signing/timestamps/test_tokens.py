"""Time-stamp tokens, also those of OpenSSL."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.signing.factories import DAY
from tests.signing.timestamps.tsa_factories import DATA, TsaWorld, openssl, request_for, stamp

from egovdocs.sandbox.authority import Authority
from egovdocs.signing import Revocation, TrustStore
from egovdocs.signing.errors import BadTimestamp, UntrustedTimestamp
from egovdocs.signing.timestamps.tokens import (
    TimestampResponse,
    TimestampToken,
    read_response,
    read_token,
    verify_token,
)
from egovdocs.signing.timestamps.tsa import TimestampAuthority


def test_tokens_of_openssl(ec_tsa: TsaWorld, tmp_path: Path) -> None:
    """OpenSSL writes the older ESSCertID too, beside ESSCertIDv2."""
    pem = ec_tsa.key.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(pem)
    (tmp_path / "tsa.pem").write_bytes(ec_tsa.key.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "chain.pem").write_bytes(ec_tsa.ca.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "q.tsq").write_bytes(request_for().dump())
    for digest in ("sha1", "sha256", "sha512"):
        (tmp_path / "tsa.cnf").write_text(
            "[tsa]\ndefault_tsa = it\n[it]\n"
            f"serial = {tmp_path}/serial\nsigner_cert = {tmp_path}/tsa.pem\nsigner_key = {tmp_path}/key.pem\n"
            f"certs = {tmp_path}/chain.pem\nsigner_digest = sha384\ndefault_policy = 1.2.3.4\n"
            f"digests = sha256\ness_cert_id_alg = {digest}\naccuracy = secs:1, millisecs:500\n"
            "tsa_name = yes\nordering = yes\n"
        )
        reply = tmp_path / "r.tsr"
        openssl(
            "ts", "-reply", "-config", tmp_path / "tsa.cnf", "-queryfile", tmp_path / "q.tsq", "-out", reply
        )
        token = read_response(reply.read_bytes())
        verify_token(token, DATA, ec_tsa.store)
        assert token.policy == "1.2.3.4"
        assert token.nonce == 2**70 + 1


def test_a_token_over_other_data(ec_tsa: TsaWorld) -> None:
    with pytest.raises(BadTimestamp, match="something else"):
        verify_token(stamp(ec_tsa.tsa), b"other", ec_tsa.store)


def test_trust_in_the_authority(ec_tsa: TsaWorld) -> None:
    token = stamp(ec_tsa.tsa)

    def refused(store: TrustStore, token: TimestampToken = token, **options: Any) -> str:
        with pytest.raises(UntrustedTimestamp) as caught:
            verify_token(token, DATA, store, **options)
        return str(caught.value)

    assert "not a trusted" in refused(TrustStore([]))
    assert "no fresh" in refused(TrustStore([ec_tsa.root.certificate]))
    unseen = TrustStore([ec_tsa.root.certificate])
    verify_token(token, DATA, unseen, revocation=Revocation.NONE)
    verify_token(token, DATA, unseen, revocation=Revocation.IF_PRESENT)
    verify_token(replace(token, chain=()), DATA, ec_tsa.store, chain=token.chain)
    assert "not a trusted" in refused(ec_tsa.store, replace(token, chain=()))
    assert "expired by then" in refused(ec_tsa.store, replace(token, time=token.time + 10_000 * DAY))
    assert "not yet valid" in refused(ec_tsa.store, replace(token, time=token.time - 350 * DAY))


def test_a_token_without_its_certificate(ec_tsa: TsaWorld) -> None:
    answer = ec_tsa.tsa.respond(request_for(cert_req=False).dump())
    with pytest.raises(BadTimestamp, match="is missing"):
        read_response(answer)
    der = TimestampResponse.load(answer)["time_stamp_token"].dump()
    assert read_token(der, certificates=[ec_tsa.key.certificate]).covers(DATA)


def _signed(content: cms.ContentInfo) -> Any:
    return content["content"]


def test_a_long_token(ec_tsa: TsaWorld) -> None:
    content = cms.ContentInfo.load(stamp(ec_tsa.tsa).der)
    _signed(content)["certificates"] = [*_signed(content)["certificates"]] * 100
    with pytest.raises(BadTimestamp, match="cannot be read"):
        read_token(content.dump(force=True))


_SOME_TOKEN = stamp(TimestampAuthority(Authority.create("x", algorithm="ec").issue_timestamping("x").signer))


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
@settings(max_examples=300, deadline=None)
@given(st.data())
def test_changed_tokens(data: st.DataObject) -> None:
    der = bytearray(_SOME_TOKEN.der)
    for _each in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, 1000))
        der[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    try:
        token = read_token(bytes(der))
    except BadTimestamp:
        return
    # Unsigned parts may change: the certificates beside the authority's, and the encoding.
    assert token.covers(DATA)
    assert (token.time, token.certificate) == (_SOME_TOKEN.time, _SOME_TOKEN.certificate)
