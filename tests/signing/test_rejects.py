"""What is not valid is refused, each for its own reason."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from egovdocs.signing import (
    Coverage,
    Revocation,
    ValidationPolicy,
    ValidationReport,
    sign,
    validate,
)
from egovdocs.signing.crypto import algorithms
from egovdocs.signing.xmldsig.c14n import canonicalize

DS = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
FILTER2 = "http://www.w3.org/2002/06/xmldsig-filter2"

Fill = Callable[..., bytes]


def verdict(report: ValidationReport) -> tuple[str, str | None]:
    check = next(
        (
            c
            for checks in (report.checks, *(s.checks for s in report.signatures))
            for c in checks
            if c.status == "failed"
        ),
        None,
    )
    assert report.content is None
    return str(report.sub_indication), check and check.name


def find(root: etree._Element, name: str, namespace: str = DS) -> etree._Element:
    return next(root.iter(f"{{{namespace}}}{name}"))


def flip(element: etree._Element) -> None:
    data = bytearray(base64.b64decode(element.text or ""))
    data[-1] ^= 1
    element.text = base64.b64encode(data).decode()


@pytest.fixture(scope="module")
def signed(world: Any) -> bytes:
    return sign('<a Id="root"><b Id="b">Өтініш</b></a>'.encode(), world.person.signer)


def _digest_of_nothing(root: etree._Element) -> None:
    flip(find(root, "DigestValue"))


def _value(root: etree._Element) -> None:
    flip(find(root, "SignatureValue"))


def _comment_in_digest(root: etree._Element) -> None:
    value = find(root, "DigestValue")
    comment = etree.Comment("x")
    comment.tail = value.text
    value.text = "AAAA"
    value.append(comment)


def _comment_in_certificate(root: etree._Element) -> None:
    find(root, "X509Certificate").append(etree.Comment("x"))


def _junk_in_value(root: etree._Element) -> None:
    value = find(root, "SignatureValue")
    value.text = f"{value.text}!"


def _second_signed_info(root: etree._Element) -> None:
    info = find(root, "SignedInfo")
    info.addnext(etree.fromstring(etree.tostring(info)))


def _no_references(root: etree._Element) -> None:
    info = find(root, "SignedInfo")
    for each in info.findall(f"{{{DS}}}Reference"):
        info.remove(each)


def _other_target(root: etree._Element) -> None:
    find(root, "QualifyingProperties", XADES).set("Target", "#other")


def _second_properties(root: etree._Element) -> None:
    holder = find(root, "Object")
    holder.append(etree.fromstring(etree.tostring(holder[0])))


def _signing_time(root: etree._Element) -> None:
    find(root, "SigningTime", XADES).text = "2020-01-01T00:00:00Z"


def _not_a_time(root: etree._Element) -> None:
    find(root, "SigningTime", XADES).text = "yesterday"


def _duplicate(spelling: str) -> Callable[[etree._Element], None]:
    def change(root: etree._Element) -> None:
        identifier = find(root, "SignedProperties", XADES).get("Id")
        etree.SubElement(find(root, "Object"), "extra").set(spelling, str(identifier))

    return change


def _method(name: str, algorithm: str) -> Callable[[etree._Element], None]:
    return lambda root: find(root, name).set("Algorithm", algorithm)


def _uri(uri: str) -> Callable[[etree._Element], None]:
    return lambda root: find(root, "Reference").set("URI", uri)


def _many_references(root: etree._Element) -> None:
    info = find(root, "SignedInfo")
    for _number in range(1000):
        info.append(etree.fromstring(etree.tostring(info[2])))


def _many_transforms(root: etree._Element) -> None:
    transforms = find(root, "Transforms")
    for _number in range(10):
        transforms.append(etree.fromstring(etree.tostring(transforms[1])))


def _drop_uri(root: etree._Element) -> None:
    del find(root, "Reference").attrib["URI"]


CHANGES: dict[str, tuple[Callable[[etree._Element], None], str, str]] = {
    "content": (lambda r: r[0].set("x", "1"), "HASH_FAILURE", "references"),
    "content's text": (lambda r: setattr(r[0], "text", "Өтiніш"), "HASH_FAILURE", "references"),
    "an element more": (lambda r: r.insert(0, etree.Element("c")), "HASH_FAILURE", "references"),
    "a processing instruction more": (
        lambda r: r.addprevious(etree.ProcessingInstruction("p")),
        "HASH_FAILURE",
        "references",
    ),
    "digest": (_digest_of_nothing, "HASH_FAILURE", "references"),
    "signature value": (_value, "SIG_CRYPTO_FAILURE", "signature"),
    "signing time": (_signing_time, "HASH_FAILURE", "references"),
    "not a time": (_not_a_time, "FORMAT_FAILURE", "properties"),
    "comment in a digest": (_comment_in_digest, "FORMAT_FAILURE", "structure"),
    "comment in a certificate": (_comment_in_certificate, "FORMAT_FAILURE", "structure"),
    "junk in the value": (_junk_in_value, "FORMAT_FAILURE", "structure"),
    "two SignedInfo": (_second_signed_info, "FORMAT_FAILURE", "structure"),
    "no references": (_no_references, "FORMAT_FAILURE", "structure"),
    "another's properties": (_other_target, "FORMAT_FAILURE", "properties"),
    "two sets of properties": (_second_properties, "FORMAT_FAILURE", "properties"),
    **{
        f"duplicate {spelling}": (_duplicate(spelling), "FORMAT_FAILURE", "identifiers")
        for spelling in ("Id", "ID", "id", "iD", "{urn:wsu}Id", "{http://www.w3.org/XML/1998/namespace}id")
    },
    "HMAC": (_method("SignatureMethod", MORE + "hmac-sha256"), "CRYPTO_CONSTRAINTS_FAILURE", "algorithms"),
    "RSA with SHA-1": (
        _method("SignatureMethod", DS + "rsa-sha1"),
        "CRYPTO_CONSTRAINTS_FAILURE",
        "algorithms",
    ),
    "DSA": (_method("SignatureMethod", DS + "dsa-sha1"), "CRYPTO_CONSTRAINTS_FAILURE", "algorithms"),
    "ECDSA with SHA-1": (
        _method("SignatureMethod", MORE + "ecdsa-sha1"),
        "CRYPTO_CONSTRAINTS_FAILURE",
        "algorithms",
    ),
    "RSA by an EC key": (_method("SignatureMethod", MORE + "rsa-sha256"), "SIG_CRYPTO_FAILURE", "signature"),
    "unheard-of": (_method("SignatureMethod", "urn:nothing"), "CRYPTO_CONSTRAINTS_FAILURE", "algorithms"),
    "SHA-1 digest": (_method("DigestMethod", DS + "sha1"), "CRYPTO_CONSTRAINTS_FAILURE", "algorithms"),
    "MD5 digest": (_method("DigestMethod", MORE + "md5"), "CRYPTO_CONSTRAINTS_FAILURE", "algorithms"),
    "unknown canonicalisation": (
        _method("CanonicalizationMethod", "http://www.w3.org/2010/xml-c14n2"),
        "CRYPTO_CONSTRAINTS_FAILURE",
        "algorithms",
    ),
    "XSLT": (
        _method("Transform", "http://www.w3.org/TR/1999/REC-xslt-19991116"),
        "SIG_CONSTRAINTS_FAILURE",
        "transforms",
    ),
    "XPath without an expression": (_method("Transform", XPATH), "SIG_CONSTRAINTS_FAILURE", "transforms"),
    "outside": (_uri("http://127.0.0.1/"), "SIGNED_DATA_NOT_FOUND", "references"),
    "a file": (_uri("file:///etc/passwd"), "SIGNED_DATA_NOT_FOUND", "references"),
    "nothing there": (_uri("#nothing"), "SIGNED_DATA_NOT_FOUND", "references"),
    "no URI": (_drop_uri, "SIGNED_DATA_NOT_FOUND", "references"),
    "an xpointer of its own": (_uri("#xpointer(//b)"), "SIG_CONSTRAINTS_FAILURE", "transforms"),
    "a thousand references": (_many_references, "FORMAT_FAILURE", "limits"),
    "many transforms": (_many_transforms, "FORMAT_FAILURE", "limits"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes(name: str, signed: bytes, world: Any) -> None:
    change, sub_indication, check = CHANGES[name]
    root = etree.fromstring(signed)
    change(root)
    document = etree.tostring(root.getroottree(), encoding="utf-8")
    assert verdict(validate(document, world.lenient)) == (sub_indication, check)


def test_each_byte_of_the_content(signed: bytes, world: Any) -> None:
    policy = world.policy()
    assert validate(signed, policy).passed
    for place in range(signed.index(b"<ds:Signature")):
        changed = bytearray(signed)
        changed[place] ^= 1
        report = validate(bytes(changed), policy)
        assert not report.passed or report.content == validate(signed, policy).content, place


def test_another_certificate(signed: bytes, world: Any) -> None:
    other = world.ca.issue_person("ДРУГОЙ ИВАН", "900101300017", algorithm="ec").certificate
    root = etree.fromstring(signed)
    find(root, "X509Certificate").text = base64.b64encode(other.public_bytes(Encoding.DER)).decode()
    assert verdict(validate(etree.tostring(root), world.policy())) == ("SIG_CRYPTO_FAILURE", "signature")


UNSIGNED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "structure"),
    "no XML": (b"%PDF-1.7", "structure"),
    "no signature": (b"<a/>", "structure"),
    "a DTD": (b"<!DOCTYPE a><a/>", "structure"),
    "an entity": (b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', "structure"),
    "a bomb": (
        b"<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'>"
        + b"".join(b"<!ENTITY %c '%s'>" % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
        + b"]><a x='&j;'>&j;</a>",
        "structure",
    ),
    "too big": (b"<a>" + b"x" * 10_000_000 + b"</a>", "limits"),
    "too many tags": (b"<a>" + b"<b/>" * 1_000_000 + b"</a>", "limits"),
    "too many attributes": (b"<a " + b" ".join(b'a%d="1"' % n for n in range(1_000_000)) + b"/>", "limits"),
    "a crowd of attributes": (
        b"<a " + b" ".join(b'a%d="1"' % n for n in range(300)) + b"/>",
        "limits",
    ),
    "EBCDIC": ('<?xml version="1.0" encoding="IBM037"?><a/>'.encode("cp037"), "structure"),
    "too deep": (b"<a>" * 100_000 + b"</a>" * 100_000, "limits"),
    "too many signatures": (
        b"<a>" + f'<ds:Signature xmlns:ds="{DS}"/>'.encode() * 1000 + b"</a>",
        "limits",
    ),
    "an empty signature": (f'<ds:Signature xmlns:ds="{DS}"/>'.encode(), "structure"),
}


@pytest.mark.parametrize("name", UNSIGNED)
def test_unsigned(name: str, world: Any) -> None:
    document, check = UNSIGNED[name]
    started = time.process_time()
    assert verdict(validate(document, world.policy())) == ("FORMAT_FAILURE", check)
    assert time.process_time() - started < 2


def test_all_references_together(world: Any, shapes: SimpleNamespace, fill: Fill) -> None:
    document = fill(f"<a>{'x' * 10_000}{shapes.signature(*[shapes.enveloped] * 8)}</a>")
    assert validate(document, world.policy(max_effort=200_000)).passed
    assert verdict(validate(document, world.policy(max_effort=50_000))) == ("FORMAT_FAILURE", "limits")


def test_markup_takes_longer_than_text(world: Any, shapes: SimpleNamespace, fill: Fill) -> None:
    document = fill(f"<a>{'<b/>' * 10_000}{shapes.signature(*[shapes.enveloped] * 8)}</a>")
    assert validate(document, world.policy(max_effort=4_000_000)).passed
    assert verdict(validate(document, world.policy(max_effort=1_000_000))) == ("FORMAT_FAILURE", "limits")


def test_prefixes_are_looked_up_in_each_element(world: Any, shapes: SimpleNamespace, fill: Fill) -> None:
    listed = " ".join(f"b{number}" for number in range(100))
    only = f'<e:InclusiveNamespaces xmlns:e="{EXCLUSIVE}" PrefixList="{listed}"/>'
    named = "".join(f"<b{number}/>" for number in range(100))
    part = f'<c Id="c">{named}{"<d>" * 100}{"<e/>" * 1000}{"</d>" * 100}</c>'
    for uri, transforms in (("", [shapes.transform(DS + "enveloped-signature")]), ("#c", [])):
        reference = shapes.reference(uri, *transforms, shapes.transform(EXCLUSIVE, only))
        document = fill(f"<a>{part}{shapes.signature(reference)}</a>")
        assert validate(document, world.policy(coverage=Coverage.ANY, max_effort=8_000_000)).passed
        policy = world.policy(coverage=Coverage.ANY, max_effort=6_000_000)
        assert verdict(validate(document, policy)) == ("FORMAT_FAILURE", "limits")


def test_a_part_may_take_more_effort_than_the_rest(world: Any, shapes: SimpleNamespace, fill: Fill) -> None:
    """Much text beside it makes a part with many namespaces no cheaper."""
    declared = " ".join(f'xmlns:b{number}="urn:b"' for number in range(200))
    reference = shapes.reference("#c", shapes.transform(EXCLUSIVE))
    document = fill(
        f'<a>{"x" * 2_000_000}<c Id="c" {declared}>{"<d/>" * 100}</c>{shapes.signature(*[reference] * 8)}</a>'
    )
    assert validate(document, world.policy(coverage=Coverage.ANY, max_effort=20_000_000)).passed
    policy = world.policy(coverage=Coverage.ANY, max_effort=10_000_000)
    assert verdict(validate(document, policy)) == ("FORMAT_FAILURE", "limits")


def test_a_crowd_of_namespaces(world: Any) -> None:
    declared = " ".join(f'xmlns:a{number}="urn:a"' for number in range(2000))
    nested = "".join(f'<b xmlns:a{number}="urn:a">' for number in range(200))
    for document in (f"<a {declared}>{'<b/>' * 2000}</a>", f"<a>{nested}{'<c/>' * 50_000}{'</b>' * 200}</a>"):
        for encoding in ("utf-8", "utf-16"):
            started = time.process_time()
            report = validate(sign(document.encode(encoding), world.person.signer), world.policy())
            assert verdict(report) == ("FORMAT_FAILURE", "limits")
            assert time.process_time() - started < 8


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_crowd_of_namespaces_on_one_element(encoding: str, world: Any) -> None:
    # A character that has the octet of "<" in UTF-16, and one that ends a tag where it is not quoted.
    crowd = " ".join(f'xmlns:a{number}="urn:㰀>"' for number in range(100_000))
    started = time.process_time()
    report = validate(f"<a {crowd}/>".encode(encoding), world.policy())
    assert verdict(report) == ("FORMAT_FAILURE", "limits")
    assert time.process_time() - started < 2


def test_a_text_too_long_for_its_reader(world: Any) -> None:
    document = f'<?xml version="1.0" encoding="windows-1251"?><a>{"ж" * 6_000_000}</a>'.encode("cp1251")
    assert verdict(validate(document, world.policy())) == ("FORMAT_FAILURE", "limits")


def test_what_looks_like_a_crowd_of_namespaces(world: Any) -> None:
    text = 'xmlns:a="urn:a" ' * 1000
    document = f"<a><!-- <b {text}--><![CDATA[<b {text}]]>&lt;b {text}</a>".encode()
    assert validate(sign(document, world.person.signer), world.policy()).passed


def _wrap(signed: bytes, shape: int) -> bytes:
    """Signature wrapping: the signed part goes where nobody reads it, another takes its place."""
    root = etree.fromstring(signed)
    part, signature = root[0], root[1]
    evil = etree.fromstring('<part Id="{}">злое</part>'.format("x" if shape % 2 else "evil"))
    if shape in (0, 1):
        root.insert(0, evil)
    elif shape in (2, 3):
        root.remove(part)
        evil.append(part)
        root.insert(0, evil)
    elif shape in (4, 5):
        root.remove(part)
        holder = etree.SubElement(signature, f"{{{DS}}}Object")
        holder.append(part)
        root.insert(0, evil)
    else:
        root.remove(part)
        evil.append(signature)
        signature.append(etree.Element(f"{{{DS}}}Object"))
        signature[-1].append(part)
        root.insert(0, evil)
    return etree.tostring(root)


@pytest.mark.parametrize("shape", range(8))
def test_signature_wrapping(shape: int, world: Any, shapes: SimpleNamespace, fill: Fill) -> None:
    template = shapes.signature(shapes.reference("#x", shapes.transform(EXCLUSIVE)))
    signed = fill(f'<doc><part Id="x">доброе</part>{template}</doc>')
    assert validate(signed, world.lenient).passed
    document = _wrap(signed, shape)
    assert not validate(document, world.policy()).passed
    report = validate(document, world.lenient)
    # Where a part is enough, what is given out is the signed part, wherever it stands, and never the other.
    if report.passed:
        assert report.content is None
        assert [each.covered for each in report.signatures] == [('<part Id="x">доброе</part>'.encode(),)]
    else:
        assert verdict(report) == ("FORMAT_FAILURE", "identifiers")


def test_a_second_root(signed: bytes, world: Any) -> None:
    root = etree.fromstring(signed)
    evil = etree.Element("a", Id="root")
    evil.append(root)
    assert verdict(validate(etree.tostring(evil), world.policy())) == ("HASH_FAILURE", "references")


def _object(shapes: SimpleNamespace, world: Any, **changes: Any) -> str:
    return str(
        shapes.signature(
            shapes.enveloped,
            shapes.properties_reference(**({"to": changes.pop("to")} if "to" in changes else {})),
            objects=shapes.properties(world.person.certificate, **changes),
        )
    )


XADES_FAULTS: dict[str, tuple[Callable[[SimpleNamespace, Any], str], str, str]] = {
    "another certificate's digest": (
        lambda s, w: f"<a>{_object(s, w, digest=bytes(32))}</a>",
        "NO_SIGNING_CERTIFICATE_FOUND",
        "properties",
    ),
    "another serial number": (
        lambda s, w: (
            "<a>"
            + _object(
                s,
                w,
                more="<xades:IssuerSerial><ds:X509IssuerName>CN=a</ds:X509IssuerName>"
                "<ds:X509SerialNumber>1</ds:X509SerialNumber></xades:IssuerSerial>",
            )
            + "</a>"
        ),
        "NO_SIGNING_CERTIFICATE_FOUND",
        "properties",
    ),
    "SHA-1": (
        lambda s, w: f"<a>{_object(s, w, method=DS + 'sha1')}</a>",
        "CRYPTO_CONSTRAINTS_FAILURE",
        "algorithms",
    ),
    "elsewhere": (
        lambda s, w: f'<a><b Id="other"/>{_object(s, w, to="other")}</a>',
        "FORMAT_FAILURE",
        "properties",
    ),
    "not signed": (
        lambda s, w: f"<a>{s.signature(s.enveloped, objects=s.properties(w.person.certificate))}</a>",
        "FORMAT_FAILURE",
        "properties",
    ),
    "about other data": (
        lambda s, w: (
            "<a>"
            + _object(
                s,
                w,
                data='<xades:SignedDataObjectProperties><xades:DataObjectFormat ObjectReference="#no"/>'
                "</xades:SignedDataObjectProperties>",
            )
            + "</a>"
        ),
        "FORMAT_FAILURE",
        "properties",
    ),
    "nothing but properties": (
        lambda s, w: (
            "<a>" + s.signature(s.properties_reference(), objects=s.properties(w.person.certificate)) + "</a>"
        ),
        "SIG_CONSTRAINTS_FAILURE",
        "coverage",
    ),
}


@pytest.mark.parametrize("name", XADES_FAULTS)
def test_xades(name: str, world: Any, shapes: SimpleNamespace, fill: Fill) -> None:
    template, sub_indication, check = XADES_FAULTS[name]
    document = fill(template(shapes, world))
    assert verdict(validate(document, world.lenient)) == (sub_indication, check)


@pytest.mark.parametrize(
    ("algorithm", "inside"),
    [
        (XPATH, "<ds:XPath>self::b</ds:XPath>"),
        (XPATH, "<ds:XPath>not(ancestor-or-self::ds:Signature) and true()</ds:XPath>"),
        (XPATH, '<ds:XPath xmlns:x="urn:x">not(ancestor-or-self::x:Signature)</ds:XPath>'),
        (FILTER2, f'<f:XPath xmlns:f="{FILTER2}" Filter="intersect">/descendant::ds:Signature</f:XPath>'),
        (FILTER2, f'<f:XPath xmlns:f="{FILTER2}" Filter="subtract">//b</f:XPath>'),
    ],
)
def test_xpath_of_ones_own(algorithm: str, inside: str, world: Any, shapes: SimpleNamespace) -> None:
    template = shapes.signature(shapes.reference("", shapes.transform(algorithm, inside)))
    document = f"<a><b/>{template}</a>".replace("<ds:DigestValue/>", "<ds:DigestValue>AAAA</ds:DigestValue>")
    document = document.replace('-value"/>', '-value">AAAA</ds:SignatureValue>')
    document = document.replace("<ds:X509Data><ds:X509Certificate/></ds:X509Data>", "")
    assert verdict(validate(document.encode(), world.policy())) == ("SIG_CONSTRAINTS_FAILURE", "transforms")


@pytest.mark.parametrize(("name", "value"), [("rsa-256", "Modulus"), ("c14n-0", "PublicKey")])
def test_another_key_beside_the_certificate(name: str, value: str, jdk: Path, world: Any) -> None:
    root = etree.fromstring((jdk / f"{name}.xml").read_bytes())
    flip(next(root.iter(f"{{*}}{value}")))
    document = etree.tostring(root.getroottree(), encoding="utf-8")
    assert verdict(validate(document, world.policy())) == ("SIG_CONSTRAINTS_FAILURE", "certificate")


def test_a_broken_signature_beside_a_good_one(signed: bytes, world: Any) -> None:
    root = etree.fromstring(signed)
    signature = find(root, "Signature")
    signature.append(etree.Element(f"{{{DS}}}Object"))
    signature[-1].append(etree.Element(f"{{{DS}}}Signature"))
    report = validate(etree.tostring(root), world.policy())
    assert [each.passed for each in report.signatures] == [True, False]
    assert verdict(report) == ("FORMAT_FAILURE", "structure")


def test_a_policy_in_plain_words_means_the_same(world: Any) -> None:
    policy = world.policy(coverage="whole", revocation="require")
    assert policy.coverage is Coverage.WHOLE
    assert policy.revocation is Revocation.REQUIRE
    with pytest.raises(ValueError, match="most"):
        world.policy(coverage="most")
    with pytest.raises(TypeError, match="TrustStore"):
        ValidationPolicy(trust=[world.root.certificate])  # type: ignore[arg-type]


def test_algorithms_in_any_collection(signed: bytes, world: Any) -> None:
    policy = world.policy(canonicalizations=[algorithms.EXCLUSIVE], digest_methods=list(algorithms.DIGESTS))
    assert validate(signed, policy).passed


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_octets_of_any_kind(kind: Any, signed: bytes, world: Any) -> None:
    assert validate(kind(signed), world.policy()).passed


def test_anything_but_octets(signed: bytes, world: Any, caplog: pytest.LogCaptureFixture) -> None:
    for document in (signed.decode(), None, 5, etree.fromstring(signed)):
        report = validate(document, world.policy())  # type: ignore[arg-type]
        assert verdict(report) == ("FORMAT_FAILURE", "structure")
        assert "octets" in str(report.reason)
    assert not caplog.records


PSS = "http://www.w3.org/2007/05/xmldsig-more#"


@pytest.mark.parametrize(
    ("parameters", "sub_indication"),
    [
        ('<p:MaskGenerationFunction Algorithm="urn:another"/>', "CRYPTO_CONSTRAINTS_FAILURE"),
        (f'<ds:DigestMethod Algorithm="{DS}sha1"/>', "CRYPTO_CONSTRAINTS_FAILURE"),
        ("<p:SaltLength>salt</p:SaltLength>", "FORMAT_FAILURE"),
        ("<p:SaltLength>-1</p:SaltLength>", "FORMAT_FAILURE"),
        ("<p:TrailerField>2</p:TrailerField>", "FORMAT_FAILURE"),
    ],
)
def test_parameters_of_rsa_pss(
    parameters: str, sub_indication: str, world: Any, shapes: SimpleNamespace, fill: Fill
) -> None:
    """What is not supported is not told as a wrong signature."""
    signed = fill(
        f"<a>{shapes.signature(shapes.enveloped, method=f'{MORE}rsa-sha256')}</a>", world.rsa_person
    )
    listed = f'<p:RSAPSSParams xmlns:p="{PSS}">{parameters}</p:RSAPSSParams>'
    method = f'<ds:SignatureMethod Algorithm="{PSS}rsa-pss">{listed}</ds:SignatureMethod>'
    document = signed.replace(f'<ds:SignatureMethod Algorithm="{MORE}rsa-sha256"/>'.encode(), method.encode())
    assert verdict(validate(document, world.policy())) == (sub_indication, "algorithms")


def test_a_key_for_pss_alone(world: Any, shapes: SimpleNamespace, fill: Fill) -> None:
    """RFC 4055, 1.2."""
    signed = fill(
        f"<a>{shapes.signature(shapes.enveloped, method=f'{MORE}rsa-sha256')}</a>", world.rsa_person
    )
    root = etree.fromstring(signed)
    certificate = asn1_x509.Certificate.load(world.rsa_person.certificate.public_bytes(Encoding.DER))
    certificate["tbs_certificate"]["subject_public_key_info"]["algorithm"] = {"algorithm": "rsassa_pss"}
    certificates = find(root, "X509Certificate")
    certificates.text = base64.b64encode(certificate.dump(force=True)).decode()
    refused = validate(etree.tostring(root), world.policy())
    assert verdict(refused) == ("CRYPTO_CONSTRAINTS_FAILURE", "algorithms")

    find(root, "SignatureMethod").set("Algorithm", f"{PSS}sha256-rsa-MGF1")
    made = world.rsa_person.key.sign(
        canonicalize(find(root, "SignedInfo"), EXCLUSIVE), padding.PSS(padding.MGF1(SHA256()), 32), SHA256()
    )
    find(root, "SignatureValue").text = base64.b64encode(made).decode()
    allowed = validate(etree.tostring(root), world.policy())
    assert "signature" in [each.name for each in allowed.signatures[0].checks if each.status == "passed"]


def test_keys_that_take_long_to_try(world: Any, shapes: SimpleNamespace, fill: Fill) -> None:
    def slow(number: int) -> str:
        certificate = asn1_x509.Certificate.load(world.rsa_person.certificate.public_bytes(Encoding.DER))
        content = certificate["tbs_certificate"]
        key = asn1_keys.RSAPublicKey({"modulus": 2**16383 + 1, "public_exponent": 2**63 + 1})
        content["subject_public_key_info"] = asn1_keys.PublicKeyInfo.wrap(key, "rsa")
        content["serial_number"] = number
        text = base64.b64encode(certificate.dump(force=True)).decode()
        return f"<ds:X509Certificate>{text}</ds:X509Certificate>"

    signed = fill(
        f"<a>{shapes.signature(shapes.enveloped, method=f'{MORE}rsa-sha256')}</a>", world.rsa_person
    )
    root = etree.fromstring(signed)
    data = find(root, "X509Data")
    data[:] = etree.fromstring(f'<x xmlns:ds="{DS}">{"".join(map(slow, range(1, 9)))}</x>')
    document = etree.tostring(root)
    assert verdict(validate(document, world.policy())) == ("SIG_CRYPTO_FAILURE", "signature")
    assert verdict(validate(document, world.policy(max_effort=2_000_000))) == ("FORMAT_FAILURE", "limits")


def test_a_crowd_of_certificates(world: Any) -> None:
    """Each may have issued each other."""
    root = etree.fromstring(sign(b"<a/>", world.person.signer))
    data = find(root, "X509Data")
    data.extend([deepcopy(data[0]) for _number in range(12)])
    document = etree.tostring(root)
    assert validate(document, world.policy()).passed
    assert verdict(validate(document, world.policy(max_effort=2_000_000))) == ("FORMAT_FAILURE", "limits")
