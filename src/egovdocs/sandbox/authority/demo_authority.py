"""The demo authority: issues certificates, revokes them, and signs revocation lists and OCSP responses."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from egovdocs.signing import Role
from egovdocs.signing.crypto.rsa_ec import PrivateKey
from egovdocs.signing.trust.revocation import RevocationEntry

from .certificate_builders import (
    NameAttributes,
    add_authority_extensions,
    add_end_entity_extensions,
    build_name,
    certificate_builder,
    common_name,
    organisation_name,
    person_name,
)
from .crl_builder import build_crl
from .issued_keys import SIGNING_KEY, Algorithm, IssuedKey, new_key
from .ocsp_builder import build_ocsp_response

_YEAR = 365
_MONTH = 30


@dataclass
class Authority:
    """A certification authority.

    :ivar issuers: the certificates above it, nearest first, the root last.
    :ivar revoked: the revoked certificates by serial number.
    """

    key: PrivateKey
    certificate: x509.Certificate
    issuers: tuple[x509.Certificate, ...] = ()
    revoked: dict[int, RevocationEntry] = field(default_factory=dict)

    @classmethod
    def create(
        cls,
        name: str,
        *,
        algorithm: Algorithm = "rsa",
        not_before: datetime | None = None,
        days: int = 20 * _YEAR,
    ) -> Authority:
        """Create a root, which signs itself."""
        key, subject = new_key(algorithm), common_name(name)
        builder = certificate_builder(subject, build_name(subject), key, not_before, None, days)
        return cls(key, add_authority_extensions(builder, key, key.public_key()).sign(key, SHA256()))

    def intermediate(
        self,
        name: str,
        *,
        algorithm: Algorithm = "rsa",
        not_before: datetime | None = None,
        days: int = 10 * _YEAR,
    ) -> Authority:
        """Create an authority below this one."""
        key = new_key(algorithm)
        builder = certificate_builder(
            common_name(name), self.certificate.subject, key, not_before, None, days
        )
        builder = add_authority_extensions(builder, key, self.key.public_key())
        return Authority(key, builder.sign(self.key, SHA256()), self.chain)

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """This authority's certificate and those above it, the root last."""
        return (self.certificate, *self.issuers)

    def issue(
        self,
        subject: NameAttributes,
        roles: Iterable[Role],
        *,
        purpose: str = SIGNING_KEY,
        algorithm: Algorithm = "rsa",
        not_before: datetime | None = None,
        not_after: datetime | None = None,
    ) -> IssuedKey:
        """Issue a key for signing or for authentication, for a year when no dates are given."""
        key = new_key(algorithm)
        purposes = [x509.ObjectIdentifier(oid) for oid in (purpose, *(role.value for role in roles))]
        builder = self._builder(subject, key, not_before, not_after, _YEAR)
        builder = add_end_entity_extensions(
            builder, key, self.key.public_key(), purposes, is_for_signing=purpose == SIGNING_KEY
        )
        return self._sign(key, builder)

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
        """Issue a key of a natural person.

        :param full_name: surname, given name and, if there is one, patronymic.
        """
        return self.issue(
            person_name(full_name, iin),
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
        """Issue a key of a person who acts for an organisation in a role."""
        return self.issue(
            {**person_name(full_name, iin), **organisation_name(organisation, bin)},
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
        """Issue a key of an organisation's information system: a seal."""
        return self.issue(
            {
                NameOID.COMMON_NAME: name,
                **organisation_name(organisation or name, bin),
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
        """Issue a key of a time-stamping authority: its only purpose, and critical (RFC 3161, 2.3)."""
        key = new_key(algorithm)
        builder = self._builder(common_name(name), key, not_before, not_after, 5 * _YEAR)
        purposes = [ExtendedKeyUsageOID.TIME_STAMPING]
        return self._sign(
            key,
            add_end_entity_extensions(builder, key, self.key.public_key(), purposes, is_restricted=True),
        )

    def issue_responder(
        self,
        name: str,
        *,
        algorithm: Algorithm = "rsa",
        not_before: datetime | None = None,
        not_after: datetime | None = None,
        no_check: bool = True,
    ) -> IssuedKey:
        """Issue a key of an OCSP responder (RFC 6960, 4.2.2.2), for a month when no dates are given.

        :param no_check: whether its own revocation need not be checked (4.2.2.2.1).
        """
        key = new_key(algorithm)
        builder = self._builder(common_name(name), key, not_before, not_after, _MONTH)
        purposes = [ExtendedKeyUsageOID.OCSP_SIGNING]
        builder = add_end_entity_extensions(builder, key, self.key.public_key(), purposes)
        if no_check:
            builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
        return self._sign(key, builder)

    def revoke(
        self,
        certificate: x509.Certificate,
        when: datetime | None = None,
        reason: x509.ReasonFlags | None = None,
    ) -> None:
        """Revoke a certificate of this authority; its next list has an entry."""
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
        """Sign a revocation list; the parameters are those of :func:`.crl_builder.build_crl`."""
        return build_crl(
            self.key,
            self.certificate.subject,
            self.revoked,
            this_update,
            next_update,
            since=since,
            scope=scope,
        )

    def ocsp(
        self,
        certificate: x509.Certificate,
        this_update: datetime | None = None,
        next_update: datetime | None = None,
        *,
        responder: IssuedKey | None = None,
    ) -> bytes:
        """Sign an OCSP response about a certificate of this authority; the parameters are those of
        :func:`.ocsp_builder.build_ocsp_response`.
        """
        return build_ocsp_response(
            certificate,
            IssuedKey(self.key, self.certificate, self.issuers),
            self.revoked.get(certificate.serial_number),
            this_update,
            next_update,
            responder=responder,
        )

    def save(self, folder: Path, password: str) -> None:
        """Write the authority to a folder, its key encrypted with the password."""
        folder.mkdir(parents=True, exist_ok=True)
        key = self.key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password.encode())
        )
        (folder / "key.pem").write_bytes(key)
        (folder / "chain.pem").write_bytes(
            b"".join(certificate.public_bytes(Encoding.PEM) for certificate in self.chain)
        )
        revoked = {
            str(serial): [entry.when.isoformat(), entry.reason and entry.reason.name]
            for serial, entry in self.revoked.items()
        }
        (folder / "revoked.json").write_text(json.dumps(revoked, indent=1))

    @classmethod
    def load(cls, folder: Path, password: str) -> Authority:
        """Read an authority that :meth:`save` wrote."""
        key = load_pem_private_key((folder / "key.pem").read_bytes(), password.encode())
        assert isinstance(key, PrivateKey)
        certificate, *issuers = x509.load_pem_x509_certificates((folder / "chain.pem").read_bytes())
        revoked = {
            int(serial): RevocationEntry(datetime.fromisoformat(when), reason and x509.ReasonFlags[reason])
            for serial, (when, reason) in json.loads((folder / "revoked.json").read_text()).items()
        }
        return cls(key, certificate, tuple(issuers), revoked)

    def _builder(
        self,
        subject: NameAttributes,
        key: PrivateKey,
        not_before: datetime | None,
        not_after: datetime | None,
        days: int,
    ) -> x509.CertificateBuilder:
        issuer = self.certificate.subject
        return certificate_builder(subject, issuer, key, not_before, not_after, days)

    def _sign(self, key: PrivateKey, builder: x509.CertificateBuilder) -> IssuedKey:
        return IssuedKey(key, builder.sign(self.key, SHA256()), self.chain)
