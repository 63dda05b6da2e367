"""A small certification authority in the shape of the National Certification Authority (НУЦ РК).

The demo site and the tests issue their people's keys with it. Everyone it certifies is made up.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from egovdocs.signing import KeySigner, Role
from egovdocs.signing.crypto.rsa_ec import PrivateKey
from egovdocs.signing.trust.crls import read_entry
from egovdocs.signing.trust.revocation import RevocationEntry

Algorithm = Literal["rsa", "ec"]

SIGNING_KEY = "1.3.6.1.5.5.7.3.4"
AUTHENTICATION_KEY = "1.3.6.1.5.5.7.3.2"
YEAR = 365
MONTH = 30


@dataclass(frozen=True)
class IssuedKey:
    """A key with its certificate, and the certificates above it (nearest first, the root last)."""

    key: PrivateKey
    certificate: x509.Certificate
    issuers: tuple[x509.Certificate, ...]

    @property
    def signer(self) -> KeySigner:
        return KeySigner(self.key, self.certificate, self.issuers[:-1])

    def pkcs12(self, password: str) -> bytes:
        """The key file (RFC 7292, PBES2), the whole chain in it."""
        return pkcs12.serialize_key_and_certificates(
            name=None,
            key=self.key,
            cert=self.certificate,
            cas=self.issuers,
            encryption_algorithm=BestAvailableEncryption(password.encode()),
        )


@dataclass
class Authority:
    """Issues certificates and says which of them are revoked."""

    key: PrivateKey
    certificate: x509.Certificate
    issuers: tuple[x509.Certificate, ...] = ()
    revoked: dict[int, RevocationEntry] = field(default_factory=dict)

    @classmethod
    def create(
        cls,
        common_name: str,
        *,
        algorithm: Algorithm = "rsa",
        not_before: datetime | None = None,
        days: int = 20 * YEAR,
    ) -> Authority:
        """A new root, signed by itself."""
        key = _new_key(algorithm)
        name = _name({NameOID.COMMON_NAME: common_name, NameOID.COUNTRY_NAME: "KZ"})
        builder = _builder(name, name, key, not_before, None, days)
        return cls(key, _for_authority(builder, key, key.public_key()).sign(key, SHA256()))

    def intermediate(
        self,
        common_name: str,
        *,
        algorithm: Algorithm = "rsa",
        not_before: datetime | None = None,
        days: int = 10 * YEAR,
    ) -> Authority:
        """An authority below this one, which issues to people."""
        key = _new_key(algorithm)
        name = _name({NameOID.COMMON_NAME: common_name, NameOID.COUNTRY_NAME: "KZ"})
        builder = _builder(name, self.certificate.subject, key, not_before, None, days)
        certificate = _for_authority(builder, key, self.key.public_key()).sign(self.key, SHA256())
        return Authority(key, certificate, self.chain)

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """This authority's certificate and those above it, the root last."""
        return (self.certificate, *self.issuers)

    def issue(
        self,
        subject: dict[x509.ObjectIdentifier, str],
        roles: Iterable[Role],
        *,
        purpose: str = SIGNING_KEY,
        algorithm: Algorithm = "rsa",
        not_before: datetime | None = None,
        not_after: datetime | None = None,
    ) -> IssuedKey:
        """Issue a signing or an authentication key for a year, or for the time given."""
        key = _new_key(algorithm)
        builder = _builder(_name(subject), self.certificate.subject, key, not_before, not_after, YEAR)
        certificate = (
            builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(signing=purpose == SIGNING_KEY), critical=True)
            .add_extension(
                x509.ExtendedKeyUsage(
                    [x509.ObjectIdentifier(oid) for oid in (purpose, *(role.value for role in roles))]
                ),
                critical=False,
            )
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
            )
            .sign(self.key, SHA256())
        )
        return IssuedKey(key, certificate, self.chain)

    def issue_person(
        self,
        full_name: str,
        iin: str,
        *,
        purpose: str = SIGNING_KEY,
        algorithm: Algorithm = "rsa",
        not_before: datetime | None = None,
        not_after: datetime | None = None,
    ) -> IssuedKey:
        """A key of a natural person; ``full_name`` is surname, given name and patronymic, if any."""
        return self.issue(
            _person(full_name, iin),
            [Role.NATURAL_PERSON],
            purpose=purpose,
            algorithm=algorithm,
            not_before=not_before,
            not_after=not_after,
        )

    def issue_employee(
        self,
        full_name: str,
        iin: str,
        organisation: str,
        bin: str,
        *,
        role: Role = Role.RIGHT_TO_SIGN,
        purpose: str = SIGNING_KEY,
        algorithm: Algorithm = "rsa",
        not_before: datetime | None = None,
        not_after: datetime | None = None,
    ) -> IssuedKey:
        """A key of an organisation's person, who acts for it in the given role."""
        return self.issue(
            {**_person(full_name, iin), **_organisation(organisation, bin)},
            [Role.LEGAL_ENTITY, role],
            purpose=purpose,
            algorithm=algorithm,
            not_before=not_before,
            not_after=not_after,
        )

    def issue_system(
        self,
        name: str,
        bin: str,
        *,
        organisation: str = "",
        algorithm: Algorithm = "rsa",
        not_before: datetime | None = None,
        not_after: datetime | None = None,
    ) -> IssuedKey:
        """A key of an organisation's information system: a seal."""
        return self.issue(
            {
                NameOID.COMMON_NAME: name,
                **_organisation(organisation or name, bin),
                NameOID.COUNTRY_NAME: "KZ",
            },
            [Role.LEGAL_ENTITY, Role.INFORMATION_SYSTEM],
            algorithm=algorithm,
            not_before=not_before,
            not_after=not_after,
        )

    def issue_timestamping(
        self,
        name: str,
        *,
        algorithm: Algorithm = "rsa",
        not_before: datetime | None = None,
        not_after: datetime | None = None,
    ) -> IssuedKey:
        """A key of a time-stamping authority: its extended key usage is that alone, and critical
        (RFC 3161, 2.3).
        """
        key = _new_key(algorithm)
        subject = _name({NameOID.COMMON_NAME: name, NameOID.COUNTRY_NAME: "KZ"})
        builder = _builder(subject, self.certificate.subject, key, not_before, not_after, 5 * YEAR)
        certificate = (
            builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(signing=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
            )
            .sign(self.key, SHA256())
        )
        return IssuedKey(key, certificate, self.chain)

    def issue_responder(
        self,
        name: str,
        *,
        algorithm: Algorithm = "rsa",
        not_before: datetime | None = None,
        not_after: datetime | None = None,
        no_check: bool = True,
    ) -> IssuedKey:
        """A key of an OCSP responder of ours (RFC 6960, 4.2.2.2).

        :param no_check: its certificate is not to be looked for in lists; it lives for a month.
        """
        key = _new_key(algorithm)
        subject = _name({NameOID.COMMON_NAME: name, NameOID.COUNTRY_NAME: "KZ"})
        builder = (
            _builder(subject, self.certificate.subject, key, not_before, not_after, MONTH)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(signing=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
            )
        )
        if no_check:
            builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
        return IssuedKey(key, builder.sign(self.key, SHA256()), self.chain)

    def revoke(
        self,
        certificate: x509.Certificate,
        when: datetime | None = None,
        reason: x509.ReasonFlags | None = None,
    ) -> None:
        """Revoke a certificate of ours; the next list of revoked certificates says so."""
        self.revoked[certificate.serial_number] = RevocationEntry(when or datetime.now(UTC), reason)

    def restore(self, certificate: x509.Certificate) -> None:
        """Lift a hold."""
        del self.revoked[certificate.serial_number]

    def crl(
        self,
        this_update: datetime | None = None,
        next_update: datetime | None = None,
        *,
        since: bytes | None = None,
        scope: x509.IssuingDistributionPoint | None = None,
    ) -> bytes:
        """The list of revoked certificates (RFC 5280), DER; good for a week when no time is given.

        :param since: an earlier list, complete: then a delta to it, what has changed since (5.2.4).
        :param scope: for which certificates, or reasons, the list is (5.2.5).
        """
        this_update = this_update or datetime.now(UTC) - timedelta(minutes=5)
        revoked = dict(self.revoked)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(this_update)
            .next_update(next_update or this_update + timedelta(days=7))
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
            )
            .add_extension(x509.CRLNumber(int(this_update.timestamp())), critical=False)
        )
        if scope is not None:
            builder = builder.add_extension(scope, critical=True)
        if since is not None:
            base = x509.load_der_x509_crl(since)
            number = base.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
            builder = builder.add_extension(x509.DeltaCRLIndicator(number), critical=True)
            held = {each.serial_number: read_entry(each).reason for each in base}
            lifted = RevocationEntry(this_update, x509.ReasonFlags.remove_from_crl)
            revoked = {
                serial: said
                for serial, said in revoked.items()
                if serial not in held or said.reason is not held[serial]
            }
            revoked |= dict.fromkeys(held.keys() - self.revoked.keys(), lifted)
        for serial, said in revoked.items():
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(said.when)
            if said.reason is not None:
                entry = entry.add_extension(x509.CRLReason(said.reason), critical=False)
            builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(self.key, SHA256()).public_bytes(Encoding.DER)

    def ocsp(
        self,
        certificate: x509.Certificate,
        this_update: datetime | None = None,
        next_update: datetime | None = None,
        *,
        responder: IssuedKey | None = None,
    ) -> bytes:
        """An OCSPResponse about a certificate of ours (RFC 6960), DER; good for an hour when no time is
        given.

        :param responder: who signs, instead of the authority itself.
        """
        this_update = this_update or datetime.now(UTC) - timedelta(minutes=5)
        revoked = self.revoked.get(certificate.serial_number)
        key, signer = (responder.key, responder.certificate) if responder else (self.key, self.certificate)
        builder = ocsp.OCSPResponseBuilder().add_response(
            certificate,
            self.certificate,
            SHA256(),
            ocsp.OCSPCertStatus.GOOD if revoked is None else ocsp.OCSPCertStatus.REVOKED,
            this_update,
            next_update or this_update + timedelta(hours=1),
            revoked.when if revoked else None,
            revoked.reason if revoked else None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, signer)
        if responder is not None:
            builder = builder.certificates([signer])
        return builder.sign(key, SHA256()).public_bytes(Encoding.DER)

    def save(self, folder: Path, password: str) -> None:
        """Keep the authority in a folder, its key under the password."""
        folder.mkdir(parents=True, exist_ok=True)
        key = self.key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password.encode())
        )
        (folder / "key.pem").write_bytes(key)
        (folder / "chain.pem").write_bytes(
            b"".join(certificate.public_bytes(Encoding.PEM) for certificate in self.chain)
        )
        (folder / "revoked.json").write_text(
            json.dumps(
                {
                    str(serial): [said.when.isoformat(), said.reason and said.reason.name]
                    for serial, said in self.revoked.items()
                },
                indent=1,
            )
        )

    @classmethod
    def load(cls, folder: Path, password: str) -> Authority:
        """The authority that :meth:`save` kept."""
        key = load_pem_private_key((folder / "key.pem").read_bytes(), password.encode())
        assert isinstance(key, PrivateKey)
        certificate, *issuers = x509.load_pem_x509_certificates((folder / "chain.pem").read_bytes())
        revoked = json.loads((folder / "revoked.json").read_text())
        return cls(
            key,
            certificate,
            tuple(issuers),
            {
                int(serial): RevocationEntry(
                    datetime.fromisoformat(when), reason and x509.ReasonFlags[reason]
                )
                for serial, (when, reason) in revoked.items()
            },
        )


