"""The exceptions of the package; each has a message that a person can act on."""

from __future__ import annotations

from translationstring import TranslationString

from .indications import Status


class SigningError(ValueError):
    """A signature, a time-stamp or evidence was not made.

    :ivar message: the reason, as a sentence that can be translated.
    """

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


class WrongPassword(KeyFileError):  # noqa: N818
    """The password does not open the key file (RFC 7292, 5.1)."""


class UnsupportedKey(KeyFileError):  # noqa: N818
    """The key is neither RSA of 2048 bits or more nor P-256 (of those that ETSI TS 119 312 recommends)."""


class UnsignableDocument(SigningError):  # noqa: N818
    """Verifiers would not agree about a signature on this document (XML Signature Best Practices, 2)."""


class SignatureValueMismatch(SigningError):  # noqa: N818
    """The signature value was not made with the certificate's key over the prepared bytes (XML Signature 1.1,
    3.2.2).
    """


class EvidenceError(SigningError):
    """No evidence can be taken, or the document cannot hold it (ETSI EN 319 132-1, 5.3 to 5.5)."""


class TimestampError(SigningError):
    """There is no time-stamp, or it proves nothing (RFC 3161, 2.2)."""


class TimestampUnavailable(TimestampError):  # noqa: N818
    """The time-stamp service gave no response, or one that does not follow RFC 3161; it may do so later."""


class TimestampRefused(TimestampError):  # noqa: N818
    """The time-stamp service refused the request (PKIStatus, RFC 3161, 2.4.2)."""


class BadTimestamp(TimestampError):  # noqa: N818
    """The token is malformed, is over other data, or its signature is wrong."""

    status: Status = "failed"


class UntrustedTimestamp(BadTimestamp):
    """The token is sound, but its authority is not trusted, or may have been revoked."""

    status: Status = "unknown"


class TrustError(ValueError):
    """A file given as a certificate, a revocation list (RFC 5280) or an OCSP response (RFC 6960) is none.

    :ivar message: the reason, as a sentence that can be translated.
    """

    def __init__(self, message: TranslationString) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message.interpolate())
