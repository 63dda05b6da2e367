"""Certificates and revocation data that come with a signature, in its unsigned properties or as kept evidence
(ETSI EN 319 132-1, 5.4.1, 5.4.2, 5.5.1 and 5.5.2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import chain, islice, pairwise
from typing import Final, TypeVar

from cryptography import x509
from lxml import etree

from ..indications import NotPassed
from ..namespaces import XADES, XADES141
from ..policy import ValidationPolicy
from ..timestamps.tokens import TimestampToken
from ..trust.certificates import PARSE_ERRORS, issued_by, read_certificate
from ..trust.crls import RevocationList
from ..trust.ocsp import OcspResponse
from ..trust.revocation import Revocation
from ..trust.store import TrustStore
from ..trust.verdict import CertificateChain
from ..xmldsig.structure import decode_value
from .evidence_properties import Evidence

_Parsed = TypeVar("_Parsed")

_X, _X141 = f"{{{XADES}}}", f"{{{XADES141}}}"
VALUE_PROPERTIES: Final = (
    f"{_X}CertificateValues",
    f"{_X}RevocationValues",
    f"{_X141}TimeStampValidationData",
    f"{_X141}AnyValidationData",
)
# The values are properties themselves, or in a property for the validation data of time-stamps or of
# anything.
_PARENTS: Final = ("", f"{_X141}TimeStampValidationData/", f"{_X141}AnyValidationData/")
_CERTIFICATES: Final = f"{_X}CertificateValues/{_X}EncapsulatedX509Certificate"
_REVOCATION: Final = (
    f"{_X}RevocationValues/{_X}CRLValues/{_X}EncapsulatedCRLValue",
    f"{_X}RevocationValues/{_X}OCSPValues/{_X}EncapsulatedOCSPValue",
)
# Limits to the work that a third party's document can cause.
_MAX_REVOCATION_VALUES: Final = 64
_MAX_RESPONSE_BYTES: Final = 65_536


@dataclass(frozen=True)
class CarriedRevocation:
    """Revocation lists and OCSP responses (DER) that came with a signature, by signers whom the anchors
    trust.
    """

    crls: tuple[bytes, ...] = ()
    ocsp_responses: tuple[bytes, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.crls or self.ocsp_responses)


def carried_certificates(
    unsigned: etree._Element | None, evidence: Evidence | None, policy: ValidationPolicy
) -> CertificateChain:
    """Return the certificates in the properties and the evidence, within the limits of the policy."""
    found = _values(unsigned, _CERTIFICATES)
    if evidence is not None:
        found = chain(found, evidence.all_certificates)
    certificates: list[x509.Certificate] = []
    size = 0
    for der in islice(found, policy.max_certificates):
        size += len(der)
        if size > policy.max_certificate_bytes:
            break
        certificates += _parse_all([der], read_certificate)
    return tuple(certificates)


def carried_revocation(
    unsigned: etree._Element | None,
    evidence: Evidence | None,
    tokens: Iterable[TimestampToken],
    signer: x509.Certificate,
    certificates: CertificateChain,
    trust: TrustStore,
    moment: datetime,
) -> CarriedRevocation:
    """Return the lists and responses in the properties, the evidence and the time-stamps, as far as their
    signers lead to the anchors of the store.

    :param certificates: those that came with the signature.
    :param moment: the moment to judge.
    """
    tokens = tuple(tokens)
    found = chain(
        chain.from_iterable(_values(unsigned, path) for path in _REVOCATION),
        *(token.revocation for token in tokens),
    )
    ders = list(islice(found, _MAX_REVOCATION_VALUES))
    if evidence is not None:
        ders += [*evidence.all_revocation_lists, *evidence.all_ocsp_responses]
    crls = _parse_all(ders, RevocationList.load)
    responses = _parse_all((der for der in ders if len(der) <= _MAX_RESPONSE_BYTES), OcspResponse.load)
    if not crls and not responses:
        return CarriedRevocation()
    times = [moment, *(token.time for token in tokens)]
    judged = [(signer, certificates, time) for time in times]
    judged += [(token.certificate, (*token.chain, *certificates), token.time) for token in tokens]
    issued = {
        pair
        for each, above, time in judged
        for pair in pairwise(
            trust.check_certificate(each, chain=above, at=time, revocation=Revocation.NONE).chain
        )
    }
    issuers = {issuer for _certificate, issuer in issued}
    # Delegates sign lists and responses for a trusted authority, and their own status may be in the data.
    delegates = {*certificates, *(each for response in responses for each in response.certificates)}
    issued |= {(each, issuer) for each in delegates for issuer in issuers if issued_by(each, issuer)}
    signers = issuers.union(each for each, _issuer in issued)
    return CarriedRevocation(
        tuple(each.der for each in crls if any(map(each.is_signed_by, signers))),
        tuple(
            each.der
            for each in responses
            if any(
                single.concerns(*pair) and each.is_authorised(pair[1], certificates)
                for pair in issued
                for single in each.single_responses
            )
        ),
    )


# Documents of one day carry the same lists, and a store caches its verdicts.
@lru_cache(maxsize=16)
def store_with(trust: TrustStore, carried: CarriedRevocation) -> TrustStore:
    """Return the store with the carried revocation data added."""
    if not carried:
        return trust
    known = trust.revocation_data
    return TrustStore(
        trust.anchors,
        (*known.crls, *carried.crls),
        (*known.ocsp_responses, *carried.ocsp_responses),
    )


@lru_cache(maxsize=16)
def store_of(anchors: CertificateChain, carried: CarriedRevocation) -> TrustStore:
    """Return a store that has only the carried revocation data."""
    return TrustStore(anchors, carried.crls, carried.ocsp_responses)


def _values(unsigned: etree._Element | None, path: str) -> Iterator[bytes]:
    if unsigned is None:
        return
    for parent in _PARENTS:
        for element in unsigned.iterfind(parent + path):
            try:
                yield decode_value(element)
            except NotPassed:
                continue


def _parse_all(ders: Iterable[bytes], parse: Callable[[bytes], _Parsed]) -> list[_Parsed]:
    """Parse each value that can be parsed; the others prove nothing and are ignored."""
    parsed = []
    for der in ders:
        try:
            parsed.append(parse(der))
        except PARSE_ERRORS:
            continue
    return parsed
