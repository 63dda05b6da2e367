"""The evidence of a signature, kept beside the document: a time-stamp, certificates, revocation lists, OCSP
responses and archive time-stamps (ETSI EN 319 132-1, 5.3 to 5.5).
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, Final

from cryptography import x509
from translationstring import TranslationStringFactory

from ..crypto.algorithms import EXCLUSIVE
from ..errors import EvidenceError
from ..namespaces import DS, XADES, XADES141
from ..timestamps.tokens import TimestampToken, read_token
from ..trust.certificates import PARSE_ERRORS, read_certificate

_ = TranslationStringFactory("egovdocs")

VERSION: Final = 2
"""The version of what :meth:`Evidence.dump` returns; version 1 had no renewals."""


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@dataclass(frozen=True)
class Renewal:
    """An archive time-stamp over a signature, its data and its earlier evidence (ETSI EN 319 132-1, 5.5.2).

    :ivar timestamp: the TimeStampToken, DER.
    :ivar certificates: the chain of its authority, as far as it is new.
    :ivar revocation_lists: the lists about its authority and the authority of the time-stamp before it.
    :ivar ocsp_responses: the responses about them.
    """

    timestamp: bytes
    certificates: tuple[bytes, ...] = ()
    revocation_lists: tuple[bytes, ...] = ()
    ocsp_responses: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """What proves later that a document's signature was valid when it was made (ETSI EN 319 102-1, 5.6); all
    DER.

    :ivar timestamp: a TimeStampToken over the SignatureValue in exclusive canonical form.
    :ivar certificates: the chains of the signer and of the time-stamp, except what the document has.
    :ivar revocation_lists: the lists about them from that time, as far as needed.
    :ivar ocsp_responses: the responses about them.
    :ivar renewals: the archive time-stamps since then, in their order.
    """

    timestamp: bytes
    certificates: tuple[bytes, ...] = ()
    revocation_lists: tuple[bytes, ...] = ()
    ocsp_responses: tuple[bytes, ...] = ()
    renewals: tuple[Renewal, ...] = ()

    def dump(self, put: Callable[[bytes], Any] = _base64) -> dict[str, Any]:
        """Return the evidence as a dictionary, ready for JSON, or with each value as ``put`` converts it."""
        return {
            "version": VERSION,
            **_dump(self, put),
            "renewals": [_dump(each, put) for each in self.renewals],
        }

    @classmethod
    def load(cls, dumped: Mapping[str, Any], get: Callable[[Any], bytes] = base64.b64decode) -> Evidence:
        """Return the evidence from what :meth:`dump` returned; ``get`` is the inverse of its ``put``.

        :raises EvidenceError: it is of a later version than this program knows.
        """
        if dumped.get("version", 1) > VERSION:
            raise EvidenceError(_("The evidence was kept by a later version of this program."))
        renewals = tuple(Renewal(**_load(each, get)) for each in dumped.get("renewals", ()))
        return cls(**_load(dumped, get), renewals=renewals)

    @property
    def all_certificates(self) -> tuple[bytes, ...]:
        return tuple(chain(self.certificates, *(each.certificates for each in self.renewals)))

    @property
    def all_revocation_lists(self) -> tuple[bytes, ...]:
        return tuple(chain(self.revocation_lists, *(each.revocation_lists for each in self.renewals)))

    @property
    def all_ocsp_responses(self) -> tuple[bytes, ...]:
        return tuple(chain(self.ocsp_responses, *(each.ocsp_responses for each in self.renewals)))

    @property
    def readable_certificates(self) -> list[x509.Certificate]:
        """All certificates that can be read."""
        readable = []
        for der in self.all_certificates:
            with suppress(*PARSE_ERRORS):
                readable.append(read_certificate(der))
        return readable

    @property
    def last_token(self) -> TimestampToken:
        """The newest time-stamp, which proves all the rest.

        :raises BadTimestamp: it cannot be read.
        """
        newest = self.renewals[-1].timestamp if self.renewals else self.timestamp
        return read_token(newest, certificates=self.readable_certificates)

    @property
    def holds_until(self) -> datetime:
        """When the authority of the last time-stamp, or one above it, expires: the evidence must be renewed
        before.

        :raises BadTimestamp: that time-stamp cannot be read.
        """
        token = self.last_token
        certificate, above = token.certificate, [*token.chain, *self.readable_certificates]
        ends = certificate.not_valid_after_utc
        while issuer := next((each for each in above if each.subject == certificate.issuer), None):
            above.remove(issuer)
            certificate, ends = issuer, min(ends, issuer.not_valid_after_utc)
        return ends

    def properties(self, renewals: int | None = None) -> list[bytes]:
        """Return the evidence as unsigned properties, in their order and in exclusive canonical form.

        :param renewals: how many of the renewals to include; all when left out.
        """
        properties = [_timestamp("xades:SignatureTimeStamp", XADES, self.timestamp), *_values(self)]
        for each in self.renewals[:renewals]:
            properties.append(_timestamp("xades141:ArchiveTimeStamp", XADES141, each.timestamp))
            if values := "".join(_values(each)):
                properties.append(
                    f'<xades141:TimeStampValidationData xmlns:xades141="{XADES141}">{values}'
                    "</xades141:TimeStampValidationData>"
                )
        return [each.encode() for each in properties]


def _timestamp(name: str, namespace: str, token: bytes) -> str:
    prefix = name.partition(":")[0]
    encapsulated = _encapsulated("EncapsulatedTimeStamp", [token], is_declared=prefix == "xades")
    return (
        f'<{name} xmlns:{prefix}="{namespace}">'
        f'<ds:CanonicalizationMethod xmlns:ds="{DS}" Algorithm="{EXCLUSIVE}"></ds:CanonicalizationMethod>'
        f"{encapsulated}</{name}>"
    )


def _values(held: Evidence | Renewal) -> list[str]:
    values = []
    if certificates := _encapsulated("EncapsulatedX509Certificate", held.certificates):
        values.append(
            f'<xades:CertificateValues xmlns:xades="{XADES}">{certificates}</xades:CertificateValues>'
        )
    kinds = [
        ("CRLValues", _encapsulated("EncapsulatedCRLValue", held.revocation_lists)),
        ("OCSPValues", _encapsulated("EncapsulatedOCSPValue", held.ocsp_responses)),
    ]
    if revocation := "".join(f"<xades:{name}>{inner}</xades:{name}>" for name, inner in kinds if inner):
        values.append(f'<xades:RevocationValues xmlns:xades="{XADES}">{revocation}</xades:RevocationValues>')
    return values


def _encapsulated(name: str, values: Iterable[bytes], *, is_declared: bool = True) -> str:
    """:param is_declared: whether an ancestor declares the prefix xades."""
    declaration = "" if is_declared else f' xmlns:xades="{XADES}"'
    return "".join(f"<xades:{name}{declaration}>{_base64(value)}</xades:{name}>" for value in values)


def _dump(held: Evidence | Renewal, put: Callable[[bytes], Any]) -> dict[str, Any]:
    return {
        "timestamp": put(held.timestamp),
        "certificates": [put(der) for der in held.certificates],
        "revocation_lists": [put(der) for der in held.revocation_lists],
        "ocsp_responses": [put(der) for der in held.ocsp_responses],
    }


def _load(dumped: Mapping[str, Any], get: Callable[[Any], bytes]) -> dict[str, Any]:
    return {
        "timestamp": get(dumped["timestamp"]),
        "certificates": tuple(map(get, dumped["certificates"])),
        "revocation_lists": tuple(map(get, dumped["revocation_lists"])),
        "ocsp_responses": tuple(map(get, dumped.get("ocsp_responses", ()))),
    }
