"""What validation says: indications and sub-indications in the words of ETSI EN 319 102-1, and plain
sentences.

The shape follows the reports of the European DSS library: one report a signature, a list of named checks in
each.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from translationstring import TranslationString, TranslationStringFactory

from ..trust.certificates import Holder, written_name

_ = TranslationStringFactory("egovdocs")

Level = Literal["XML-DSig", "XAdES-B", "XAdES-T", "XAdES-LT", "XAdES-LTA"]
Covers = Literal["whole", "part", "none"]
Status = Literal["passed", "failed", "unknown"]


class Indication(StrEnum):
    """The verdict (ETSI EN 319 102-1, 5.1.3, table 5)."""

    TOTAL_PASSED = "TOTAL_PASSED"
    TOTAL_FAILED = "TOTAL_FAILED"
    INDETERMINATE = "INDETERMINATE"


class SubIndication(StrEnum):
    """Why not passed (ETSI EN 319 102-1, 5.1.3, table 6)."""

    FORMAT_FAILURE = "FORMAT_FAILURE"
    HASH_FAILURE = "HASH_FAILURE"
    SIG_CRYPTO_FAILURE = "SIG_CRYPTO_FAILURE"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"
    NOT_YET_VALID = "NOT_YET_VALID"
    SIG_CONSTRAINTS_FAILURE = "SIG_CONSTRAINTS_FAILURE"
    CHAIN_CONSTRAINTS_FAILURE = "CHAIN_CONSTRAINTS_FAILURE"
    CERTIFICATE_CHAIN_GENERAL_FAILURE = "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    CRYPTO_CONSTRAINTS_FAILURE = "CRYPTO_CONSTRAINTS_FAILURE"
    POLICY_PROCESSING_ERROR = "POLICY_PROCESSING_ERROR"
    NO_SIGNING_CERTIFICATE_FOUND = "NO_SIGNING_CERTIFICATE_FOUND"
    NO_CERTIFICATE_CHAIN_FOUND = "NO_CERTIFICATE_CHAIN_FOUND"
    REVOKED_CA_NO_POE = "REVOKED_CA_NO_POE"
    TRY_LATER = "TRY_LATER"
    SIGNED_DATA_NOT_FOUND = "SIGNED_DATA_NOT_FOUND"

    @property
    def indication(self) -> Indication:
        """The indication this reason belongs to (the same table)."""
        return Indication.TOTAL_FAILED if self in _FATAL else Indication.INDETERMINATE


_FATAL = frozenset(
    {
        SubIndication.FORMAT_FAILURE,
        SubIndication.HASH_FAILURE,
        SubIndication.SIG_CRYPTO_FAILURE,
        SubIndication.REVOKED,
        SubIndication.EXPIRED,
        SubIndication.NOT_YET_VALID,
    }
)


_MOST_QUOTED = 200


def _quoted(value: object) -> object:
    return f"{value[:_MOST_QUOTED]}…" if isinstance(value, str) and len(value) > _MOST_QUOTED else value


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at (a building block of ETSI EN 319 102-1, 5.2, or a part of one), and what was found,
    in a sentence that can be translated.
    """

    name: str
    status: Status
    reason: TranslationString

    def __post_init__(self) -> None:
        # A stranger's document can make what a sentence quotes of it as long as it likes.
        quoted = self.reason.mapping or {}
        if any(isinstance(each, str) and len(each) > _MOST_QUOTED for each in quoted.values()):
            short = {name: _quoted(each) for name, each in quoted.items()}
            object.__setattr__(self, "reason", TranslationString(self.reason, mapping=short))

    def as_dict(self, language: str = "en") -> dict[str, str]:
        return {"name": self.name, "status": self.status, "reason": say(self.reason, language)}


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """The verdict on one signature.

    :ivar covers: the whole document, a part of it, or nothing of it that was given (a counter-signature).
    :ivar covered: the octets the signature's data references were digested from, in the references' order.
    :ivar signing_time: when the signer says it was; nobody vouches for it.
    :ivar proven_time: when it certainly existed, by a time-stamp that passed; None without one.
    :ivar counter_signature: this signature signs another signature's value (EN 319 132-1, 5.2.7.2).
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
            "covered": [
                {"octets": len(octets), "sha256": sha256(octets).hexdigest()} for octets in self.covered
            ],
            "signing_time": self.signing_time and self.signing_time.isoformat(),
            "proven_time": self.proven_time and self.proven_time.isoformat(),
            "checks": [check.as_dict(language) for check in self.checks],
        }


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """The verdict on a document (ETSI EN 319 102-1, 5.1.3): passed when every signature in it (counter-
    signatures aside) passed.

    :ivar content: the canonical (exclusive C14N, no comments) XML of the document without its signatures,
        when it passed and a signature covers the whole of it. Nothing else of a document may be read.
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
        """The sentence of the first check that did not pass, for one line on a page; None when all is
        well.
        """
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
        """The report as ``egovdocs verify --json`` prints it, without the file's name."""
        return {
            "indication": self.indication.value,
            "sub_indication": self.sub_indication and self.sub_indication.value,
            "signatures": [signature.as_dict(language) for signature in self.signatures],
            "checks": [check.as_dict(language) for check in self.checks],
        }

    def text(self, language: str = "en") -> str:
        """The report as plain text for a person."""
        lines = [_verdict(self.indication, self.sub_indication)]
        lines += _lines(self.checks, language, "  ")
        for number, signature in enumerate(self.signatures, 1):
            kind = (
                _("Counter-signature ${number}") if signature.counter_signature else _("Signature ${number}")
            )
            title = say(TranslationString(kind, mapping={"number": str(number)}), language)
            lines.append(
                f"  {title}: {_verdict(signature.indication, signature.sub_indication)}"
                f" ({signature.level}, {signature.covers})"
            )
            if signature.signer is not None:
                lines.append(f"    {signature.signer.subject}")
            lines += [f"    {say(each, language)}" for each in _particulars(signature)]
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
    for octets in signature.covered:
        yield _(
            "covered: ${octets} octets, SHA-256 ${sha256}",
            mapping={"octets": len(octets), "sha256": sha256(octets).hexdigest()},
        )


