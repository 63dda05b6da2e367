"""Valid documents, in the variety that XML Signature and XAdES allow."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from itertools import product

from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lxml import etree

from egovdocs.signing import sign

from .. import templates
from .maker import (
    C14N,
    COUNTERSIGNED,
    DS,
    ENC,
    ENVELOPED,
    EXCLUSIVE,
    MORE,
    RSA,
    XADES,
    Make,
    Maker,
    certificate_text,
    filter2,
    xpath,
)

DS11 = "http://www.w3.org/2009/xmldsig11#"
MORE_2007 = "http://www.w3.org/2007/05/xmldsig-more#"
FORMS = {
    "1.0": C14N,
    "1.0, comments": f"{C14N}#WithComments",
    "1.1": "http://www.w3.org/2006/12/xml-c14n11",
    "1.1, comments": "http://www.w3.org/2006/12/xml-c14n11#WithComments",
    "exclusive": EXCLUSIVE,
    "exclusive, comments": f"{EXCLUSIVE}WithComments",
}
NO_SIGNATURES = xpath("not(ancestor-or-self::ds:Signature)")
RICH = (
    '<!--а--><?p а?><r xmlns="urn:d" xmlns:u="urn:u" xml:lang="kk" xml:base="http://x/y/"'
    ' xml:space="preserve" б="1"><!--б--><e xmlns="" xml:base="../z/" xml:id="q">т<![CDATA[<&]]>&#13;</e>{}'
    '<f xmlns:g="urn:g" g:h="&lt;"/></r><!--в--><?p в?>'
)
PART = '<s Id="p" xml:lang="ru" xml:base="k"><t/><!--г--></s>'


def _form(form: str, other: str) -> Make:
    return lambda m: m.signed(m.whole(ENVELOPED, form), canonicalization=other, template=RICH)


def _rich(*transforms: tuple[str, str] | str, uri: str = "", before: str = "") -> Make:
    return lambda m: m.signed(
        m.whole(*transforms, uri=uri), template=RICH.format(before + "{}"), canonicalization=C14N
    )


def _enveloping(form: str) -> Make:
    held = '<ds:Object Id="o" MimeType="text/xml" Encoding="UTF-8"><x xmlns="urn:x">д<!--д--></x></ds:Object>'
    return lambda m: m.signed(m.whole(form, uri="#o"), objects=held, template="{}")


def _placed(template: str) -> Make:
    return lambda m: m.signed(m.whole(ENVELOPED, C14N), canonicalization=C14N, template=template)


def _prefixed(prefix: str) -> Make:
    def make(maker: Maker) -> bytes:
        template = templates.signature(templates.ENVELOPED)
        return maker.fill(f"<a>{template.replace('ds:', f'{prefix}:').replace(':ds=', f':{prefix}=')}</a>")

    return make


def _declared_above(maker: Maker) -> bytes:
    template = templates.signature(templates.ENVELOPED)
    return maker.fill(
        f"<a>{template}</a>".replace(f' xmlns:ds="{DS}"', "").replace("<a>", f'<a xmlns:ds="{DS}">')
    )


def _declared_above_as_default(maker: Maker) -> bytes:
    template = templates.unprefixed(templates.signature(templates.ENVELOPED))
    return maker.fill(f'<d:a xmlns:d="urn:d" xmlns="{DS}">{template}</d:a>')


def _key_info(inside: str | Callable[[Maker], str]) -> Make:
    def make(maker: Maker) -> bytes:
        key_info = inside if isinstance(inside, str) else inside(maker)
        return maker.fill(f"<a>{templates.signature(templates.ENVELOPED, key_info=key_info)}</a>")

    return make


X509 = "<ds:X509Data><ds:X509Certificate/></ds:X509Data>"


def _public(maker: Maker, encoding: Encoding, form: PublicFormat) -> str:
    return base64.b64encode(maker.world.person.key.public_key().public_bytes(encoding, form)).decode()


def _ec_key_value(maker: Maker) -> str:
    point = _public(maker, Encoding.X962, PublicFormat.UncompressedPoint)
    return (
        f'<ds:KeyValue><e:ECKeyValue xmlns:e="{DS11}"><e:NamedCurve URI="urn:oid:1.2.840.10045.3.1.7"/>'
        f"<e:PublicKey>{point}</e:PublicKey></e:ECKeyValue></ds:KeyValue>{X509}"
    )


def _encoded_key(maker: Maker) -> str:
    encoded = _public(maker, Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f'<e:DEREncodedKeyValue xmlns:e="{DS11}">{encoded}</e:DEREncodedKeyValue>{X509}'


def _of_crl(maker: Maker) -> str:
    crl = base64.b64encode(maker.world.ca.crl()).decode()
    return f"<ds:X509Data><ds:X509Certificate/><ds:X509CRL>{crl}</ds:X509CRL></ds:X509Data>"


def _authority_apart(maker: Maker) -> str:
    text = certificate_text(maker.world.ca)
    return f"{X509}<ds:X509Data><ds:X509Certificate>{text}</ds:X509Certificate></ds:X509Data>"


def _respelt(width: int, between: str) -> Make:
    """Return our own signature with its values in lines."""

    def change(root: etree._Element) -> None:
        for name in ("SignatureValue", "X509Certificate"):
            for element in root.iter(f"{{{DS}}}{name}"):
                text = "".join((element.text or "").split())
                element.text = between + between.join(re.findall(f".{{1,{width}}}", text)) + between

    return lambda m: m.changed(change)


def _reencoded(encoding: str) -> Make:
    return lambda m: etree.tostring(etree.fromstring(m.ours), encoding=encoding, xml_declaration=True)


def _by_rsa(method: str, key_info: str = X509) -> Make:
    return lambda m: m.fill(
        f"<a>{templates.signature(templates.ENVELOPED, method=method, key_info=key_info)}</a>",
        m.world.rsa_person,
    )


def _parallel(*transforms: tuple[str, str] | str, number: int = 3) -> Make:
    def make(maker: Maker) -> bytes:
        each = (
            templates.signature(maker.whole(*transforms), identifier=f"s{which}") for which in range(number)
        )
        return maker.fill(f"<a>в{''.join(each)}</a>")

    return make


def _parallel_xades(maker: Maker) -> bytes:
    certificate = maker.world.person.certificate
    each = (
        templates.signature(
            maker.whole(NO_SIGNATURES),
            templates.properties_reference(which),
            objects=templates.properties(certificate, which),
            identifier=which,
        )
        for which in ("one", "two")
    )
    return maker.fill(f"<a>в{''.join(each)}</a>")


def _parallel_detached(maker: Maker) -> bytes:
    to_b, to_c = (templates.reference(f"#{which}") for which in "bc")
    each = (
        templates.signature(*references, identifier=f"s{number}")
        for number, references in enumerate(([to_b], [to_c], [to_b, to_c]))
    )
    return maker.fill(f'<a><b Id="b"/><c Id="c"/>{"".join(each)}</a>')


def _serial(maker: Maker) -> bytes:
    first = maker.signed(maker.whole(NO_SIGNATURES), identifier="first")
    second = templates.signature(templates.ENVELOPED, identifier="second")
    return maker.fill(first.replace(b"</a>", f"{second}</a>".encode()), which="second")


def _countersigned(method: str, *transforms: str) -> Make:
    def make(maker: Maker) -> bytes:
        to_value = templates.reference(
            "#sig-value", *map(templates.transform, transforms), attributes=f'Type="{COUNTERSIGNED}"'
        )
        counter = templates.signature(to_value, identifier="counter", method=method)
        held = f"<xades:CounterSignature>{counter}</xades:CounterSignature>"
        for name in ("UnsignedSignatureProperties", "UnsignedProperties"):
            held = f"<xades:{name}>{held}</xades:{name}>"
        document = maker.fill(f"<a>в{maker.xades(unsigned=held)}</a>", which="sig")
        key = maker.world.rsa_person if method == RSA else maker.world.person
        return maker.fill(document, key, which="counter")

    return make


def _manifest(uri: str, *transforms: str) -> Make:
    def make(maker: Maker) -> bytes:
        listed = maker.whole(*transforms, uri=uri)
        held = f'<ds:Object><ds:Manifest Id="m">{listed}</ds:Manifest></ds:Object>'
        reference = templates.reference("#m", attributes=f'Type="{DS}Manifest"')
        return maker.signed(reference, objects=held, template='<a><b Id="b"/>{}</a>')

    return make


PROPERTIES = (
    '<ds:Object><ds:SignatureProperties Id="own"><ds:SignatureProperty Target="#sig"><t xmlns="urn:t">х</t>'
    "</ds:SignatureProperty></ds:SignatureProperties></ds:Object>"
)


def _with_properties(uri: str, held: str, template: str, *transforms: str) -> Make:
    def make(maker: Maker) -> bytes:
        own = templates.reference("#own", attributes=f'Type="{DS}SignatureProperties"')
        return maker.signed(
            maker.whole(*transforms, uri=uri), own, objects=held + PROPERTIES, template=template
        )

    return make


def _listed(prefixes: str) -> tuple[str, str]:
    return EXCLUSIVE, f'<e:InclusiveNamespaces xmlns:e="{EXCLUSIVE}" PrefixList="{prefixes}"/>'


def _prefixes_of_signed_info(maker: Maker) -> bytes:
    method = f'<ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"'
    template = templates.signature(templates.ENVELOPED).replace(
        f"{method}/>", f"{method}>{_listed('xs ds')[1]}</ds:CanonicalizationMethod>"
    )
    return maker.fill(f'<a xmlns:xs="urn:xs">{template}</a>')


def xades(
    *, after: str = "", data: str = "", replace: tuple[str, str] = ("", ""), template: str = "<a>в{}</a>"
) -> Make:
    """Return a maker of XAdES with more signed properties and one replacement of text."""

    def make(maker: Maker) -> bytes:
        content = templates.ENVELOPED.replace("<ds:Reference ", '<ds:Reference Id="c" ')
        certificate = "</xades:SigningCertificateV2>"
        document = template.format(
            templates.signature(
                content,
                templates.properties_reference(),
                objects=templates.properties(maker.world.person.certificate, data=data).replace(
                    certificate, certificate + after
                ),
            )
        )
        assert replace[0] in document
        return maker.fill(document.replace(*replace) if replace[0] else document)

    return make


def _issuer(maker: Maker) -> str:
    certificate = maker.world.person.certificate
    issuer = asn1_x509.Name.load(certificate.issuer.public_bytes())
    serial = tsp.IssuerSerial(
        {
            "issuer": [asn1_x509.GeneralName({"directory_name": issuer})],
            "serial_number": certificate.serial_number,
        }
    )
    return f"<xades:IssuerSerialV2>{base64.b64encode(serial.dump()).decode()}</xades:IssuerSerialV2>"


def _issuer_the_other_way(maker: Maker) -> str:
    certificate = maker.world.person.certificate
    name = ", ".join(each.rfc4514_string() for each in certificate.issuer.rdns)
    return (
        f"<xades:IssuerSerial><ds:X509IssuerName>{name}</ds:X509IssuerName><ds:X509SerialNumber>"
        f"{certificate.serial_number}</ds:X509SerialNumber></xades:IssuerSerial>"
    )


def _issuer_in_der(maker: Maker) -> str:
    """Return a document whose issuer has an attribute in DER, as the JDK and the European DSS write unknown
    types.
    """
    certificate = maker.world.person.certificate
    country = certificate.issuer.get_attributes_for_oid(x509.NameOID.COUNTRY_NAME)[0].value
    name = certificate.issuer.rfc4514_string().replace(
        f"C={country}", f"2.5.4.6=#1302{str(country).encode().hex()}"
    )
    assert "#1302" in name
    return (
        f"<xades:IssuerSerial><ds:X509IssuerName>{name}</ds:X509IssuerName><ds:X509SerialNumber>"
        f"{certificate.serial_number}</ds:X509SerialNumber></xades:IssuerSerial>"
    )


def _weak_beside(maker: Maker) -> bytes:
    """Return a document that names another certificate by SHA-1, beside the signer's by SHA-256."""
    other = (
        f'<xades:Cert><xades:CertDigest><ds:DigestMethod Algorithm="{DS}sha1"/>'
        "<ds:DigestValue>AAAA</ds:DigestValue></xades:CertDigest></xades:Cert>"
    )
    start = "<xades:SigningCertificateV2>"
    return maker.fill(f"<a>{maker.xades()}</a>".replace(start, start + other))


