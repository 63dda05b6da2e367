"""Valid signatures of every producer and shape pass."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree
from signxml import XMLSigner
from signxml.algorithms import CanonicalizationMethod, SignatureConstructionMethod
from signxml.xades import XAdESSigner

from egovdocs.sandbox.authority import IssuedKey
from egovdocs.signing import Indication, TrustStore, sign, validate

JDK = {
    "ec": [
        *(f"c14n-{number}" for number in range(6)),
        *("detached", "detached-xpointer", "enveloping", "xpath", "filter2", "prefix-list"),
        "xpointer-comments",
    ],
    "rsa": [
        *(f"{kind}-{bits}" for kind in ("rsa", "mgf1") for bits in (256, 384, 512)),
        *("pss-parameters", "pss-defaults"),
    ],
}

C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
DS = "http://www.w3.org/2000/09/xmldsig#"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
FILTER2 = "http://www.w3.org/2002/06/xmldsig-filter2"
COUNTERSIGNED = "http://uri.etsi.org/01903#CountersignedSignature"

Fill = Callable[..., bytes]


@pytest.mark.parametrize("name", [name for names in JDK.values() for name in names])
def test_jdk(name: str, jdk: Path, world: Any) -> None:
    report = validate((jdk / f"{name}.xml").read_bytes(), world.lenient)
    assert report.passed, report.text()
    whole = not name.startswith("detached")
    assert report.signatures[0].covers == ("whole" if whole else "part")
    if whole:
        assert report.content is not None
        assert "Қазақ тілі".encode() in report.content
        assert b"SignatureValue" not in report.content
    else:
        assert report.content is None


def _xades(shapes: SimpleNamespace, certificate: x509.Certificate, **changes: Any) -> str:
    return str(
        shapes.signature(
            shapes.enveloped.replace("<ds:Reference ", '<ds:Reference Id="content" '),
            shapes.properties_reference(),
            objects=shapes.properties(certificate, **changes),
        )
    )


SHAPES: dict[str, Callable[[SimpleNamespace, x509.Certificate], str]] = {
    "plain": lambda s, c: f"<a>{s.signature(s.enveloped)}</a>",
    "unprefixed": lambda s, c: f"<a>{s.unprefixed(s.signature(s.enveloped))}</a>",
    "unprefixed, inclusive": lambda s, c: (
        '<a xmlns="urn:a" xmlns:b="urn:b"><b:c/>'
        f"{s.unprefixed(s.signature(s.enveloped, canonicalization=C14N))}</a>"
    ),
    "xml:lang on ancestors": lambda s, c: (
        '<a xml:lang="kk"><b xml:lang="ru" xml:space="preserve">'
        f"{s.signature(s.enveloped, canonicalization=C14N)}</b></a>"
    ),
    "no canonicalisation named": lambda s, c: (
        f"<a>{s.signature(s.reference('', s.transform(DS + 'enveloped-signature')))}</a>"
    ),
    "around the root": lambda s, c: f"<?a b?><!-- c --><a>{s.signature(s.enveloped)}</a><!-- d --><?e?>",
    "Cyrillic names": lambda s, c: f'<д:а xmlns:д="urn:d" д:б="в">{s.signature(s.enveloped)}</д:а>',
    "CDATA and references": lambda s, c: f"<a><![CDATA[<b> & c]]>&#13;&lt;{s.signature(s.enveloped)}</a>",
    "the root by its id": lambda s, c: (
        '<!-- a --><a Id="r">'
        + s.signature(s.reference("#r", s.transform(DS + "enveloped-signature")))
        + "</a><?b?>"
    ),
    "NCALayer": lambda s, c: (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\r\n<a><!-- b --><b>в</b>'
        + s.signature(
            s.reference("", s.transform(DS + "enveloped-signature"), s.transform(C14N + "#WithComments")),
            canonicalization=C14N,
        )
        + "</a>"
    ),
    "two references": lambda s, c: (
        f'<a><b Id="b">1</b>{s.signature(s.enveloped, s.reference("#b", digest=MORE + "sha384"))}</a>'
    ),
    "XPath": lambda s, c: (
        "<a>"
        + s.signature(
            s.reference(
                "",
                s.transform(
                    XPATH, f'<ds:XPath xmlns:x="{DS}">\n not(ancestor-or-self::x:Signature) </ds:XPath>'
                ),
            )
        )
        + "</a>"
    ),
    "XPath Filter 2": lambda s, c: (
        "<a>"
        + s.signature(
            s.reference(
                "",
                s.transform(
                    FILTER2,
                    f'<f:XPath xmlns:f="{FILTER2}" Filter="subtract">/descendant::ds:Signature</f:XPath>',
                ),
                s.transform(EXCLUSIVE),
            )
        )
        + "</a>"
    ),
    "XAdES": lambda s, c: f"<a>{_xades(s, c)}</a>",
    "XAdES with a data object": lambda s, c: (
        "<a>"
        + _xades(
            s,
            c,
            data='<xades:SignedDataObjectProperties><xades:DataObjectFormat ObjectReference="#content">'
            "<xades:MimeType>text/xml</xades:MimeType></xades:DataObjectFormat></xades:SignedDataObjectProperties>",
        )
        + "</a>"
    ),
    "XAdES with issuer and number": lambda s, c: (
        "<a>"
        + _xades(
            s,
            c,
            more=f"<xades:IssuerSerial><ds:X509IssuerName>{c.issuer.rfc4514_string()}</ds:X509IssuerName>"
            f"<ds:X509SerialNumber>{c.serial_number}</ds:X509SerialNumber></xades:IssuerSerial>",
        )
        + "</a>"
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_libxmlsec(name: str, world: Any, shapes: SimpleNamespace, fill: Fill) -> None:
    document = fill(SHAPES[name](shapes, world.person.certificate))
    report = validate(document, world.policy())
    assert report.passed, report.text()
    assert report.signatures[0].covers == "whole"
    assert report.signatures[0].level == ("XAdES-B" if "XAdES" in name else "XML-DSig")
    assert report.content is not None
    assert b"Signature" not in report.content
    assert report.signatures[0].signer is not None
    assert report.signatures[0].signer.iin == "900101300017"


@pytest.mark.parametrize("name", ["plain", "unprefixed, inclusive", "NCALayer", "XAdES"])
def test_every_allowed_byte_of_content_counts(
    name: str, world: Any, shapes: SimpleNamespace, fill: Fill
) -> None:
    document = fill(SHAPES[name](shapes, world.person.certificate).replace("<a", "<a x='1'", 1))
    changed = document.replace(b'x="1"', b'x="2"')
    assert changed != document
    report = validate(changed, world.policy())
    assert (report.indication, report.sub_indication) == ("TOTAL_FAILED", "HASH_FAILURE")
    assert report.content is None


def test_line_ends_written_as_references(world: Any, shapes: SimpleNamespace, fill: Fill) -> None:
    document = fill(f"<a>{shapes.signature(shapes.enveloped, canonicalization=C14N)}</a>")
    root = etree.fromstring(document)
    value = root.find(f".//{{{DS}}}SignatureValue")
    assert value is not None
    assert value.text is not None
    value.text = "\r\n".join(value.text.split())
    certificate = root.find(f".//{{{DS}}}X509Certificate")
    assert certificate is not None
    assert certificate.text is not None
    certificate.text = "\r\n" + "\r\n".join(certificate.text.split()) + "\r\n"
    rewritten = etree.tostring(root)
    assert b"&#13;" in rewritten
    assert validate(rewritten, world.policy()).passed


PARTS: dict[str, Callable[[SimpleNamespace], str]] = {
    "detached": lambda s: f'<a xml:lang="kk"><b Id="b">в</b>{s.signature(s.reference("#b"))}</a>',
    "by xpointer": lambda s: (
        '<a><b Id="b"><!-- c --></b>' + s.signature(s.reference("#xpointer(id(&apos;b&apos;))")) + "</a>"
    ),
    "nested, enveloped": lambda s: (
        '<a><b Id="b">в'
        + s.signature(s.reference("#b", s.transform(DS + "enveloped-signature"), s.transform(EXCLUSIVE)))
        + "</b><c/></a>"
    ),
    "base64": lambda s: (
        f'<a><b Id="b">0JA=</b>{s.signature(s.reference("#b", s.transform(DS + "base64")))}</a>'
    ),
}


@pytest.mark.parametrize("name", PARTS)
def test_a_part(name: str, world: Any, shapes: SimpleNamespace, fill: Fill) -> None:
    document = fill(PARTS[name](shapes))
    report = validate(document, world.lenient)
    assert report.passed, report.text()
    assert report.signatures[0].covers == "part"
    assert report.signatures[0].covered
    assert report.content is None
    strict = validate(document, world.policy())
    assert (strict.indication, strict.sub_indication) == ("INDETERMINATE", "SIG_CONSTRAINTS_FAILURE")
    assert strict.signatures[0].covered == ()


ENVELOPING: dict[str, Callable[[SimpleNamespace], str]] = {
    "object": lambda s: s.signature(
        s.reference("#o"), objects='<ds:Object Id="o"><b xmlns="">в</b></ds:Object>'
    ),
    "child": lambda s: s.signature(s.reference("#b"), objects='<ds:Object><b Id="b">в</b></ds:Object>'),
}


@pytest.mark.parametrize("name", ENVELOPING)
def test_enveloping(name: str, world: Any, shapes: SimpleNamespace, fill: Fill) -> None:
    report = validate(fill(ENVELOPING[name](shapes)), world.policy())
    assert report.passed, report.text()
    assert report.content is not None
    assert etree.fromstring(report.content).text == "в"


def test_parallel_signatures(world: Any, shapes: SimpleNamespace, fill: Fill) -> None:
    apart = shapes.transform(XPATH, "<ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath>")
    document = "<a>в{}{}</a>".format(
        *(shapes.signature(shapes.reference("", apart), identifier=name) for name in ("one", "two"))
    )
    report = validate(fill(document), world.policy())
    assert report.passed, report.text()
    assert [each.covers for each in report.signatures] == ["whole", "whole"]
    assert report.content == "<a>в</a>".encode()


def test_a_counter_signature_is_reported_as_such(world: Any, shapes: SimpleNamespace, fill: Fill) -> None:
    counter = shapes.signature(
        shapes.reference("#sig-value", shapes.transform(EXCLUSIVE), attributes=f'Type="{COUNTERSIGNED}"'),
        identifier="counter",
    )
    unsigned = (
        "<xades:UnsignedProperties><xades:UnsignedSignatureProperties><xades:CounterSignature>"
        f"{counter}</xades:CounterSignature></xades:UnsignedSignatureProperties></xades:UnsignedProperties>"
    )
    document = fill(f"<a>{_xades(shapes, world.person.certificate, unsigned=unsigned)}</a>")
    report = validate(document, world.policy())
    assert report.passed, report.text()
    assert [each.counter_signature for each in report.signatures] == [False, True]
    assert report.signatures[1].passed
    assert report.content == b"<a></a>"


@pytest.mark.parametrize(
    ("added", "checked"),
    [
        (("SignatureTimeStamp",), ["failed"]),
        (("SignatureTimeStamp", "CertificateValues", "RevocationValues"), ["failed"]),
        (("CertificateValues", "RevocationValues"), []),
    ],
)
def test_a_level_is_only_what_was_verified(
    added: tuple[str, ...], checked: list[str], world: Any, shapes: SimpleNamespace, fill: Fill
) -> None:
    unsigned = (
        "<xades:UnsignedProperties><xades:UnsignedSignatureProperties>"
        + "".join(f"<xades:{name}/>" for name in added)
        + "</xades:UnsignedSignatureProperties></xades:UnsignedProperties>"
    )
    document = fill(f"<a>{_xades(shapes, world.person.certificate, unsigned=unsigned)}</a>")
    report = validate(document, world.policy())
    assert report.passed
    (signature,) = report.signatures
    assert signature.level == "XAdES-B"
    assert [check.status for check in signature.checks if check.name == "timestamp"] == checked
    # A time-stamp nobody has checked proves no time.
    assert signature.proven_time is None


def test_several_certificates_in_any_order(world: Any, shapes: SimpleNamespace, fill: Fill) -> None:
    document = fill(f"<a>{shapes.signature(shapes.enveloped)}</a>")
    root = etree.fromstring(document)
    data = next(root.iter(f"{{{DS}}}X509Data"))
    for each in (world.root, world.ca):
        certificate = etree.Element(f"{{{DS}}}X509Certificate")
        certificate.text = base64.b64encode(each.certificate.public_bytes(Encoding.DER)).decode()
        data.insert(0, certificate)
    policy = world.policy(trust=TrustStore([world.root.certificate], [world.root.crl(), world.ca.crl()]))
    assert not validate(document, policy).passed
    report = validate(etree.tostring(root), policy)
    assert report.passed, report.text()
    assert report.signatures[0].certificate == world.person.certificate


@pytest.mark.parametrize("canonicalization", list(CanonicalizationMethod))
def test_signxml(canonicalization: CanonicalizationMethod, world: Any) -> None:
    key = world.person
    pem = key.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    signer = XMLSigner(signature_algorithm="ecdsa-sha256", c14n_algorithm=canonicalization)
    root = etree.fromstring('<a xmlns="urn:a"><b>в</b></a>')
    signed = signer.sign(root, key=pem, cert=[key.certificate])
    report = validate(etree.tostring(signed), world.policy())
    assert report.passed, report.text()


def test_signxml_xades(world: Any) -> None:
    key = world.person
    pem = key.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    signer = XAdESSigner(
        method=SignatureConstructionMethod.enveloped,
        signature_algorithm="ecdsa-sha256",
        c14n_algorithm=CanonicalizationMethod.CANONICAL_XML_1_1,
    )
    signed = signer.sign(etree.fromstring("<a>в</a>"), key=pem, cert=[key.certificate])
    report = validate(etree.tostring(signed), world.policy())
    assert report.passed, report.text()
    assert report.signatures[0].level == "XAdES-B"


CURVES = [
    (ec.SECP384R1(), "ecdsa-sha384"),
    (ec.SECP521R1(), "ecdsa-sha512"),
    (ec.BrainpoolP256R1(), "ecdsa-sha256"),
    (ec.BrainpoolP384R1(), "ecdsa-sha384"),
]


def self_signed(key: Any, **usage: bool) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Сам себе")])
    now = datetime.now(UTC)
    flags = dict.fromkeys(
        [
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ],
        False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.KeyUsage(**{**flags, **usage}), critical=True)
        .sign(key, hashes.SHA256())
    )


@pytest.mark.parametrize(("curve", "method"), CURVES)
def test_curves(
    curve: ec.EllipticCurve, method: str, world: Any, shapes: SimpleNamespace, fill: Fill
) -> None:
    key = ec.generate_private_key(curve)
    certificate = self_signed(key, content_commitment=True)
    document = fill(
        f"<a>{shapes.signature(shapes.enveloped, method=MORE + method)}</a>", IssuedKey(key, certificate, ())
    )
    report = validate(document, world.policy(trust=TrustStore([certificate])))
    assert report.passed, report.text()


def test_a_certificate_trusted_as_itself_need_not_be_in_the_document(
    world: Any, shapes: SimpleNamespace, fill: Fill
) -> None:
    template = shapes.signature(shapes.enveloped, key_info="<ds:KeyName>someone</ds:KeyName>")
    document = fill(f"<a>{template}</a>")
    report = validate(document, world.policy(trust=TrustStore([world.person.certificate])))
    assert report.passed, report.text()
    assert report.signatures[0].certificate == world.person.certificate
    unknown = validate(document, world.policy())
    assert unknown.sub_indication == "NO_SIGNING_CERTIFICATE_FOUND"


def test_our_own(world: Any) -> None:
    document = '<?a b?><п:д xmlns:п="urn:p" xml:lang="kk"><!-- c -->Өтініш</п:д>'.encode()
    report = validate(sign(document, world.person.signer), world.policy())
    assert report.indication is Indication.TOTAL_PASSED
    assert report.content == '<?a b?>\n<п:д xmlns:п="urn:p" xml:lang="kk">Өтініш</п:д>'.encode()
