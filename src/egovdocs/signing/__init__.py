"""What makes a document trustworthy: sign, validate, certificates, revocation, timestamps."""

from .certificates import MAY_SIGN_OUTCOMES, Holder, Role, holder
from .errors import (
    KeyFileError,
    SignatureValueMismatch,
    SigningError,
    UnsignableDocument,
    UnsupportedKey,
    WrongPassword,
)
from .evidence import Evidence, EvidenceError, Renewal, augment, gather_evidence, renew_evidence
from .making import BASELINE, PreparedSignature, Profile, canonical, prepare, sign
from .policy import Coverage, Revocation, ValidationPolicy
from .report import Check, Indication, SignatureReport, SubIndication, ValidationReport
from .signers import KeySigner, Signer, load_pem, load_pkcs12
from .timestamps import Timestamper, TimestampError, TimestampService, TimestampToken
from .trust import TrustError, TrustStore, TrustVerdict
from .validation import validate

__all__ = [
    "BASELINE",
    "MAY_SIGN_OUTCOMES",
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
    "TimestampError",
    "TimestampService",
    "TimestampToken",
    "Timestamper",
    "TrustError",
    "TrustStore",
    "TrustVerdict",
    "UnsignableDocument",
    "UnsupportedKey",
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