def _xades_enveloping(held: str, uri: str, join: str) -> Make:
    def make(maker: Maker) -> bytes:
        properties = templates.properties(maker.world.person.certificate)
        return maker.signed(
            templates.reference(uri),
            templates.properties_reference(),
            objects=properties.replace("<ds:Object>", held + join),
            template="{}",
        )

    return make


OBJECT = "<xades:SignedDataObjectProperties>{}</xades:SignedDataObjectProperties>"
FORMAT = OBJECT.format('<xades:DataObjectFormat ObjectReference="#c">{}</xades:DataObjectFormat>')
COMMITMENT = OBJECT.format(
    "<xades:CommitmentTypeIndication><xades:CommitmentTypeId><xades:Identifier>urn:x</xades:Identifier>"
    "</xades:CommitmentTypeId>{}</xades:CommitmentTypeIndication>"
)
UNREAD = (
    "<xades:UnsignedProperties><xades:UnsignedSignatureProperties><xades:CompleteCertificateRefs/>"
    "<xades:SigAndRefsTimeStamp/></xades:UnsignedSignatureProperties></xades:UnsignedProperties>"
)
TIME = "2026-01-02T03:04:05.678+05:00"
WHOLE_DATA = '<ds:Object Id="o"><x xmlns="">д</x></ds:Object>'

