"""Evidence that a signature outlives its certificate: a time-stamp, certificates, revocation lists and OCSP
responses, taken while all of them can still be had (ETSI EN 319 132-1, levels B-T and B-LT).

The bytes that came stay as they came; the augmented document is made from them and the kept evidence.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.parsers import expat

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from translationstring import TranslationStringFactory

from .algorithms import DS, EXCLUSIVE, XADES
from .c14n import canonical
from .certificates import UNREADABLE
from .errors import SigningError
from .policy import ValidationPolicy
from .report import NotPassed
from .structure import Document, Signature, read_signature
from .timestamps import Timestamper, read_token, verify_token
from .trust import TrustStore
from .xades import Properties, read_properties

_ = TranslationStringFactory("egovdocs")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


class EvidenceError(SigningError):
    """There is no evidence to be had, or the document cannot take it in. ``message`` says why."""


@dataclass(frozen=True)
class Evidence:
    """What proves, later, that a document's one signature was valid when it was made; all DER.

    :ivar timestamp: a TimeStampToken over the SignatureValue in exclusive canonical form.
    :ivar certificates: the chains of the signer and of the time-stamp, but for what the document has.
    :ivar revocation_lists: what their issuers said of revocation at that time, as far as it was needed.
    :ivar ocsp_responses: likewise.
    """

    timestamp: bytes
    certificates: tuple[bytes, ...] = ()
    revocation_lists: tuple[bytes, ...] = ()
    ocsp_responses: tuple[bytes, ...] = ()

    def dump(self, put: Callable[[bytes], Any] = _base64) -> dict[str, Any]:
        """Everything to be kept: as JSON has it, or with each value as ``put`` makes it."""
        return {
            "timestamp": put(self.timestamp),
            "certificates": [put(der) for der in self.certificates],
            "revocation_lists": [put(der) for der in self.revocation_lists],
            "ocsp_responses": [put(der) for der in self.ocsp_responses],
        }

    @classmethod
    def load(cls, dumped: Mapping[str, Any], get: Callable[[Any], bytes] = base64.b64decode) -> Evidence:
        """What :meth:`dump` gave, back again; ``get`` is the opposite of its ``put``."""
        return cls(
            timestamp=get(dumped["timestamp"]),
            certificates=tuple(map(get, dumped["certificates"])),
            revocation_lists=tuple(map(get, dumped["revocation_lists"])),
            ocsp_responses=tuple(map(get, dumped.get("ocsp_responses", ()))),
        )

    @property
    def holds_until(self) -> datetime:
        """When its last time-stamp's authority, or one above it, goes out of date: renew it before.

        :raises BadTimestamp: that time-stamp cannot be read.
        """
        known = _known(self.certificates)
        token = read_token(self.timestamp, certificates=known)
        certificate, above = token.certificate, [*token.chain, *known]
        ends = certificate.not_valid_after_utc
        while issuer := next((each for each in above if each.subject == certificate.issuer), None):
            above.remove(issuer)
            certificate, ends = issuer, min(ends, issuer.not_valid_after_utc)
        return ends


def gather_evidence(document: bytes, trust: TrustStore, timestamper: Timestamper) -> Evidence:
    """Take evidence for a document that has just been validated.

    The store must know, freshly, about the revocation of every certificate in both chains.

    :raises EvidenceError: the document has not exactly one signature with a certificate, or that certificate
        is not to be trusted at the time proven, or revocation is not known.
    :raises TimestampError: no time-stamp is to be had, or it is not by an authority the store trusts.
    """
    signature, _properties = _read(document, trust)
    signer, *carried = _certificates(signature)
    stamped = canonical(signature.value_element, EXCLUSIVE)
    token = timestamper.stamp(stamped)
    stamp_verdict = verify_token(token, stamped, trust)
    verdict = trust.check_certificate(signer, chain=carried, at=token.time)
    if not verdict.passed:
        raise EvidenceError(verdict.reason)
    chains = dict.fromkeys((*verdict.chain, *stamp_verdict.chain))
    present = {signer, *carried, token.certificate, *token.chain}
    return Evidence(
        timestamp=token.der,
        certificates=tuple(
            certificate.public_bytes(Encoding.DER) for certificate in chains if certificate not in present
        ),
        revocation_lists=tuple(dict.fromkeys((*verdict.lists, *stamp_verdict.lists))),
        ocsp_responses=tuple(dict.fromkeys((*verdict.responses, *stamp_verdict.responses))),
    )


def augment(document: bytes, evidence: Evidence) -> bytes:
    """Put evidence into a document's one signature: level XAdES-B-LT, or -T when revocation is not in it
    (EN 319 132-1, 5.3, 5.4.1, 5.4.2).

    The properties are put in between two octets of the document, and nothing else of it changes.

    :raises EvidenceError: the document has not exactly one XAdES signature, or has a time-stamp already, or
        holds properties that leave no place for others, or is in an encoding that expat cannot read.
    """
    _signature, properties = _read(document, TrustStore([]))
    if properties is None:
        raise EvidenceError(_("The signature is a plain XML signature: it has no place for evidence."))
    text = _unsigned_properties(evidence)
    place = properties.element
    if properties.unsigned is not None:
        if properties.unsigned.find(f"{{{XADES}}}SignatureTimeStamp") is not None:
            raise EvidenceError(_("The signature carries a time-stamp already."))
        text, place = _signature_properties(evidence), properties.unsigned
    elif place.find(f"{{{XADES}}}UnsignedProperties") is not None:
        raise EvidenceError(_("The signature's unsigned properties leave no place for evidence."))
    offset = _end_tag(document, place)
    encoding = place.getroottree().docinfo.encoding or "UTF-8"
    # "UTF-16" would write a byte order mark again.
    if encoding.upper() == "UTF-16":
        encoding += "BE" if document.startswith(b"\xfe\xff") else "LE"
    if not len(place) and document.endswith("/>".encode(encoding), 0, offset):
        raise EvidenceError(_("The signature's unsigned properties leave no place for evidence."))
    return document[:offset] + text.encode(encoding) + document[offset:]


def _read(document: bytes, trust: TrustStore) -> tuple[Signature, Properties | None]:
    policy = ValidationPolicy(trust)
    try:
        signatures = [read_signature(each, policy) for each in Document(document, policy).signatures]
        main = [each for each in signatures if each.countersigned is None]
        if len(main) != 1:
            raise EvidenceError(_("Evidence is taken for documents with one signature; this has more."))
        return main[0], read_properties(main[0])
    except NotPassed as problem:
        raise EvidenceError(problem.check.reason) from None


def _end_tag(document: bytes, element: etree._Element) -> int:
    """Where the element's end tag begins, in octets."""
    root = element.getroottree().getroot()
    number = next(n for n, each in enumerate(root.iter(etree.Element)) if each is element)
    opened: list[int] = []
    count = 0
    offset = -1
    parser = expat.ParserCreate()

    def start(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal count
        opened.append(count)
        count += 1

    def end(_name: str) -> None:
        nonlocal offset
        if opened.pop() == number:
            offset = parser.CurrentByteIndex

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(document, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise EvidenceError(_("The document is in an encoding in which it cannot be added to.")) from None
    return offset


def _certificates(signature: Signature) -> list[x509.Certificate]:
    try:
        certificates = [x509.load_der_x509_certificate(der) for der in signature.certificates]
    except UNREADABLE:
        certificates = []
    issuers = {each.issuer for each in certificates if each.issuer != each.subject}
    leaves = [each for each in certificates if each.subject not in issuers]
    if len(leaves) != 1:
        raise EvidenceError(_("The signature does not carry the certificate of its signer."))
    return [*leaves, *(each for each in certificates if each not in leaves)]


def _unsigned_properties(evidence: Evidence) -> str:
    return (
        f'<xades:UnsignedProperties xmlns:xades="{XADES}"><xades:UnsignedSignatureProperties>'
        f"{_signature_properties(evidence)}"
        "</xades:UnsignedSignatureProperties></xades:UnsignedProperties>"
    )


def _signature_properties(evidence: Evidence) -> str:
    certificates = _encapsulated("EncapsulatedX509Certificate", evidence.certificates)
    values = [
        ("CRLValues", _encapsulated("EncapsulatedCRLValue", evidence.revocation_lists)),
        ("OCSPValues", _encapsulated("EncapsulatedOCSPValue", evidence.ocsp_responses)),
    ]
    revocation = "".join(f"<xades:{name}>{held}</xades:{name}>" for name, held in values if held)
    text = (
        f'<xades:SignatureTimeStamp xmlns:xades="{XADES}">'
        f'<ds:CanonicalizationMethod xmlns:ds="{DS}" Algorithm="{EXCLUSIVE}"></ds:CanonicalizationMethod>'
        f"{_encapsulated('EncapsulatedTimeStamp', [evidence.timestamp])}</xades:SignatureTimeStamp>"
    )
    if certificates:
        text += f'<xades:CertificateValues xmlns:xades="{XADES}">{certificates}</xades:CertificateValues>'
    if revocation:
        text += f'<xades:RevocationValues xmlns:xades="{XADES}">{revocation}</xades:RevocationValues>'
    return text


def _encapsulated(name: str, values: Iterable[bytes]) -> str:
    return "".join(f"<xades:{name}>{_base64(value)}</xades:{name}>" for value in values)


def _known(certificates: Iterable[bytes]) -> list[x509.Certificate]:
    known = []
    for der in certificates:
        with suppress(*UNREADABLE):
            known.append(x509.load_der_x509_certificate(der))
    return known
