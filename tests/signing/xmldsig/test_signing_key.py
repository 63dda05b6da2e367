"""The signing key: found among certificates, checked, and compared with key values."""

from __future__ import annotations

import base64
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from tests.signing import templates
from tests.signing.factories import DAY, KEY_USAGES, Fill, SigningWorld, failed_check, self_signed
from tests.signing.invalid_documents import find, flip
from tests.signing.templates import DS, EXCLUSIVE, MORE
from tests.signing.trust.path_factories import MOMENT, OddCertificates

from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import Revocation, TrustStore, sign, validate
from egovdocs.signing.xmldsig.c14n import canonicalize
from egovdocs.signing.xmldsig.signing_key import read_key

CURVES = [
    (ec.SECP384R1(), "ecdsa-sha384"),
    (ec.SECP521R1(), "ecdsa-sha512"),
    (ec.BrainpoolP256R1(), "ecdsa-sha256"),
    (ec.BrainpoolP384R1(), "ecdsa-sha384"),
]
PSS = "http://www.w3.org/2007/05/xmldsig-more#"


def test_several_certificates_in_any_order(world: SigningWorld, fill: Fill) -> None:
    document = fill(f"<a>{templates.signature(templates.ENVELOPED)}</a>")
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


@pytest.mark.parametrize(("curve", "method"), CURVES)
def test_curves(curve: ec.EllipticCurve, method: str, world: SigningWorld, fill: Fill) -> None:
    key = ec.generate_private_key(curve)
    certificate = self_signed(key, content_commitment=True)
    document = fill(
        f"<a>{templates.signature(templates.ENVELOPED, method=MORE + method)}</a>",
        IssuedKey(key, certificate, ()),
    )
    report = validate(document, world.policy(trust=TrustStore([certificate])))
    assert report.passed, report.text()


def test_an_end_entity_anchor_need_not_be_in_the_document(world: SigningWorld, fill: Fill) -> None:
    template = templates.signature(templates.ENVELOPED, key_info="<ds:KeyName>someone</ds:KeyName>")
    document = fill(f"<a>{template}</a>")
    report = validate(document, world.policy(trust=TrustStore([world.person.certificate])))
    assert report.passed, report.text()
    assert report.signatures[0].certificate == world.person.certificate
    unknown = validate(document, world.policy())
    assert unknown.sub_indication == "NO_SIGNING_CERTIFICATE_FOUND"


def test_the_certificate_of_another_key(own_document: bytes, world: SigningWorld) -> None:
    other = world.ca.issue_person("ДРУГОЙ ИВАН", "900101300017", algorithm="ec").certificate
    root = etree.fromstring(own_document)
    find(root, "X509Certificate").text = base64.b64encode(other.public_bytes(Encoding.DER)).decode()
    assert failed_check(validate(etree.tostring(root), world.policy())) == ("SIG_CRYPTO_FAILURE", "signature")


@pytest.mark.parametrize(("name", "value"), [("rsa-256", "Modulus"), ("c14n-0", "PublicKey")])
def test_another_key_beside_the_certificate(
    name: str, value: str, jdk_documents: Path, world: SigningWorld
) -> None:
    root = etree.fromstring((jdk_documents / f"{name}.xml").read_bytes())
    flip(next(root.iter(f"{{*}}{value}")))
    document = etree.tostring(root.getroottree(), encoding="utf-8")
    assert failed_check(validate(document, world.policy())) == ("SIG_CONSTRAINTS_FAILURE", "certificate")


def test_a_key_for_rsa_pss_only(world: SigningWorld, fill: Fill) -> None:
    """RFC 4055, 1.2."""
    signed = fill(
        f"<a>{templates.signature(templates.ENVELOPED, method=f'{MORE}rsa-sha256')}</a>", world.rsa_person
    )
    root = etree.fromstring(signed)
    certificate = asn1_x509.Certificate.load(world.rsa_person.certificate.public_bytes(Encoding.DER))
    certificate["tbs_certificate"]["subject_public_key_info"]["algorithm"] = {"algorithm": "rsassa_pss"}
    certificates = find(root, "X509Certificate")
    certificates.text = base64.b64encode(certificate.dump(force=True)).decode()
    refused = validate(etree.tostring(root), world.policy())
    assert failed_check(refused) == ("CRYPTO_CONSTRAINTS_FAILURE", "algorithms")

    find(root, "SignatureMethod").set("Algorithm", f"{PSS}sha256-rsa-MGF1")
    made = world.rsa_person.key.sign(
        canonicalize(find(root, "SignedInfo"), EXCLUSIVE), padding.PSS(padding.MGF1(SHA256()), 32), SHA256()
    )
    find(root, "SignatureValue").text = base64.b64encode(made).decode()
    allowed = validate(etree.tostring(root), world.policy())
    assert "signature" in [each.name for each in allowed.signatures[0].checks if each.status == "passed"]


