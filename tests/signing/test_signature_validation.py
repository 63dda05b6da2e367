"""Signatures of many producers and forms, and every change of one."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree
from signxml import XMLSigner
from signxml.algorithms import CanonicalizationMethod, SignatureConstructionMethod
from signxml.xades import XAdESSigner
from tests.signing import templates
from tests.signing.factories import SIGNED, EvidenceWorld, Fill, SigningWorld, failed_check
from tests.signing.invalid_documents import CHANGES
from tests.signing.templates import C14N, DS
from tests.signing.valid_documents import JDK, SHAPES, _xades

from egovdocs.signing import Indication, sign, validate


@pytest.mark.parametrize("name", [name for names in JDK.values() for name in names])
def test_documents_signed_by_the_jdk(name: str, jdk_documents: Path, world: SigningWorld) -> None:
    report = validate((jdk_documents / f"{name}.xml").read_bytes(), world.lenient)
    assert report.passed, report.text()
    whole = not name.startswith("detached")
    assert report.signatures[0].covers == ("whole" if whole else "part")
    if whole:
        assert report.content is not None
        assert "Қазақ тілі".encode() in report.content
        assert b"SignatureValue" not in report.content
    else:
        assert report.content is None


@pytest.mark.parametrize("name", SHAPES)
def test_documents_signed_by_libxmlsec(name: str, world: SigningWorld, fill: Fill) -> None:
    document = fill(SHAPES[name](world.person.certificate))
    report = validate(document, world.policy())
    assert report.passed, report.text()
    assert report.signatures[0].covers == "whole"
    assert report.signatures[0].level == ("XAdES-B" if "XAdES" in name else "XML-DSig")
    assert report.content is not None
    assert b"Signature" not in report.content
    assert report.signatures[0].signer is not None
    assert report.signatures[0].signer.iin == "900101300017"


@pytest.mark.parametrize("name", ["plain", "unprefixed, inclusive", "NCALayer", "XAdES"])
def test_a_change_of_the_content(name: str, world: SigningWorld, fill: Fill) -> None:
    document = fill(SHAPES[name](world.person.certificate).replace("<a", "<a x='1'", 1))
    changed = document.replace(b'x="1"', b'x="2"')
    assert changed != document
    report = validate(changed, world.policy())
    assert (report.indication, report.sub_indication) == ("TOTAL_FAILED", "HASH_FAILURE")
    assert report.content is None


def test_line_ends_as_character_references(world: SigningWorld, fill: Fill) -> None:
    document = fill(f"<a>{templates.signature(templates.ENVELOPED, canonicalization=C14N)}</a>")
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


@pytest.mark.parametrize(
    ("added", "checked"),
    [
        (("SignatureTimeStamp",), ["failed"]),
        (("SignatureTimeStamp", "CertificateValues", "RevocationValues"), ["failed"]),
        (("CertificateValues", "RevocationValues"), []),
    ],
)
def test_only_verified_properties_raise_the_level(
    added: tuple[str, ...], checked: list[str], world: SigningWorld, fill: Fill
) -> None:
    unsigned = (
        "<xades:UnsignedProperties><xades:UnsignedSignatureProperties>"
        + "".join(f"<xades:{name}/>" for name in added)
        + "</xades:UnsignedSignatureProperties></xades:UnsignedProperties>"
    )
    document = fill(f"<a>{_xades(world.person.certificate, unsigned=unsigned)}</a>")
    report = validate(document, world.policy())
    assert report.passed
    (signature,) = report.signatures
    assert signature.level == "XAdES-B"
    assert [check.status for check in signature.checks if check.name == "timestamp"] == checked
    # An unverified time-stamp proves no time.
    assert signature.proven_time is None


@pytest.mark.parametrize("canonicalization", list(CanonicalizationMethod))
def test_documents_signed_by_signxml(canonicalization: CanonicalizationMethod, world: SigningWorld) -> None:
    key = world.person
    pem = key.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    signer = XMLSigner(signature_algorithm="ecdsa-sha256", c14n_algorithm=canonicalization)
    root = etree.fromstring('<a xmlns="urn:a"><b>в</b></a>')
    signed = signer.sign(root, key=pem, cert=[key.certificate])
    report = validate(etree.tostring(signed), world.policy())
    assert report.passed, report.text()


def test_xades_by_signxml(world: SigningWorld) -> None:
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


def test_an_own_signature(world: SigningWorld) -> None:
    document = '<?a b?><п:д xmlns:п="urn:p" xml:lang="kk"><!-- c -->Өтініш</п:д>'.encode()
    report = validate(sign(document, world.person.signer), world.policy())
    assert report.indication is Indication.TOTAL_PASSED
    assert report.content == '<?a b?>\n<п:д xmlns:п="urn:p" xml:lang="kk">Өтініш</п:д>'.encode()


@pytest.mark.parametrize("name", CHANGES)
def test_changes(name: str, own_document: bytes, world: SigningWorld) -> None:
    change, sub_indication, check = CHANGES[name]
    root = etree.fromstring(own_document)
    change(root)
    document = etree.tostring(root.getroottree(), encoding="utf-8")
    assert failed_check(validate(document, world.lenient)) == (sub_indication, check)


def test_a_change_of_any_byte_of_the_content(own_document: bytes, world: SigningWorld) -> None:
    policy = world.policy()
    assert validate(own_document, policy).passed
    for place in range(own_document.index(b"<ds:Signature")):
        changed = bytearray(own_document)
        changed[place] ^= 1
        report = validate(bytes(changed), policy)
        assert not report.passed or report.content == validate(own_document, policy).content, place


def test_a_time_stamping_key_does_not_sign_documents(evidence_world: EvidenceWorld) -> None:
    report = validate(sign(b"<a/>", evidence_world.tsa.signer), evidence_world.policy(), at=SIGNED)
    assert report.sub_indication == "CHAIN_CONSTRAINTS_FAILURE"
    assert "for time-stamps" in str(report.reason)
