"""XML signatures: made, validated, and kept valid with evidence.

Use :func:`sign`, or :func:`prepare` for a key that is elsewhere; :func:`validate` with a
:class:`ValidationPolicy` and its :class:`TrustStore`; :func:`gather_evidence` and :func:`renew_evidence` for
documents that outlive certificates.
"""

from .crypto.signers import KeySigner, Signer, load_pem, load_pkcs12
from .errors import (
    BadTimestamp,
    EvidenceError,
    KeyFileError,
    SignatureValueMismatch,
    SigningError,
    TimestampError,
    TimestampRefused,
    TimestampUnavailable,
    TrustError,
    UnsignableDocument,
    UnsupportedKey,
    UntrustedTimestamp,
    WrongPassword,
)
from .indications import Check, Indication, SubIndication
from .policy import Coverage, ValidationPolicy
from .preservation import gather_evidence, renew_evidence
from .timestamps.timestamper import Timestamper, TimestampService
from .timestamps.tokens import TimestampToken
from .timestamps.tsa import TimestampAuthority
from .trust.holders import MAY_SIGN_OUTCOMES, Holder, Role, holder
from .trust.revocation import Revocation
from .trust.store import TrustStore
from .trust.verdict import TrustVerdict
from .validation import validate
from .xades.augmentation import augment
from .xades.evidence_properties import Evidence, Renewal
from .xmldsig.making import BASELINE, PreparedSignature, Profile, canonical, prepare, sign
from .xmldsig.report import SignatureReport, ValidationReport

__all__ = [
    "BASELINE",
    "MAY_SIGN_OUTCOMES",
    "BadTimestamp",
    "Check",
    "Coverage",
    "Evidence",
    "EvidenceError",
    "Holder",
    "Indication",
    "KeyFileError",
    "KeySigner",
    "PreparedSignature",
    "Profile",
    "Renewal",
    "Revocation",
    "Role",
    "SignatureReport",
    "SignatureValueMismatch",
    "Signer",
    "SigningError",
    "SubIndication",
    "TimestampAuthority",
    "TimestampError",
    "TimestampRefused",
    "TimestampService",
    "TimestampToken",
    "TimestampUnavailable",
    "Timestamper",
    "TrustError",
    "TrustStore",
    "TrustVerdict",
    "UnsignableDocument",
    "UnsupportedKey",
    "UntrustedTimestamp",
    "ValidationPolicy",
    "ValidationReport",
    "WrongPassword",
    "augment",
    "canonical",
    "gather_evidence",
    "holder",
    "load_pem",
    "load_pkcs12",
    "prepare",
    "renew_evidence",
    "sign",
    "validate",
]
