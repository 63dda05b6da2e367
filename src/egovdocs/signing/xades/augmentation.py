"""Evidence that a signature outlives its certificate: a time-stamp, certificates, revocation lists and OCSP
responses, taken while all of them can still be had (ETSI EN 319 132-1, levels B-T and B-LT), and renewed by
an archive time-stamp each time they age (level B-LTA).

The bytes that came stay as they came; the augmented document is made from them and the kept evidence.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any
from xml.parsers import expat

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from translationstring import TranslationStringFactory

from ..crypto.algorithms import DS, EXCLUSIVE, XADES, XADES141
from ..errors import SigningError
from ..policy import ValidationPolicy
from ..timestamps.tokens import Timestamper, TimestampToken, read_token, verify_token
from ..trust.certificates import UNREADABLE, read_certificate
from ..trust.store import TrustStore
from ..validation import validate
from ..xmldsig import references
from ..xmldsig.c14n import canonical
from ..xmldsig.report import NotPassed
from ..xmldsig.structure import Document, Signature, read_signature
from .imprints import archive_imprint
from .properties import Properties, read_properties

_ = TranslationStringFactory("egovdocs")

VERSION = 2
"""Of what :meth:`Evidence.dump` gives; 1 had no renewals."""


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


class EvidenceError(SigningError):
    """There is no evidence to be had, or the document cannot take it in (EN 319 132-1, 5.3 to 5.5).
    ``message`` says why.
    """


@dataclass(frozen=True)
class Renewal:
    """An archive time-stamp: over a signature, its data, and its evidence until then (EN 319 132-1, 5.5.2).

    :ivar timestamp: the TimeStampToken.
    :ivar certificates: of its authority's chain, as far as they are new.
    :ivar revocation_lists: what was said at its time of its authority, and of the one before.
    :ivar ocsp_responses: likewise.
    """

    timestamp: bytes
    certificates: tuple[bytes, ...] = ()
    revocation_lists: tuple[bytes, ...] = ()
    ocsp_responses: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """What proves, later, that a document's one signature was valid when it was made (ETSI EN 319 102-1,
    5.6); all DER.

    :ivar timestamp: a TimeStampToken over the SignatureValue in exclusive canonical form.
    :ivar certificates: the chains of the signer and of the time-stamp, but for what the document has.
    :ivar revocation_lists: what their issuers said of revocation at that time, as far as it was needed.
    :ivar ocsp_responses: likewise.
    :ivar renewals: the archive time-stamps taken since, in their order.
    """

    timestamp: bytes
    certificates: tuple[bytes, ...] = ()
    revocation_lists: tuple[bytes, ...] = ()
    ocsp_responses: tuple[bytes, ...] = ()
    renewals: tuple[Renewal, ...] = ()

    def dump(self, put: Callable[[bytes], Any] = _base64) -> dict[str, Any]:
        """Everything to be kept: as JSON has it, or with each value as ``put`` makes it."""
        return {
            "version": VERSION,
            **_dumped(self, put),
            "renewals": [_dumped(each, put) for each in self.renewals],
        }

    @classmethod
    def load(cls, dumped: Mapping[str, Any], get: Callable[[Any], bytes] = base64.b64decode) -> Evidence:
        """What :meth:`dump` gave, back again; ``get`` is the opposite of its ``put``.

        :raises EvidenceError: it is of a later version than this program knows.
        """
        if dumped.get("version", 1) > VERSION:
            raise EvidenceError(_("The evidence was kept by a later version of this program."))
        renewals = tuple(Renewal(**_loaded(each, get)) for each in dumped.get("renewals", ()))
        return cls(**_loaded(dumped, get), renewals=renewals)

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
    def last_token(self) -> TimestampToken:
        """The newest time-stamp, which vouches for all the rest.

        :raises BadTimestamp: it cannot be read.
        """
        newest = self.renewals[-1].timestamp if self.renewals else self.timestamp
        return read_token(newest, certificates=_known(self.all_certificates))

    def properties(self, renewals: int | None = None) -> list[bytes]:
        """The evidence as unsigned properties, in their order and in exclusive canonical form.

        :param renewals: with only so many of them.
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

    @property
    def holds_until(self) -> datetime:
        """When its last time-stamp's authority, or one above it, goes out of date: renew it before.

        :raises BadTimestamp: that time-stamp cannot be read.
        """
        known = _known(self.all_certificates)
        token = self.last_token
        certificate, above = token.certificate, [*token.chain, *known]
        ends = certificate.not_valid_after_utc
        while issuer := next((each for each in above if each.subject == certificate.issuer), None):
            above.remove(issuer)
            certificate, ends = issuer, min(ends, issuer.not_valid_after_utc)
        return ends


