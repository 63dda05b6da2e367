"""Certify the result of an examination in a report that anyone can check, signed by the site's seal."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from translationstring import TranslationString

from egovdocs.casework.office import Office
from egovdocs.casework.verification.examine_document import Finding
from egovdocs.i18n import translate
from egovdocs.signing import Check, SignatureReport

# The names and sentences in a document from a third party can be of any length.
MAX_LINE = 250
MAX_SENTENCE = 1000


def certify_finding(office: Office, finding: Finding, document: bytes, language: str) -> bytes:
    """Return the signed report on an examination.

    It contains no more personal data than the page about the same examination shows.

    :param document: the bytes that were examined.
    :param language: the language of the report.
    """
    report = finding.report
    values = {
        "language": language,
        "examinedAt": office.clock(),
        "sha256": sha256(document).hexdigest(),
        "verdict": finding.verdict.value,
        "reason": _sentence(finding.reason, language) if finding.reason else None,
        "indication": report.indication.value,
        "subIndication": report.sub_indication and report.sub_indication.value,
        "check": _checks(report.checks, language),
        "signature": [_signature(each, language) for each in report.signatures],
    }
    return office.sealed(office.common_edition().document_types["report"].build(values))


def _signature(report: SignatureReport, language: str) -> dict[str, Any]:
    signer = report.signer if report.passed else None
    return {
        "indication": report.indication.value,
        "subIndication": report.sub_indication and report.sub_indication.value,
        "level": report.level,
        "covers": report.covers,
        "counterSignature": report.counter_signature,
        "signer": _line(signer.name) if signer else None,
        "organisation": _line(signer.organisation) if signer else None,
        "bin": _line(signer.bin) if signer else None,
        "signedAt": report.signing_time,
        "provenAt": report.proven_time,
        "check": _checks(report.checks, language),
    }


def _checks(checks: Iterable[Check], language: str) -> list[dict[str, str]]:
    return [
        {"name": each.name, "status": each.status, "text": _sentence(each.reason, language)}
        for each in checks
    ]


def _sentence(message: TranslationString, language: str) -> str:
    return _printable(translate(message, language), MAX_SENTENCE)


def _line(text: str | None) -> str | None:
    return _printable(text, MAX_LINE) if text else None


def _printable(text: str, max_length: int) -> str:
    kept = "".join(each if each.isprintable() else " " for each in text[: 4 * max_length])
    return " ".join(kept.split())[:max_length].strip() or "—"