def _new_key(algorithm: Algorithm) -> PrivateKey:
    if algorithm == "ec":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _name(attributes: dict[x509.ObjectIdentifier, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in attributes.items()])


def _person(full_name: str, iin: str) -> dict[x509.ObjectIdentifier, str]:
    surname, given, *patronymic = full_name.upper().split()
    attributes = {
        NameOID.COMMON_NAME: f"{surname} {given}",
        NameOID.SURNAME: surname,
        NameOID.SERIAL_NUMBER: f"IIN{iin}",
        NameOID.COUNTRY_NAME: "KZ",
    }
    if patronymic:
        attributes[NameOID.GIVEN_NAME] = " ".join(patronymic)
    return attributes


def _organisation(name: str, bin: str) -> dict[x509.ObjectIdentifier, str]:
    return {NameOID.ORGANIZATION_NAME: name, NameOID.ORGANIZATIONAL_UNIT_NAME: f"BIN{bin}"}


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: PrivateKey,
    not_before: datetime | None,
    not_after: datetime | None,
    days: int,
) -> x509.CertificateBuilder:
    # An hour back by default: another machine's clock may be behind ours.
    start = not_before or datetime.now(UTC) - timedelta(hours=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(not_after or start + timedelta(days=days))
    )


def _for_authority(
    builder: x509.CertificateBuilder,
    key: PrivateKey,
    issuer_key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey,
) -> x509.CertificateBuilder:
    usage = {
        "digital_signature": False,
        "content_commitment": False,
        "key_encipherment": False,
        "data_encipherment": False,
        "key_agreement": False,
        "key_cert_sign": True,
        "crl_sign": True,
        "encipher_only": False,
        "decipher_only": False,
    }
    return (
        builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    )


def _key_usage(*, signing: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=signing,
        key_encipherment=not signing,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
