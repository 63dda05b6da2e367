"""What makes a document trustworthy: sign, validate, certificates, revocation, timestamps."""

from .crypto.signers import KeySigner, Signer, load_pem, load_pkcs12
from .errors import (
    KeyFileError,
    SignatureValueMismatch,
    SigningError,
    UnsignableDocument,
    UnsupportedKey,
    WrongPassword,
)
from .policy import Coverage, Revocation, ValidationPolicy
from .timestamps.tokens import (
    Timestamper,
    TimestampError,
    TimestampService,
    TimestampToken,
    TimestampUnavailable,
)
from .timestamps.tsa import TimestampAuthority
from .trust.certificates import MAY_SIGN_OUTCOMES, Holder, Role, holder
from .trust.store import TrustError, TrustStore, TrustVerdict
from .validation import validate
from .xades.augmentation import Evidence, EvidenceError, Renewal, augment, gather_evidence, renew_evidence
from .xmldsig.making import BASELINE, PreparedSignature, Profile, canonical, prepare, sign
from .xmldsig.report import Check, Indication, SignatureReport, SubIndication, ValidationReport

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
    "TimestampAuthority",
    "TimestampError",
    "TimestampService",
    "TimestampToken",
    "TimestampUnavailable",
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