def _certificate(certificate: x509.Certificate) -> dict[str, str]:
    return {
        "subject": written_name(certificate.subject),
        "issuer": written_name(certificate.issuer),
        "serial_number": f"{certificate.serial_number:x}",
        "not_before": certificate.not_valid_before_utc.isoformat(),
        "not_after": certificate.not_valid_after_utc.isoformat(),
        "sha256": certificate.fingerprint(SHA256()).hex(),
    }


_MARKS = {"passed": "+", "failed": "-", "unknown": "?"}


def _verdict(indication: Indication, sub_indication: SubIndication | None) -> str:
    return f"{indication.value} {sub_indication.value}" if sub_indication else indication.value


def _lines(checks: tuple[Check, ...], language: str, indent: str) -> list[str]:
    return [f"{indent}{_MARKS[check.status]} {say(check.reason, language)}" for check in checks]


def say(message: TranslationString, language: str) -> str:
    """The sentence in a language: from the application's catalogue where it lies beside us, else in
    English.
    """
    catalogue = _catalogue(language)
    return str(TranslationString(message).interpolate(catalogue.gettext(str(message))))


@lru_cache(maxsize=8)
def _catalogue(language: str) -> gettext.NullTranslations:
    locale = Path(__file__).parents[2] / "locale"
    return gettext.translation("egovdocs", locale, languages=[language], fallback=True)


class NotPassed(Exception):  # noqa: N818 - a verdict, not a mishap
    """Ends the validation of a signature, or of the document: the check that failed, and its
    sub-indication.
    """

    def __init__(self, sub_indication: SubIndication, name: str, reason: TranslationString) -> None:
        super().__init__(reason)
        self.sub_indication = sub_indication
        self.check = Check(name, "failed", reason)
