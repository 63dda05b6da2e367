"""Validation of the XML signatures of a document (ETSI EN 319 102-1, 5).

The document is parsed once, and nothing of it is used but what a digest was compared over.
"""

from __future__ import annotations

import logging
from datetime import datetime

from translationstring import TranslationStringFactory

from .indications import Check, Indication, NotPassed, SubIndication
from .moments import moment_of
from .policy import ValidationPolicy
from .signature_validation import SignatureValidation
from .xades.evidence_properties import Evidence
from .xmldsig.coverage import signed_content
from .xmldsig.parsed_document import ParsedDocument
from .xmldsig.parsing import malformed
from .xmldsig.report import ValidationReport

_ = TranslationStringFactory("egovdocs")
_log = logging.getLogger(__name__)

_ONLY_COUNTER_SIGNATURES = Check(
    "structure", "failed", _("The document carries nothing but signatures of other signatures.")
)
_UNEXPECTED = Check("structure", "failed", _("The signature could not be processed."))


def validate(
    document: bytes | bytearray | memoryview,
    policy: ValidationPolicy,
    *,
    at: datetime | None = None,
    evidence: Evidence | None = None,
) -> ValidationReport:
    """Validate a document's signatures.

    A signature whose time is proven, by a time-stamp in it or in the evidence, is judged at that time: what
    happened to its certificate later does not matter (ETSI EN 319 102-1, 5.5 and 5.6).

    :param at: the moment to judge at; now when left out. Without a time zone it is taken as UTC.
    :param evidence: what :func:`egovdocs.signing.gather_evidence` returned when the document came.
    :returns: a report, whatever the bytes are.
    :raises TypeError: the policy, the moment or the evidence is of another type; nothing else is ever raised.
    """
    moment = moment_of(at)
    if not isinstance(policy, ValidationPolicy):
        raise TypeError(f"policy must be a ValidationPolicy, not {policy!r}")
    if not isinstance(evidence, Evidence) and evidence is not None:
        raise TypeError("evidence must be such as gather_evidence gives")
    try:
        return _report(ParsedDocument(_bytes(document), policy), policy, moment, evidence)
    except NotPassed as end:
        return ValidationReport(end.sub_indication.indication, end.sub_indication, checks=(end.check,))
    except Exception:
        # A third party's document must never stop the caller; what is logged here is an error of this
        # package.
        _log.exception("unexpected error in the validation of a document")
        return ValidationReport(
            Indication.INDETERMINATE, SubIndication.POLICY_PROCESSING_ERROR, checks=(_UNEXPECTED,)
        )


def _bytes(document: object) -> bytes:
    if not isinstance(document, bytes | bytearray | memoryview):
        raise malformed(
            _(
                "The document was not given in octets, as it was signed: ${kind}",
                mapping={"kind": type(document).__name__},
            ),
        )
    return bytes(document)


def _report(
    document: ParsedDocument, policy: ValidationPolicy, moment: datetime, evidence: Evidence | None
) -> ValidationReport:
    validations = [
        SignatureValidation(element, document, policy, moment, evidence) for element in document.signatures
    ]
    reports = tuple(validation.report() for validation in validations)
    main = [report for report in reports if not report.counter_signature]
    worst = next(
        (
            report
            for indication in (Indication.TOTAL_FAILED, Indication.INDETERMINATE)
            for report in main
            if report.indication is indication
        ),
        None,
    )
    if worst is not None:
        return ValidationReport(worst.indication, worst.sub_indication, reports)
    if not main:
        return ValidationReport(
            Indication.TOTAL_FAILED,
            SubIndication.FORMAT_FAILURE,
            reports,
            checks=(_ONLY_COUNTER_SIGNATURES,),
        )
    coverages = [each.coverage for each in validations if each.coverage is not None]
    content = signed_content(document, coverages)
    return ValidationReport(Indication.TOTAL_PASSED, None, reports, content=content)
