"""The reports of a validation, in the manner of the European DSS: one report for each signature, a list of
named checks in each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from translationstring import TranslationString, TranslationStringFactory

from ..indications import Check, Indication, SubIndication, translated
from ..trust.certificates import format_name
from ..trust.holders import Holder

_ = TranslationStringFactory("egovdocs")

Level = Literal["XML-DSig", "XAdES-B", "XAdES-T", "XAdES-LT", "XAdES-LTA"]
Covers = Literal["whole", "part", "none"]

_MARKS = {"passed": "+", "failed": "-", "unknown": "?"}


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """The verdict on one signature.

    :ivar covers: the whole document, a part of it, or nothing of it (a counter-signature).
    :ivar covered: the bytes that the signature's data references were digested from, in the order of the
        references.
    :ivar signing_time: the time that the signer claims; not proven.
    :ivar proven_time: a time at which the signature existed, by a time-stamp that passed; None without one.
    :ivar counter_signature: whether it signs another signature's value (ETSI EN 319 132-1, 5.2.7.2).
    """

    indication: Indication
    sub_indication: SubIndication | None
    checks: tuple[Check, ...]
    level: Level = "XML-DSig"
    covers: Covers = "none"
    signer: Holder | None = None
    certificate: x509.Certificate | None = None
    chain: tuple[x509.Certificate, ...] = ()
    signing_time: datetime | None = None
    proven_time: datetime | None = None
    counter_signature: bool = False
    covered: tuple[bytes, ...] = field(default=(), repr=False)

    @property
    def passed(self) -> bool:
        return self.indication is Indication.TOTAL_PASSED

    def as_dict(self, language: str = "en") -> dict[str, Any]:
        signer = self.signer
        return {
            "indication": self.indication.value,
            "sub_indication": self.sub_indication and self.sub_indication.value,
            "level": self.level,
            "covers": self.covers,
            "counter_signature": self.counter_signature,
            "signer": signer and {"subject": signer.subject, "iin": signer.iin, "bin": signer.bin},
            "certificate": self.certificate and _certificate(self.certificate),
            "chain": [_certificate(each) for each in self.chain],
            "covered": [{"octets": len(data), "sha256": sha256(data).hexdigest()} for data in self.covered],
            "signing_time": self.signing_time and self.signing_time.isoformat(),
            "proven_time": self.proven_time and self.proven_time.isoformat(),
            "checks": [check.as_dict(language) for check in self.checks],
        }


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """The verdict on a document (ETSI EN 319 102-1, 5.1.3): passed when every signature in it passed, except
    counter-signatures.

    :ivar content: the canonical (exclusive C14N, no comments) XML of the document without its signatures,
        when it passed and a signature covers the whole of it. Nothing else of a document may be used.
    """

    indication: Indication
    sub_indication: SubIndication | None
    signatures: tuple[SignatureReport, ...] = ()
    checks: tuple[Check, ...] = ()
    content: bytes | None = field(default=None, repr=False)

    @property
    def passed(self) -> bool:
        return self.indication is Indication.TOTAL_PASSED

    @property
    def reason(self) -> TranslationString | None:
        """The sentence of the first failed check, for one line on a page; None when the document passed."""
        if self.passed:
            return None
        failing = (
            self.checks,
            *(
                report.checks
                for report in self.signatures
                if not report.passed and not report.counter_signature
            ),
        )
        return next(
            (check.reason for checks in failing for check in checks if check.status == "failed"), None
        )

    def as_dict(self, language: str = "en") -> dict[str, Any]:
        """Return the report as ``egovdocs verify --json`` prints it, without the file's name."""
        return {
            "indication": self.indication.value,
            "sub_indication": self.sub_indication and self.sub_indication.value,
            "signatures": [signature.as_dict(language) for signature in self.signatures],
            "checks": [check.as_dict(language) for check in self.checks],
        }

    def text(self, language: str = "en") -> str:
        """Return the report as plain text for a person."""
        lines = [_verdict(self.indication, self.sub_indication)]
        lines += _lines(self.checks, language, "  ")
        for number, signature in enumerate(self.signatures, 1):
            kind = (
                _("Counter-signature ${number}") if signature.counter_signature else _("Signature ${number}")
            )
            title = translated(TranslationString(kind, mapping={"number": str(number)}), language)
            lines.append(
                f"  {title}: {_verdict(signature.indication, signature.sub_indication)}"
                f" ({signature.level}, {signature.covers})"
            )
            if signature.signer is not None:
                lines.append(f"    {signature.signer.subject}")
            lines += [f"    {translated(each, language)}" for each in _particulars(signature)]
            lines += _lines(signature.checks, language, "    ")
        return "\n".join(lines)


def _particulars(signature: SignatureReport) -> Iterator[TranslationString]:
    if signature.certificate is not None:
        yield _(
            "certificate ${serial_number} by ${issuer}, valid from ${not_before} to ${not_after}",
            mapping=_certificate(signature.certificate),
        )
    if signature.signing_time is not None:
        yield _("claimed signing time: ${time}", mapping={"time": signature.signing_time})
    if signature.proven_time is not None:
        yield _("proven time: ${time}", mapping={"time": signature.proven_time})
    for data in signature.covered:
        yield _(
            "covered: ${octets} octets, SHA-256 ${sha256}",
            mapping={"octets": len(data), "sha256": sha256(data).hexdigest()},
        )


def _certificate(certificate: x509.Certificate) -> dict[str, str]:
    return {
        "subject": format_name(certificate.subject),
        "issuer": format_name(certificate.issuer),
        "serial_number": f"{certificate.serial_number:x}",
        "not_before": certificate.not_valid_before_utc.isoformat(),
        "not_after": certificate.not_valid_after_utc.isoformat(),
        "sha256": certificate.fingerprint(SHA256()).hex(),
    }


def _verdict(indication: Indication, sub_indication: SubIndication | None) -> str:
    return f"{indication.value} {sub_indication.value}" if sub_indication else indication.value


def _lines(checks: tuple[Check, ...], language: str, indent: str) -> list[str]:
    return [f"{indent}{_MARKS[check.status]} {translated(check.reason, language)}" for check in checks]