def gather_evidence(document: bytes, trust: TrustStore, timestamper: Timestamper) -> Evidence:
    """Take evidence for a document that has just been validated: what levels B-T and B-LT need (EN 319 132-1,
    5.3 and 5.4).

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
    chains = dict.fromkeys((*verdict.chain, *stamp_verdict.chain, *verdict.speakers, *stamp_verdict.speakers))
    present = {signer, *carried, token.certificate, *token.chain}
    return Evidence(
        timestamp=token.der,
        certificates=tuple(
            certificate.public_bytes(Encoding.DER) for certificate in chains if certificate not in present
        ),
        revocation_lists=tuple(dict.fromkeys((*verdict.lists, *stamp_verdict.lists))),
        ocsp_responses=tuple(dict.fromkeys((*verdict.responses, *stamp_verdict.responses))),
    )


def renew_evidence(
    document: bytes,
    evidence: Evidence,
    trust: TrustStore,
    timestamper: Timestamper,
    *,
    at: datetime | None = None,
) -> Evidence:
    """Take an archive time-stamp over a document and its evidence, before the last time-stamp of it ages.

    The store must know, freshly, about the revocation of the authorities of that one and of the new one.

    :param at: the moment it is done; now when left out.
    :raises EvidenceError: the evidence proves nothing any more.
    :raises TimestampError: no time-stamp is to be had, or it is not by an authority the store trusts.
    """
    policy = ValidationPolicy(trust)
    report = validate(document, policy, at=at, evidence=evidence)
    if not any(each.proven_time for each in report.signatures):
        raise EvidenceError(_("The evidence proves nothing any more: it cannot be renewed."))
    parsed = Document(document, policy)
    signature, properties = _read_signature(parsed, policy)
    verified = [
        references.verify(each, references.plan_of(each.transforms, policy), signature, parsed)
        for each in signature.references
    ]
    unsigned = None if properties is None else properties.unsigned
    carried = [] if unsigned is None else [*unsigned.iterchildren(etree.Element)]
    before = [*(canonical(each, EXCLUSIVE) for each in carried), *evidence.properties()]
    stamped = archive_imprint(signature, verified, before, EXCLUSIVE)
    token = timestamper.stamp(stamped)
    verdict = verify_token(token, stamped, trust)
    known, last = _known(evidence.all_certificates), evidence.last_token
    former = trust.check_certificate(last.certificate, chain=(*last.chain, *known), at=token.time)
    if not former.passed:
        raise EvidenceError(former.reason)
    present = {*known, token.certificate, *token.chain}
    needed = dict.fromkeys((*verdict.chain, *verdict.speakers, *former.speakers))
    lists = dict.fromkeys((*verdict.lists, *former.lists))
    responses = dict.fromkeys((*verdict.responses, *former.responses))
    renewal = Renewal(
        timestamp=token.der,
        certificates=tuple(each.public_bytes(Encoding.DER) for each in needed if each not in present),
        revocation_lists=tuple(der for der in lists if der not in evidence.all_revocation_lists),
        ocsp_responses=tuple(der for der in responses if der not in evidence.all_ocsp_responses),
    )
    return replace(evidence, renewals=(*evidence.renewals, renewal))


def augment(document: bytes, evidence: Evidence) -> bytes:
    """Put evidence into a document's one signature: level XAdES-B-LTA when it was renewed, else -LT, or -T
    when revocation is not in it (EN 319 132-1, 5.3, 5.4.1, 5.4.2, 5.5).

    The properties are put in between two octets of the document, and nothing else of it changes.

    :raises EvidenceError: the document has not exactly one XAdES signature, or has a time-stamp already, or
        holds properties that leave no place for others, or is in an encoding that expat cannot read.
    """
    _signature, properties = _read(document, TrustStore([]))
    if properties is None:
        raise EvidenceError(_("The signature is a plain XML signature: it has no place for evidence."))
    inner = b"".join(evidence.properties()).decode()
    text = (
        f'<xades:UnsignedProperties xmlns:xades="{XADES}"><xades:UnsignedSignatureProperties>{inner}'
        "</xades:UnsignedSignatureProperties></xades:UnsignedProperties>"
    )
    place = properties.element
    if properties.unsigned is not None:
        if properties.unsigned.find(f"{{{XADES}}}SignatureTimeStamp") is not None:
            raise EvidenceError(_("The signature carries a time-stamp already."))
        text, place = inner, properties.unsigned
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
        parsed = Document(document, policy)
    except NotPassed as problem:
        raise EvidenceError(problem.check.reason) from None
    return _read_signature(parsed, policy)


def _read_signature(document: Document, policy: ValidationPolicy) -> tuple[Signature, Properties | None]:
    try:
        signatures = [read_signature(each, policy) for each in document.signatures]
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
        certificates = [read_certificate(der) for der in signature.certificates]
    except UNREADABLE:
        certificates = []
    issuers = {each.issuer for each in certificates if each.issuer != each.subject}
    leaves = [each for each in certificates if each.subject not in issuers]
    if len(leaves) != 1:
        raise EvidenceError(_("The signature does not carry the certificate of its signer."))
    return [*leaves, *(each for each in certificates if each not in leaves)]


def _timestamp(name: str, namespace: str, token: bytes) -> str:
    prefix = name.partition(":")[0]
    encapsulated = _encapsulated("EncapsulatedTimeStamp", [token], declared=prefix == "xades")
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


def _encapsulated(name: str, values: Iterable[bytes], *, declared: bool = True) -> str:
    declaration = "" if declared else f' xmlns:xades="{XADES}"'
    return "".join(f"<xades:{name}{declaration}>{_base64(value)}</xades:{name}>" for value in values)


def _dumped(held: Evidence | Renewal, put: Callable[[bytes], Any]) -> dict[str, Any]:
    return {
        "timestamp": put(held.timestamp),
        "certificates": [put(der) for der in held.certificates],
        "revocation_lists": [put(der) for der in held.revocation_lists],
        "ocsp_responses": [put(der) for der in held.ocsp_responses],
    }


def _loaded(dumped: Mapping[str, Any], get: Callable[[Any], bytes]) -> dict[str, Any]:
    return {
        "timestamp": get(dumped["timestamp"]),
        "certificates": tuple(map(get, dumped["certificates"])),
        "revocation_lists": tuple(map(get, dumped["revocation_lists"])),
        "ocsp_responses": tuple(map(get, dumped.get("ocsp_responses", ()))),
    }


def _known(certificates: Iterable[bytes]) -> list[x509.Certificate]:
    known = []
    for der in certificates:
        with suppress(*UNREADABLE):
            known.append(read_certificate(der))
    return known