VARIANTS: dict[str, Make] = {
    # Canonical forms of the document, of SignedInfo, of a part, of what is enveloped
    **{f"form {one} / {two}": _form(FORMS[one], FORMS[two]) for one, two in product(FORMS, FORMS)},
    **{f"part, {name}": _rich(form, uri="#p", before=PART) for name, form in FORMS.items()},
    **{
        f"part by xpointer, {name}": _rich(form, uri="#xpointer(id('p'))", before=PART)
        for name, form in FORMS.items()
    },
    **{
        f"whole by xpointer, {name}": _rich(ENVELOPED, form, uri="#xpointer(/)")
        for name, form in FORMS.items()
    },
    **{f"enveloping, {name}": _enveloping(form) for name, form in FORMS.items()},
    **{f"XPath, {name}": _rich(NO_SIGNATURES, form) for name, form in FORMS.items()},
    **{
        f"Filter 2, {name}": _rich(filter2("/descendant::ds:Signature"), form) for name, form in FORMS.items()
    },
    **{f"canonical twice, {name}": _rich(ENVELOPED, form, C14N) for name, form in FORMS.items()},
    # Where the signature is
    "before everything": _placed("<a>{}<b/>т</a>"),
    "within": _placed("<a><b><c>{}</c></b>т</a>"),
    "between texts": _placed("<a>до<!--x-->{}после<![CDATA[]]></a>"),
    "beside instructions": _placed("<a><?p?>{}<!--c--></a>"),
    "on a line of its own": _placed("<a>\r\n  {}\r\n</a>"),
    "in the depth": _placed("<a>" * 100 + "{}" + "</a>" * 100),
    # How names are written
    **{f"prefix {prefix}": _prefixed(prefix) for prefix in ("dsig", "SIGN", "п", "_")},
    "a prefix from above": _declared_above,
    "unprefixed, its namespace above": _declared_above_as_default,
    "an identifier in Kazakh": lambda m: m.signed(
        m.whole(EXCLUSIVE, uri="#бөлім"), template='<a><b Id="бөлім">т</b>{}</a>'
    ),
    "numbers of rows that repeat": lambda m: m.signed(
        m.whole(ENVELOPED),
        template='<a xmlns:w="urn:w"><t><r id="1" w:id="1"/></t><t><r id="1" w:id="1"/></t>{}</a>',
    ),
    # KeyInfo
    "subject, serial number, key identifier": _key_info(
        "<ds:X509Data><ds:X509SubjectName/><ds:X509IssuerSerial/><ds:X509SKI/><ds:X509Certificate/></ds:X509Data>"
    ),
    "several X509Data": _key_info(f"<ds:X509Data><ds:X509SubjectName/></ds:X509Data>{X509}"),
    "its authority in another X509Data": _key_info(_authority_apart),
    "a name and a certificate": _key_info(f"<ds:KeyName>я</ds:KeyName>{X509}"),
    "a token reference beside it": _key_info(f'<x:SecurityTokenReference xmlns:x="urn:x"/>{X509}'),
    "a revocation list in KeyInfo": _key_info(_of_crl),
    "ECKeyValue": _key_info(_ec_key_value),
    "DEREncodedKeyValue": _key_info(_encoded_key),
    "KeyValue of RFC 4050": _key_info(
        f'<ds:KeyValue><e:ECDSAKeyValue xmlns:e="{MORE}"/></ds:KeyValue>{X509}'
    ),
    "RSAKeyValue": _by_rsa(RSA, f"<ds:KeyValue/>{X509}"),
    "KeyInfo signed too": lambda m: m.fill(
        "<a>"
        + templates.signature(templates.ENVELOPED, templates.reference("#k")).replace(
            "<ds:KeyInfo>", '<ds:KeyInfo Id="k">'
        )
        + "</a>"
    ),
    # Base64
    "lines of 64": _respelt(64, "\n"),
    "lines of 76 with CR LF": _respelt(76, "\r\n"),
    "lines with tabs": _respelt(10, "\t "),
    # Objects
    "signature properties": _with_properties("", "", "<a>в{}</a>", ENVELOPED),
    "signature properties, enveloping": _with_properties("#o", WHOLE_DATA, "{}"),
    "base64 enveloped": lambda m: m.signed(
        m.whole(f"{DS}base64", uri="#o"),
        objects=f'<ds:Object Id="o" Encoding="{DS}base64">0JA=</ds:Object>',
        template="{}",
    ),
    "a text enveloped": lambda m: m.signed(
        m.whole(uri="#o"), objects='<ds:Object Id="o">текст</ds:Object>', template="{}"
    ),
    "two objects enveloped": lambda m: m.signed(
        m.whole(uri="#o"),
        m.whole(uri="#p"),
        objects='<ds:Object Id="o"><x/></ds:Object><ds:Object Id="p"><y/></ds:Object>',
        template="{}",
    ),
    "manifest of a part": _manifest("#b"),
    "manifest of the whole": _manifest("", ENVELOPED),
    # Transforms
    "an empty PrefixList": lambda m: m.signed(m.whole(ENVELOPED, _listed(""))),
    "a PrefixList of many": lambda m: m.signed(
        m.whole(ENVELOPED, _listed(" xs  xsi nope #default ")),
        template='<a xmlns="urn:d" xmlns:xs="urn:xs" xmlns:xsi="urn:xsi">{}</a>',
    ),
    "a PrefixList of SignedInfo": _prefixes_of_signed_info,
    "Filter 2 with two expressions": lambda m: m.signed(
        m.whole(
            (
                filter2("")[0],
                filter2("here()/ancestor::ds:Signature[1]")[1] + filter2(" /descendant::ds:Signature ")[1],
            )
        )
    ),
    "enveloped-signature and XPath": lambda m: m.signed(m.whole(ENVELOPED, NO_SIGNATURES, EXCLUSIVE)),
    # Several signatures
    "parallel by Filter 2": _parallel(filter2("/descendant::ds:Signature")),
    "thirty-two signatures": _parallel(NO_SIGNATURES, number=32),
    "parallel XAdES": _parallel_xades,
    "parallel, detached": _parallel_detached,
    "one after another": _serial,
    "RSA countersigns EC": _countersigned(RSA),
    "counter-signature, inclusive": _countersigned(f"{MORE}ecdsa-sha256", C14N),
    # Encodings
    **{
        f"encoded {name}": _reencoded(name)
        for name in ("UTF-16", "UTF-16LE", "UTF-16BE", "windows-1251", "koi8-r", "iso-8859-5", "us-ascii")
    },
    "signed with CR LF": lambda m: sign("<a>\r\n<b>т</b>\r\n</a>".encode(), m.world.person.signer),
    # Algorithms
    **{
        f"{curve} by {method}": lambda m, curve=curve, method=method: m.by(curve, method)
        for curve, method in (("P-384", "ecdsa-sha512"), ("P-521", "ecdsa-sha384"), ("P-384", "ecdsa-sha256"))
    },
    **{
        f"SHA3-{bits} digest": lambda m, bits=bits: m.signed(
            m.whole(ENVELOPED, digest=f"{MORE_2007}sha3-{bits}")
        )
        for bits in (256, 384, 512)
    },
    **{f"libxmlsec, MGF1 {bits}": _by_rsa(f"{MORE_2007}sha{bits}-rsa-MGF1") for bits in (256, 384, 512)},
    # XAdES
    "a data object's format in full": xades(
        data=FORMAT.format(
            "<xades:Description>о</xades:Description><xades:ObjectIdentifier>"
            '<xades:Identifier Qualifier="OIDAsURN">urn:oid:1.2</xades:Identifier></xades:ObjectIdentifier>'
            "<xades:MimeType>text/xml</xades:MimeType><xades:Encoding>UTF-8</xades:Encoding>"
        )
    ),
    "a commitment about one thing": xades(
        data=COMMITMENT.format("<xades:ObjectReference>#c</xades:ObjectReference>")
    ),
    "a commitment about all": xades(data=COMMITMENT.format("<xades:AllSignedDataObjects/>")),
    "a time-stamp of the data": xades(
        data=OBJECT.format(
            "<xades:AllDataObjectsTimeStamp><xades:EncapsulatedTimeStamp>AAAA</xades:EncapsulatedTimeStamp>"
            "</xades:AllDataObjectsTimeStamp>"
        )
    ),
    "policy implied": xades(
        after="<xades:SignaturePolicyIdentifier><xades:SignaturePolicyImplied/></xades:SignaturePolicyIdentifier>"
    ),
    "policy by its digest": xades(
        after="<xades:SignaturePolicyIdentifier><xades:SignaturePolicyId><xades:SigPolicyId><xades:Identifier>"
        "urn:oid:1.2</xades:Identifier></xades:SigPolicyId><xades:SigPolicyHash>"
        f'<ds:DigestMethod Algorithm="{ENC}sha256"/><ds:DigestValue>AAAA</ds:DigestValue>'
        "</xades:SigPolicyHash></xades:SignaturePolicyId></xades:SignaturePolicyIdentifier>"
    ),
    "place and role": xades(
        after="<xades:SignatureProductionPlaceV2><xades:City>Ақтау</xades:City></xades:SignatureProductionPlaceV2>"
        "<xades:SignerRoleV2><xades:ClaimedRoles><xades:ClaimedRole>Директор</xades:ClaimedRole>"
        "</xades:ClaimedRoles></xades:SignerRoleV2>"
    ),
    **{
        f"signed at {time}": xades(replace=(TIME, time))
        for time in ("2026-01-02T03:04:05", "2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05-11:30")
    },
    "no signing time": xades(replace=(f"<xades:SigningTime>{TIME}</xades:SigningTime>", "")),
    "XAdES, unprefixed": lambda m: m.fill(f"<a>{templates.unprefixed(m.xades())}</a>"),
    "XAdES in a default namespace": lambda m: m.fill(
        f"<a>{m.xades()}</a>".replace("<xades:", "<")
        .replace("</xades:", "</")
        .replace("xmlns:xades=", "xmlns=")
    ),
    "XAdES before 1.3.2": lambda m: m.fill(
        f"<a>{m.xades()}</a>".replace(XADES, XADES.replace("3.2", "2.2")).replace(
            "01903#Signed", "01903/v1.2.2#Signed"
        )
    ),
    "issuer and number in DER": lambda m: m.fill(f"<a>{m.xades(more=_issuer(m))}</a>"),
    "the issuer's name the other way round": lambda m: m.fill(
        f"<a>{m.xades(more=_issuer_the_other_way(m))}</a>"
    ),
    "the issuer's name in part in DER": lambda m: m.fill(f"<a>{m.xades(more=_issuer_in_der(m))}</a>"),
    "SHA-512 of the certificate": lambda m: m.fill(
        "<a>{}</a>".format(
            m.xades(
                method=f"{ENC}sha512",
                digest=hashlib.sha512(m.world.person.certificate.public_bytes(Encoding.DER)).digest(),
            )
        )
    ),
    "SHA-1 of a certificate beside it": _weak_beside,
    "unsigned properties unread": lambda m: m.fill(f"<a>{m.xades(unsigned=UNREAD)}</a>"),
    "XAdES, enveloping": _xades_enveloping(WHOLE_DATA, "#o", "<ds:Object>"),
    "XAdES, enveloping in one object": _xades_enveloping('<ds:Object><x xmlns="" Id="x">д</x>', "#x", ""),
    "XAdES, detached": lambda m: m.fill(f'<a><b Id="b"/>{m.xades(data=(templates.reference("#b"),))}</a>'),
}
"""The documents by what is special about them."""
