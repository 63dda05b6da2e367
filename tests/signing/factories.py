"""Authorities, people and evidence that the tests of signing share."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from lxml import etree

from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import (
    Coverage,
    Evidence,
    TimestampAuthority,
    TimestampToken,
    TrustStore,
    ValidationPolicy,
    ValidationReport,
    gather_evidence,
    renew_evidence,
)
from egovdocs.signing.timestamps.tokens import read_response

from . import templates

Fill = Callable[..., bytes]
"""``fill(template, key, which="")``: :func:`.templates.fill_in` with the person of the world as default."""

NAME, IIN = "ИВАНОВ ИВАН", "900101300017"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SIGNED = datetime(2026, 6, 1, 12, tzinfo=UTC)
FIRST_RENEWAL = SIGNED + 1500 * DAY
"""The certificate of the first time-stamping authority expires on day 1625."""
SECOND_RENEWAL = SIGNED + 2900 * DAY
"""The certificate of the second expires on day 3225, and that of its issuer on day 3250."""
DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8"?><!-- до --><?и да?>\n'
    '<а xmlns="urn:x" xmlns:q="urn:q" xml:lang="kk" q:к=\'1\'><б>Өтініш &#13;</б><![CDATA[<&]]></а>\n'
    "<!-- после -->"
).encode()
KEY_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@dataclass(frozen=True)
class SigningWorld:
    """An authority with fresh revocation lists, and two people whom it certified."""

    root: Authority
    ca: Authority
    person: IssuedKey
    rsa_person: IssuedKey
    store: TrustStore

    @classmethod
    def create(cls) -> SigningWorld:
        root = Authority.create("Корень", algorithm="ec")
        ca = root.intermediate("Центр", algorithm="ec")
        return cls(
            root=root,
            ca=ca,
            person=ca.issue_person("ИВАНОВ ИВАН ИВАНОВИЧ", IIN, algorithm="ec"),
            rsa_person=ca.issue_person("ПЕТРОВА АННА", "900101400018", algorithm="rsa"),
            store=TrustStore([root.certificate, ca.certificate], [root.crl(), ca.crl()]),
        )

    def policy(self, **changes: Any) -> ValidationPolicy:
        return ValidationPolicy(**{"trust": self.store, **changes})

    @property
    def lenient(self) -> ValidationPolicy:
        """A policy that accepts a signed part of a document too."""
        return self.policy(coverage=Coverage.ANY)


@dataclass(frozen=True)
class EvidenceWorld:
    """A person who signed on 2026-06-01, a time-stamping authority, and the authorities above them."""

    root: Authority
    ca: Authority
    tsa_ca: Authority
    person: IssuedKey
    tsa: IssuedKey

    @classmethod
    def create(cls) -> EvidenceWorld:
        before = SIGNED - 400 * DAY
        root = Authority.create("Корень", algorithm="ec", not_before=before)
        ca = root.intermediate("Центр", algorithm="ec", not_before=before)
        tsa_ca = root.intermediate("Часы", algorithm="ec", not_before=before)
        dates = {"not_before": SIGNED - 100 * DAY, "not_after": SIGNED + 100 * DAY}
        return cls(
            root,
            ca,
            tsa_ca,
            ca.issue_person(NAME, IIN, algorithm="ec", **dates),
            tsa_ca.issue_timestamping("Уақыт", algorithm="ec", not_before=SIGNED - 200 * DAY),
        )

    def copy(self) -> EvidenceWorld:
        """Return the same authorities without revoked certificates."""
        authorities = (
            Authority(each.key, each.certificate, each.issuers) for each in (self.root, self.ca, self.tsa_ca)
        )
        return EvidenceWorld(*authorities, self.person, self.tsa)

    def store(self, at: datetime = SIGNED) -> TrustStore:
        lists = [each.crl(at - DAY, at + 6 * DAY) for each in (self.root, self.ca, self.tsa_ca)]
        return TrustStore([self.root.certificate], lists)

    def store_of_intermediates(self, at: datetime = SIGNED) -> TrustStore:
        """Return a store in which the person's issuer is an anchor too."""
        return TrustStore.load([self.root.certificate, self.ca.certificate], self.store(at).crls)

    def policy(self, at: datetime = SIGNED, **changes: Any) -> ValidationPolicy:
        return ValidationPolicy(**{"trust": self.store(at), **changes})

    def bare_policy(self, *anchors: x509.Certificate) -> ValidationPolicy:
        """Return a policy that trusts the root and these anchors, and has no revocation data."""
        return ValidationPolicy(TrustStore([self.root.certificate, *anchors]))

    def stamp(self, data: bytes, *, at: datetime = SIGNED, key: IssuedKey | None = None) -> TimestampToken:
        return self.stamp_digest(hashlib.sha256(data).digest(), at=at, key=key)

    def stamp_digest(
        self, digest: bytes, *, at: datetime = SIGNED, key: IssuedKey | None = None
    ) -> TimestampToken:
        authority = TimestampAuthority((key or self.tsa).signer, clock=lambda: at)
        imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest}
        request = tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, "cert_req": True})
        return read_response(authority.respond(request.dump()))

    def stamper(self, **options: Any) -> SimpleNamespace:
        """Return a Timestamper; the options are those of :meth:`stamp`."""
        return SimpleNamespace(stamp=lambda data: self.stamp(data, **options))

    def evidence(self, document: bytes, **options: Any) -> Evidence:
        return gather_evidence(document, self.store(), self.stamper(**options))

    def new_tsa(self, since: datetime) -> IssuedKey:
        return self.tsa_ca.issue_timestamping("Уақыт", algorithm="ec", not_before=since)

    def renew(
        self, document: bytes, evidence: Evidence, at: datetime, key: IssuedKey | None = None
    ) -> Evidence:
        """Renew the evidence at a time, by a new time-stamping authority when no key is given."""
        stamper = self.stamper(at=at, key=key or self.new_tsa(at - 100 * DAY))
        return renew_evidence(document, evidence, self.store(at), stamper, at=at)

    def ocsp_store(self, *, responder: IssuedKey | None = None) -> TrustStore:
        """Return a store with OCSP responses about people, and a list about authorities.

        :param responder: who signs the response about the person, instead of its issuer.
        """
        until = SIGNED + DAY
        responses = [
            self.ca.ocsp(self.person.certificate, SIGNED - HOUR, until, responder=responder),
            self.tsa_ca.ocsp(self.tsa.certificate, SIGNED - HOUR, until),
        ]
        return TrustStore([self.root.certificate], [self.root.crl(SIGNED - DAY, until)], responses)