def test_keys_that_are_slow_to_verify_with(world: SigningWorld, fill: Fill) -> None:
    def slow(number: int) -> str:
        certificate = asn1_x509.Certificate.load(world.rsa_person.certificate.public_bytes(Encoding.DER))
        content = certificate["tbs_certificate"]
        key = asn1_keys.RSAPublicKey({"modulus": 2**16383 + 1, "public_exponent": 2**63 + 1})
        content["subject_public_key_info"] = asn1_keys.PublicKeyInfo.wrap(key, "rsa")
        content["serial_number"] = number
        text = base64.b64encode(certificate.dump(force=True)).decode()
        return f"<ds:X509Certificate>{text}</ds:X509Certificate>"

    signed = fill(
        f"<a>{templates.signature(templates.ENVELOPED, method=f'{MORE}rsa-sha256')}</a>", world.rsa_person
    )
    root = etree.fromstring(signed)
    data = find(root, "X509Data")
    data[:] = etree.fromstring(f'<x xmlns:ds="{DS}">{"".join(map(slow, range(1, 9)))}</x>')
    document = etree.tostring(root)
    assert failed_check(validate(document, world.policy())) == ("SIG_CRYPTO_FAILURE", "signature")
    assert failed_check(validate(document, world.policy(max_effort=2_000_000))) == (
        "FORMAT_FAILURE",
        "limits",
    )


def test_the_effort_of_many_certificates(world: SigningWorld) -> None:
    """Each could have issued each other one, which takes time to check."""
    root = etree.fromstring(sign(b"<a/>", world.person.signer))
    data = find(root, "X509Data")
    data.extend([deepcopy(data[0]) for _number in range(12)])
    document = etree.tostring(root)
    assert validate(document, world.policy()).passed
    assert failed_check(validate(document, world.policy(max_effort=2_000_000))) == (
        "FORMAT_FAILURE",
        "limits",
    )


def issue_certificate(
    issuer: Authority,
    key: Any,
    *,
    ca: bool = False,
    usage: str = "digital_signature",
    path: int | None = None,
    subject: x509.Name | None = None,
) -> x509.Certificate:
    return (
        x509.CertificateBuilder()
        .subject_name(subject or x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"{usage} {ca}")]))
        .issuer_name(issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(MOMENT - DAY)
        .not_valid_after(MOMENT + DAY)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=path), critical=True)
        .add_extension(x509.KeyUsage(**{flag: flag == usage for flag in KEY_USAGES}), critical=True)
        .sign(issuer.key, SHA256())
    )


@pytest.mark.parametrize("bits", [1024, 2048])
def test_short_rsa_keys(bits: int, fill: Fill, world: SigningWorld) -> None:
    key = rsa.generate_private_key(65537, bits)  # type: ignore[arg-type]
    issued = IssuedKey(key, issue_certificate(world.root, key), (world.root.certificate,))
    method = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    document = fill(f"<a>{templates.signature(templates.ENVELOPED, method=method)}</a>", issued)
    report = validate(document, world.policy(revocation=Revocation.NONE), at=MOMENT)
    assert report.sub_indication == (None if bits == 2048 else "CRYPTO_CONSTRAINTS_FAILURE")


def test_long_certificates_are_not_cached() -> None:
    odd = OddCertificates()
    long = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.1"), b"\x04\x82\x27\x10" + bytes(10_000))
    der = odd.person(more=[(long, False)]).certificate.public_bytes(Encoding.DER)
    assert read_key(der).certificate == read_key(der).certificate
    assert read_key(der) is not read_key(der)
    usual = odd.person().certificate.public_bytes(Encoding.DER)
    assert read_key(usual) is read_key(usual)
