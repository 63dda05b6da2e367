"""The files of a trust store: certificates and revocation lists in PEM or DER, OCSP responses in DER."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from translationstring import TranslationStringFactory

from ..errors import TrustError
from .certificates import PARSE_ERRORS, read_certificate
from .crls import RevocationList
from .ocsp import OcspResponse

_ = TranslationStringFactory("egovdocs")
_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")

Source = Path | str | bytes | bytearray | memoryview
"""A file, or its content."""

_SINGLE = (Path, str, bytes, bytearray, memoryview, x509.Certificate, x509.CertificateRevocationList)
_MAX_QUOTED = 16
_PEM = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----.+?-----END \1-----\r?\n?", re.DOTALL)


def load_certificates(given: Iterable[Any] | Any) -> list[x509.Certificate]:
    """Read one certificate or several, each as a :data:`Source` or parsed.

    :raises TrustError: one of them is no certificate.
    :raises OSError: a file cannot be read.
    """
    certificates: list[x509.Certificate] = []
    for each in _as_iterable(given):
        if isinstance(each, x509.Certificate):
            certificates.append(each)
        else:
            certificates += read_certificates(*_read_source(each))
    return certificates


def load_crls(given: Iterable[Any] | Any) -> list[RevocationList]:
    """Read one revocation list or several, each as a :data:`Source` or parsed.

    :raises TrustError: one of them is no list.
    :raises OSError: a file cannot be read.
    """
    return [crl for each in _as_iterable(given) for crl in read_crls(*_read_source(each))]


def load_ocsp_responses(given: Iterable[Source] | Source) -> list[OcspResponse]:
    """Read one OCSP response or several.

    :raises TrustError: one of them is no response.
    :raises OSError: a file cannot be read.
    """
    return [response for each in _as_iterable(given) for response in read_ocsp_response(*_read_source(each))]


def read_readable(read: Callable[[bytes, str], list[_Result]], paths: Iterable[Path]) -> list[_Result]:
    """Return what ``read`` makes of each file; log an error for a file that it cannot read."""
    found: list[_Result] = []
    for path in sorted(paths):
        try:
            found += read(*_read_source(path))
        except (TrustError, OSError) as problem:
            _log.error("trust store: %s is ignored: %s", path, problem)
    return found


def read_certificates(data: bytes, name: str) -> list[x509.Certificate]:
    """Read the certificates of a file.

    :param name: names the file in the message of an error.
    :raises TrustError: it is no certificate.
    """
    try:
        ders = (
            [each.public_bytes(Encoding.DER) for each in x509.load_pem_x509_certificates(data)]
            if b"-----BEGIN" in data
            else [data]
        )
        return list(map(read_certificate, ders))
    except PARSE_ERRORS:
        raise TrustError(_("This is no certificate in PEM or DER: ${name}", mapping={"name": name})) from None


def read_crls(data: bytes, name: str) -> list[RevocationList]:
    """Read the revocation lists of a file.

    :raises TrustError: it has none.
    """
    try:
        if b"-----BEGIN" in data:
            blocks = [match.group() for match in _PEM.finditer(data) if match[1] == b"X509 CRL"]
            crls = [RevocationList(x509.load_pem_x509_crl(block)) for block in blocks]
        else:
            crls = [RevocationList.load(data)]
    except PARSE_ERRORS:
        crls = []
    if not crls:
        raise TrustError(_("This is no revocation list in PEM or DER: ${name}", mapping={"name": name}))
    return crls


def read_ocsp_response(data: bytes, name: str) -> list[OcspResponse]:
    """Read the OCSP response of a file.

    :returns: a list of one, like the other readers.
    :raises TrustError: it is no response.
    """
    try:
        return [OcspResponse.load(data)]
    except ValueError:
        raise TrustError(
            _("This is no OCSP response in DER with an answer in it: ${name}", mapping={"name": name})
        ) from None


def _as_iterable(given: Iterable[Any] | Any) -> Iterable[Any]:
    # Some single values are iterable too: a string, a revocation list.
    return (given,) if isinstance(given, _SINGLE) else given


def _read_source(given: Source | x509.CertificateRevocationList) -> tuple[bytes, str]:
    """Return the bytes of a source, and a name for messages."""
    if isinstance(given, x509.CertificateRevocationList):
        return given.public_bytes(Encoding.DER), ""
    if isinstance(given, str) and "-----BEGIN" in given:
        return given.encode(), f"{given[:_MAX_QUOTED]}…"
    if isinstance(given, str | Path):
        return Path(given).read_bytes(), str(given)
    if isinstance(given, bytes | bytearray | memoryview):
        return bytes(given), repr(bytes(given[:_MAX_QUOTED]))
    raise TypeError(f"expected a file or its content, not {given!r}")
