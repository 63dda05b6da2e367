"""What can go wrong while making a signature, in words a person can act on."""

from __future__ import annotations

from translationstring import TranslationString


class SigningError(ValueError):
    """A signature was not made (XML Signature 1.1, 3.1). ``message`` says why; it can be translated."""

    def __init__(self, message: TranslationString) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message.interpolate())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


class KeyFileError(SigningError):
    """The key file cannot be used: it is no PKCS#12 (RFC 7292) or PEM (RFC 7468) file, holds no key, or
    the key is of the wrong kind.
    """


class WrongPassword(KeyFileError):  # noqa: N818 - reads as what it is
    """The key file is sound, but this password does not open it (RFC 7292, 5.1)."""


class UnsupportedKey(KeyFileError):  # noqa: N818
    """The key is neither RSA of 2048 bits or more nor P-256 (of those that ETSI TS 119 312 recommends)."""


class UnsignableDocument(SigningError):  # noqa: N818
    """The document cannot be signed so that every verifier would agree about it (XML Signature Best
    Practices, 2).
    """


class SignatureValueMismatch(SigningError):  # noqa: N818
    """The signature value was not made by the certificate's key over the prepared bytes (XML Signature 1.1,
    3.2.2).
    """
