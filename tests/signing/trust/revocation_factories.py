"""Lists and OCSP responses of every kind about one person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from asn1crypto import core as asn1_core
from asn1crypto import ocsp as asn1_ocsp
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from tests.signing.factories import DAY, HOUR, IIN, NAME

from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import TrustStore

# The present time, because cryptography dates responses by the clock.
NOW = datetime.now(UTC).replace(microsecond=0)
HOLD, COMPROMISE = x509.ReasonFlags.certificate_hold, x509.ReasonFlags.key_compromise


class RevocationWorld:
    def __init__(self) -> None:
        self.root = Authority.create("Корень", algorithm="ec", not_before=NOW - 400 * DAY)
        self.ca = self.root.intermediate("Центр", algorithm="ec", not_before=NOW - 390 * DAY)
        self.person = self.issue()
        self.other = self.issue()

    def issue(self, **dates: Any) -> IssuedKey:
        return self.ca.issue_person(
            NAME,
            IIN,
            algorithm="ec",
            **{"not_before": NOW - 100 * DAY, "not_after": NOW + 100 * DAY, **dates},
        )

    @property
    def above(self) -> bytes:
        return self.root.crl(NOW - DAY, NOW + DAY)

    def verdict(
        self,
        *lists: bytes,
        ocsps: Iterable[bytes] = (),
        at: datetime = NOW,
        key: IssuedKey | None = None,
        chain: Iterable[x509.Certificate] = (),
        above: bytes | None = None,
        **more: Any,
    ) -> str | None:
        store = TrustStore([self.root.certificate], [above or self.above, *lists], ocsps)
        return store.check_certificate(
            (key or self.person).certificate, chain=[self.ca.certificate, *chain], at=at, **more
        ).sub_indication


def ocsp_response(
    revocation_world: RevocationWorld,
    status: ocsp.OCSPCertStatus = ocsp.OCSPCertStatus.GOOD,
    *,
    about: x509.Certificate | None = None,
    issuer: x509.Certificate | None = None,
    at: datetime = NOW - HOUR,
    until: datetime | None = NOW + HOUR,
    revoked: datetime | None = None,
    reason: x509.ReasonFlags | None = None,
    key: Any = None,
    named: x509.Certificate | None = None,
    carries: Iterable[x509.Certificate] = (),
    by_name: bool = False,
    digest: HashAlgorithm | None = None,
    extension: tuple[x509.ExtensionType, bool] | None = None,
) -> bytes:
    builder = ocsp.OCSPResponseBuilder().add_response(
        about or revocation_world.person.certificate,
        issuer or revocation_world.ca.certificate,
        digest or SHA1(),
        status,
        at,
        until,
        revoked,
        reason,
    )
    options = ocsp.OCSPResponderEncoding.NAME if by_name else ocsp.OCSPResponderEncoding.HASH
    builder = builder.responder_id(options, named or revocation_world.ca.certificate)
    if carries:
        builder = builder.certificates(list(carries))
    if extension is not None:
        builder = builder.add_extension(*extension)
    return builder.sign(key or revocation_world.ca.key, SHA256()).public_bytes(Encoding.DER)


def resign_response(der: bytes, key: Any, *, produced: datetime | None = None, **extensions: Any) -> bytes:
    """Return the response with other values, signed again."""
    whole = asn1_ocsp.OCSPResponse.load(der)
    basic = whole["response_bytes"]["response"].parsed
    data = basic["tbs_response_data"]
    if produced is not None:
        data["produced_at"] = produced
    if extensions:
        data["responses"][0]["single_extensions"] = [
            {
                "extn_id": name,
                "critical": name[0] in "123",
                "extn_value": asn1_core.ParsableOctetString(asn1_core.GeneralizedTime(value).dump()),
            }
            for name, value in extensions.items()
        ]
    basic["signature"] = key.sign(data.dump(force=True), ec.ECDSA(SHA256()))
    whole["response_bytes"]["response"] = asn1_core.ParsableOctetString(basic.dump(force=True))
    return bytes(whole.dump(force=True))


REVOKED, UNKNOWN = ocsp.OCSPCertStatus.REVOKED, ocsp.OCSPCertStatus.UNKNOWN


def delegate(
    revocation_world: RevocationWorld,
    key: IssuedKey,
    purposes: Iterable[x509.ObjectIdentifier] = (),
    *,
    issuer: Authority | None = None,
    subject: x509.Name | None = None,
    crl_sign: bool = False,
) -> IssuedKey:
    issuer = issuer or revocation_world.ca
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject or key.certificate.subject)
        .issuer_name(issuer.certificate.subject)
        .public_key(key.certificate.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - 50 * DAY)
        .not_valid_after(NOW + DAY)
        .add_extension(x509.OCSPNoCheck(), critical=False)
        .add_extension(usage(crl_sign), critical=True)
    )
    if purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(list(purposes)), critical=False)
    return IssuedKey(key.key, builder.sign(issuer.key, SHA256()), issuer.chain)


def usage(crl_sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(not crl_sign, False, False, False, False, False, crl_sign, False, False)


def signed_crl(
    issuer: Authority,
    *extensions: tuple[x509.ExtensionType, bool],
    name: x509.Name | None = None,
    entry: x509.RevokedCertificateBuilder | None = None,
    entries: Iterable[x509.RevokedCertificate] = (),
    until: datetime | None = None,
    key: Any = None,
) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(name or issuer.certificate.subject)
        .last_update(NOW - HOUR)
        .next_update(until or NOW + HOUR)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    for each in (*entries, *([entry.build()] if entry else [])):
        builder = builder.add_revoked_certificate(each)
    return builder.sign(key or issuer.key, SHA256()).public_bytes(Encoding.DER)


def scope(**what: Any) -> x509.IssuingDistributionPoint:
    return x509.IssuingDistributionPoint(
        **{
            "full_name": None,
            "relative_name": None,
            "only_contains_user_certs": False,
            "only_contains_ca_certs": False,
            "only_some_reasons": None,
            "indirect_crl": False,
            "only_contains_attribute_certs": False,
            **what,
        }
    )


def scoped_crl(authority: Authority, **what: Any) -> bytes:
    return authority.crl(NOW - HOUR, NOW + HOUR, scope=scope(**what))


def with_distribution_points(
    revocation_world: RevocationWorld, *points: x509.DistributionPoint, issuer: Authority | None = None
) -> IssuedKey:
    issuer = issuer or revocation_world.ca
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(revocation_world.person.certificate.subject)
        .issuer_name(issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + DAY)
        .add_extension(x509.CRLDistributionPoints(list(points)), critical=False)
        .sign(issuer.key, SHA256())
    )
    return IssuedKey(key, certificate, issuer.chain)
