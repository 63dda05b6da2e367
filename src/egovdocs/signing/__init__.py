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
from .making import BASELINE, PreparedSignature, Profile, canonical, prepare, sign
from .signers import KeySigner, Signer, load_pem, load_pkcs12

__all__ = [
    "BASELINE",
    "MAY_SIGN_OUTCOMES",
    "Holder",
    "KeyFileError",
    "KeySigner",
    "PreparedSignature",
    "Profile",
    "Role",
    "SignatureValueMismatch",
    "Signer",
    "SigningError",
    "UnsignableDocument",
    "UnsupportedKey",
    "WrongPassword",
    "canonical",
    "holder",
    "load_pem",
    "load_pkcs12",
    "prepare",
    "sign",
]