def timestamp_checks(report: ValidationReport) -> list[tuple[str, str]]:
    """Return status and reason of each check of a time-stamp."""
    return [
        (check.status, str(check.reason.interpolate()))
        for signature in report.signatures
        for check in signature.checks
        if check.name == "timestamp"
    ]


def canonical_signature_value(document: bytes) -> bytes:
    """Return the SignatureValue in exclusive canonical form."""
    value = next(etree.fromstring(document).iter(f"{{{templates.DS}}}SignatureValue"))
    return etree.tostring(value, method="c14n", exclusive=True, with_tail=False)


def failed_check(report: ValidationReport) -> tuple[str, str | None]:
    """Return the sub-indication and the name of the first failed check of a report that did not pass."""
    check = next(
        (
            each
            for checks in (report.checks, *(signature.checks for signature in report.signatures))
            for each in checks
            if each.status == "failed"
        ),
        None,
    )
    assert report.content is None
    return str(report.sub_indication), check and check.name


def self_signed(key: Any, **usage: bool) -> x509.Certificate:
    """Return a certificate that its own key signed, valid for two days."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Сам себе")])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
        .add_extension(x509.KeyUsage(**{**dict.fromkeys(KEY_USAGES, False), **usage}), critical=True)
        .sign(key, SHA256())
    )
