"""XAdES qualifying properties, read and checked (ETSI EN 319 132-1, 5)."""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from lxml import etree
from translationstring import TranslationString, TranslationStringFactory

from ..crypto.algorithms import DIGESTS
from ..indications import NotPassed, SubIndication
from ..namespaces import DS, XADES
from ..policy import ValidationPolicy
from ..xmldsig.parsed_document import ParsedDocument
from ..xmldsig.references import VerifiedReference, check_digest_method
from ..xmldsig.structure import Signature, decode_value, value_text

_ = TranslationStringFactory("egovdocs")

_SIGNED_PROPERTIES_TYPE = "http://uri.etsi.org/01903#SignedProperties"

_X = f"{{{XADES}}}"
_ATTRIBUTE_NAMES = {
    "SN": NameOID.SURNAME,
    "GN": NameOID.GIVEN_NAME,
    "G": NameOID.GIVEN_NAME,
    "T": NameOID.TITLE,
    "S": NameOID.STATE_OR_PROVINCE_NAME,
    "serialNumber": NameOID.SERIAL_NUMBER,
    "SERIALNUMBER": NameOID.SERIAL_NUMBER,
    "E": NameOID.EMAIL_ADDRESS,
    "EMAILADDRESS": NameOID.EMAIL_ADDRESS,
    "emailAddress": NameOID.EMAIL_ADDRESS,
}
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_OUTDATED = re.compile(r"\{http://uri\.etsi\.org/01903/v1\.[12]\.\d#\}QualifyingProperties")
_DS = f"{{{DS}}}"


@dataclass(frozen=True, slots=True)
class QualifyingProperties:
    """The qualifying properties of a signature.

    :ivar signed: the SignedProperties element.
    :ivar certificates: the Cert elements of each property that names the signer's certificate.
    :ivar unsigned: the UnsignedSignatureProperties element.
    """

    element: etree._Element
    signed: etree._Element
    signing_time: datetime | None
    certificates: tuple[tuple[etree._Element, ...], ...]
    unsigned: etree._Element | None


def read_properties(signature: Signature) -> QualifyingProperties | None:
    """Return the signature's qualifying properties; None when it is a plain XML signature.

    :raises NotPassed: there are several, or they are another signature's, or malformed (ETSI EN 319 132-1,
        4.3).
    """
    if any(holder.find(f"{_X}QualifyingPropertiesReference") is not None for holder in signature.objects):
        raise _malformed(_("The signature says that its XAdES properties stand elsewhere."))
    found = [
        element
        for holder in signature.objects
        for element in holder.iterchildren(f"{_X}QualifyingProperties")
    ]
    if not found:
        # The QualifyingProperties element is not signed, but the reference to its signed part is.
        if any(reference.type == _SIGNED_PROPERTIES_TYPE for reference in signature.references):
            raise _malformed(_("The signature does not cover its own XAdES properties, or covers others."))
        return None
    if len(found) > 1:
        raise _malformed(_("The signature has several sets of XAdES properties."))
    (qualifying,) = found
    if signature.id is None or qualifying.get("Target") != f"#{signature.id}":
        raise _malformed(_("The XAdES properties belong to another signature."))
    signed = list(qualifying.iterchildren(f"{_X}SignedProperties"))
    if len(signed) != 1:
        raise _malformed(_("The XAdES properties have no signed part, or several."))
    return QualifyingProperties(
        element=qualifying,
        signed=signed[0],
        signing_time=_signing_time(signed[0]),
        certificates=_certificates(signed[0]),
        unsigned=qualifying.find(f"{_X}UnsignedProperties/{_X}UnsignedSignatureProperties"),
    )


def has_outdated_properties(signature: Signature) -> bool:
    """Return whether a signature has properties of TS 101 903 before version 1.3.2, which have other
    namespaces.
    """
    return any(
        isinstance(child.tag, str) and _OUTDATED.fullmatch(child.tag)
        for holder in signature.objects
        for child in holder
    )


def check_properties(
    properties: QualifyingProperties,
    signature: Signature,
    certificate: x509.Certificate,
    verified: Sequence[VerifiedReference],
    document: ParsedDocument,
    policy: ValidationPolicy,
) -> None:
    """Check that this signature signs the properties, and that they name its certificate and data.

    :raises NotPassed: a check failed.
    """
    assert signature.id is not None
    document.element_by_id(signature.id)
    _check_signed(properties, verified)
    _check_data_objects(properties, signature, document)
    if properties.certificates:
        for named in properties.certificates:
            _check_certificate(named, certificate, policy)
    elif not any(
        each.target.element is signature.key_info for each in verified if signature.key_info is not None
    ):
        raise NotPassed(
            SubIndication.SIG_CONSTRAINTS_FAILURE,
            "properties",
            _("The XAdES properties do not say with whose certificate the signature was made."),
        )


def _check_signed(properties: QualifyingProperties, verified: Sequence[VerifiedReference]) -> None:
    pointing = [each for each in verified if each.reference.type == _SIGNED_PROPERTIES_TYPE]
    elements = [each.target.element for each in pointing]
    # Only as markup: a digest of decoded base64 covers the text, and not the elements around it.
    if elements != [properties.signed] or not pointing[0].plan.is_plain:
        raise _malformed(_("The signature does not cover its own XAdES properties, or covers others."))


