"""Certificates that the demo authority does not issue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from tests.signing.factories import DAY, KEY_USAGES

from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import Revocation, TrustStore

MOMENT = datetime(2026, 6, 1, 12, tzinfo=UTC)


def fresh_lists(*authorities: Authority, at: datetime = MOMENT) -> list[bytes]:
    return [each.crl(at - DAY, at + DAY) for each in authorities]


def verdict(store: TrustStore, key: IssuedKey, at: datetime = MOMENT, **more: Any) -> str | None:
    answer = store.check_certificate(key.certificate, chain=key.issuers[:-1], at=at, **more)
    assert answer.passed is (answer.sub_indication is None)
    return answer.sub_indication


def numbered_crl(
    issuer: Authority,
    at: datetime,
    entry: tuple[IssuedKey, x509.ReasonFlags] | None = None,
    delta: int | None = None,
) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(at)
        .next_update(at + DAY)
        .add_extension(x509.CRLNumber(1 if delta is None else delta + 1), critical=False)
    )
    if delta is not None:
        builder = builder.add_extension(x509.DeltaCRLIndicator(delta), critical=True)
    if entry is not None:
        key, reason = entry
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(key.certificate.serial_number)
            .revocation_date(at - timedelta(hours=1))
            .add_extension(x509.CRLReason(reason), critical=False)
            .build()
        )
    return builder.sign(issuer.key, SHA256()).public_bytes(Encoding.DER)


def issue_certificate(
    issuer: Authority,
    key: Any,
    *,
    ca: bool = False,
    usage: str = "digital_signature",
    path: int | None = None,
    subject: x509.Name | None = None,
) -> x509.Certificate:
    return (
        x509.CertificateBuilder()
        .subject_name(subject or x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"{usage} {ca}")]))
        .issuer_name(issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(MOMENT - DAY)
        .not_valid_after(MOMENT + DAY)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=path), critical=True)
        .add_extension(x509.KeyUsage(**{flag: flag == usage for flag in KEY_USAGES}), critical=True)
        .sign(issuer.key, SHA256())
    )


class OddCertificates:
    """Makes certificates that the demo authority does not issue."""

    def __init__(self) -> None:
        self.root = Authority.create("Корень", algorithm="ec", not_before=MOMENT - 400 * DAY)

    def authority(self, issuer: Authority | None = None, name: str = "Странный", **options: Any) -> Authority:
        key = options.pop("key", None) or ec.generate_private_key(ec.SECP256R1())
        issuer = issuer or self.root
        made = self.make(issuer, key, name, **{"ca": True, "usage": ("key_cert_sign", "crl_sign"), **options})
        return Authority(key, made, issuer.chain)

    def person(self, issuer: Authority | None = None, **options: Any) -> IssuedKey:
        key = options.pop("key", None) or ec.generate_private_key(ec.SECP256R1())
        issuer = issuer or self.root
        return IssuedKey(key, self.make(issuer, key, options.pop("name", "Некто"), **options), issuer.chain)

    @staticmethod
    def make(
        issuer: Authority,
        key: Any,
        name: str,
        *,
        ca: bool | None = False,
        path: int | None = None,
        usage: Iterable[str] | None = ("digital_signature",),
        dates: tuple[datetime, datetime] = (MOMENT - 50 * DAY, MOMENT + 50 * DAY),
        more: Iterable[tuple[x509.ExtensionType, bool]] = (),
        organisation: str = "Мекеме",
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(distinguished_name(organisation, name))
            .issuer_name(issuer.certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(dates[0])
            .not_valid_after(dates[1])
        )
        if ca is not None:
            builder = builder.add_extension(x509.BasicConstraints(ca, path), critical=True)
        if usage is not None:
            builder = builder.add_extension(
                x509.KeyUsage(**{flag: flag in usage for flag in KEY_USAGES}), critical=True
            )
        for extension, critical in more:
            builder = builder.add_extension(extension, critical)
        return builder.sign(issuer.key, SHA256())

    def verdict(
        self, key: IssuedKey, at: datetime = MOMENT, *, anchors: Iterable[x509.Certificate] = (), **more: Any
    ) -> str | None:
        store = TrustStore(list(anchors) or [self.root.certificate])
        chain = more.pop("chain", key.issuers[:-1])
        return store.check_certificate(
            key.certificate, chain=chain, at=at, **{"revocation": Revocation.NONE, **more}
        ).sub_indication


def distinguished_name(organisation: str, common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "KZ"),
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, common),
        ]
    )


def resign(
    issued: IssuedKey, by: Any, *, algorithm: str = "sha256_ecdsa", digest: Any = None, **fields: Any
) -> IssuedKey:
    """Return the certificate with other values, signed again."""
    parsed = asn1_x509.Certificate.load(issued.certificate.public_bytes(Encoding.DER))
    inner = fields.pop("inner", algorithm)
    parsed["tbs_certificate"]["signature"] = {"algorithm": inner}
    parsed["signature_algorithm"] = {"algorithm": algorithm}
    for name, value in fields.items():
        parsed["tbs_certificate"][name] = value
    signed = parsed["tbs_certificate"].dump(force=True)
    options = (
        [padding.PKCS1v15(), digest or SHA256()] if "rsa" in algorithm else [ec.ECDSA(digest or SHA256())]
    )
    parsed["signature_value"] = by.sign(signed, *options)
    certificate = x509.load_der_x509_certificate(parsed.dump(force=True))
    return IssuedKey(issued.key, certificate, issued.issuers)