def _check_data_objects(
    properties: QualifyingProperties, signature: Signature, document: ParsedDocument
) -> None:
    """Check that properties about data name a reference of the signature (ETSI EN 319 132-1, 5.2.3, 5.2.4 and
    5.2.8.2).
    """
    known = {f"#{reference.id}" for reference in signature.references if reference.id}
    about = f"{_X}SignedDataObjectProperties/{_X}"
    named = [
        *(each.get("ObjectReference") for each in properties.signed.iterfind(f"{about}DataObjectFormat")),
        *map(value_text, properties.signed.iterfind(f"{about}CommitmentTypeIndication/{_X}ObjectReference")),
        *(
            each.get("URI")
            for each in properties.signed.iterfind(f"{about}IndividualDataObjectsTimeStamp/{_X}Include")
        ),
    ]
    for reference in named:
        if reference not in known:
            raise _malformed(_("The XAdES properties describe data that the signature does not cover."))
        document.element_by_id(reference[1:])


def _check_certificate(
    named: Sequence[etree._Element], certificate: x509.Certificate, policy: ValidationPolicy
) -> None:
    """Check that one of the named certificates is the signer's, by its digest and, if given, issuer and
    number (ETSI EN 319 132-1, 5.2.2, SigningCertificateV2; 5.2.1, note, SigningCertificate; EN 319 102-1,
    5.2.3.4).

    Certificates of its path may be named beside it, in any order.
    """
    weak = None
    for cert in named:
        try:
            if _names(cert, certificate, policy):
                return
        except NotPassed as problem:
            if problem.sub_indication is not SubIndication.CRYPTO_CONSTRAINTS_FAILURE:
                raise
            weak = problem
    raise weak or NotPassed(
        SubIndication.NO_SIGNING_CERTIFICATE_FOUND,
        "properties",
        _("The XAdES properties name another certificate than the one the signature was made with."),
    )


def _names(cert: etree._Element, certificate: x509.Certificate, policy: ValidationPolicy) -> bool:
    method, value = (cert.find(f"{_X}CertDigest/{_DS}{name}") for name in ("DigestMethod", "DigestValue"))
    if method is None or value is None:
        raise _malformed(_("The XAdES properties name a certificate without its digest."))
    algorithm = method.get("Algorithm", "")
    check_digest_method(algorithm, policy)
    der = certificate.public_bytes(Encoding.DER)
    same = hmac.compare_digest(DIGESTS[algorithm](der).digest(), decode_value(value))
    return same and _same_issuer(cert, certificate)


def _same_issuer(cert: etree._Element, certificate: x509.Certificate) -> bool:
    name, serial = (
        cert.find(f"{_X}IssuerSerial/{_DS}{each}") for each in ("X509IssuerName", "X509SerialNumber")
    )
    if serial is not None and value_text(serial).lstrip("+0") != str(certificate.serial_number):
        return False
    if name is not None and not _may_match(value_text(name), certificate.issuer):
        return False
    version2 = cert.find(f"{_X}IssuerSerialV2")
    if version2 is None:
        return True
    try:
        named = tsp.IssuerSerial.load(decode_value(version2), strict=True)
        issuer = asn1_x509.Name.load(certificate.issuer.public_bytes())
        return named["serial_number"].native == certificate.serial_number and any(
            name.name == "directory_name" and name.chosen == issuer for name in named["issuer"]
        )
    except (ValueError, TypeError):
        return False


def _may_match(text: str, name: x509.Name) -> bool:
    """Return whether a name written as text can be this name.

    Programs write names in either order, with their own attribute names and encodings, and the digest
    decides. So only a name that can be read and has other values does not match. Values in DER (RFC 4514,
    2.4, which the JDK writes for unknown attributes) are not read.
    """
    if "=#" in text:
        return True
    try:
        written = x509.Name.from_rfc4514_string(text, _ATTRIBUTE_NAMES)
    except ValueError:
        return True
    return _values(written) == _values(name)


def _values(name: x509.Name) -> list[str]:
    return sorted(" ".join(str(attribute.value).split()).casefold() for attribute in name)


def _certificates(signed: etree._Element) -> tuple[tuple[etree._Element, ...], ...]:
    """Return the named certificates by property; each property that is present must name the signer's."""
    return tuple(
        tuple(element.iterchildren(f"{_X}Cert"))
        for name in ("SigningCertificateV2", "SigningCertificate")
        for element in signed.iterfind(f"{_X}SignedSignatureProperties/{_X}{name}")
    )


def _signing_time(signed: etree._Element) -> datetime | None:
    element = signed.find(f"{_X}SignedSignatureProperties/{_X}SigningTime")
    if element is None:
        return None
    text = value_text(element)
    try:
        # Only xs:dateTime: ISO 8601 also has the number of a week and more.
        time = datetime.fromisoformat(text if _DATE_TIME.fullmatch(text) else "")
    except ValueError:
        raise _malformed(_("The claimed signing time is not a time.")) from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _malformed(reason: TranslationString) -> NotPassed:
    return NotPassed(SubIndication.FORMAT_FAILURE, "properties", reason)
