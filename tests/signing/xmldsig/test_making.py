"""Making of signatures: prepare, complete and what is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from lxml import etree

from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import (
    PreparedSignature,
    SignatureValueMismatch,
    UnsignableDocument,
    UnsupportedKey,
    canonical,
    prepare,
    sign,
)

NS = {"ds": "http://www.w3.org/2000/09/xmldsig#", "xades": "http://uri.etsi.org/01903/v1.3.2#"}


@pytest.fixture(scope="module")
def issued() -> IssuedKey:
    root = Authority.create("НУЦ", algorithm="ec")
    return root.intermediate("НУЦ (лица)", algorithm="ec").issue_person(
        "Ахметов Ержан", "680503250034", algorithm="ec"
    )


def test_the_signature_is_the_last_child_and_nothing_else_changes(issued: IssuedKey) -> None:
    document = '<a xml:lang="kk">\n  <b>Сәлем</b><!-- note -->\n</a>'.encode()
    root = etree.fromstring(sign(document, issued.signer))
    (signature,) = root.iterchildren(f"{{{NS['ds']}}}Signature")
    assert root[-1] is signature
    assert signature.prefix == "ds"
    root.remove(signature)
    assert etree.tostring(root, encoding="unicode") == document.decode()


def test_the_chain_is_included_without_the_root(issued: IssuedKey) -> None:
    root = etree.fromstring(sign(b"<a/>", issued.signer))
    assert len(root.findall(".//ds:X509Certificate", NS)) == 2


def test_every_signature_has_its_own_identifiers(issued: IssuedKey) -> None:
    documents = [etree.fromstring(sign(b"<a/>", issued.signer)) for _ in range(2)]
    first, second = ({str(i) for i in document.xpath(".//@Id")} for document in documents)
    assert len(first) == 3
    assert first.isdisjoint(second)


def test_the_prepared_bytes_are_in_the_document(issued: IssuedKey) -> None:
    prepared = prepare("<a>Ө\r\n</a>".encode(), issued.certificate)
    root = etree.fromstring(prepared.complete(issued.signer.sign(prepared.signed_info)))
    for path, expected in [
        (".//ds:SignedInfo", prepared.signed_info),
        (".//xades:SignedProperties", prepared.signed_properties),
    ]:
        assert etree.tostring(root.find(path, NS), method="c14n", exclusive=True) == expected
    assert prepared.content == canonical("<a>Ө\n</a>".encode()) == "<a>Ө\n</a>".encode()


def test_the_claimed_time_is_in_utc(issued: IssuedKey) -> None:
    at = datetime(2026, 3, 1, 12, 30, 15, 999_999, tzinfo=UTC).astimezone()
    prepared = prepare(b"<a/>", issued.certificate, at=at)
    assert b"<xades:SigningTime>2026-03-01T12:30:15Z<" in prepared.signed_properties


def test_a_prepared_signature_as_json(issued: IssuedKey) -> None:
    prepared = prepare(
        "<a>Ө</a>".encode("utf-16"), issued.certificate, chain=[issued.issuers[0]], at=datetime.now(UTC)
    )
    assert PreparedSignature.load(json.loads(json.dumps(prepared.dump()))) == prepared


@pytest.mark.parametrize("spoil", [lambda value: b"", lambda value: value[:-1], lambda value: bytes(64)])
def test_a_wrong_signature_value(issued: IssuedKey, spoil) -> None:
    prepared = prepare(b"<a/>", issued.certificate)
    with pytest.raises(SignatureValueMismatch):
        prepared.complete(spoil(issued.signer.sign(prepared.signed_info)))


def test_a_value_over_another_document(issued: IssuedKey) -> None:
    value = issued.signer.sign(prepare(b"<a>1</a>", issued.certificate).signed_info)
    with pytest.raises(SignatureValueMismatch):
        prepare(b"<a>2</a>", issued.certificate).complete(value)


def _in_cp1251(content: str) -> bytes:
    """Return a document that is twice as long in UTF-8, in which it is signed."""
    return f'<?xml version="1.0" encoding="windows-1251"?><a>{content}</a>'.encode("cp1251")


@pytest.mark.parametrize(
    ("document", "word"),
    [
        (b"<!DOCTYPE a><a/>", "DTD"),
        (b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', "DTD"),
        (b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a/>', "DTD"),
        (b'<a xmlns:n="urn:x?a&amp;b"/>', "namespace"),
        (b'<a><b xmlns="relative"/></a>', "namespace"),
        (b'<a xmlns:unused="../up"/>', "namespace"),
        ('<a xmlns="urn:Қ"/>'.encode(), "URI"),
        (b'<a xmlns="urn:x y"/>', "URI"),
        (b'<?xml version="1.1"?><a/>', "1.0"),
        (b"<a>", "well-formed"),
        (b"", "well-formed"),
        (b"%PDF-1.7", "well-formed"),
        (b"<a>&undeclared;</a>", "well-formed"),
        (b'<a><b Id="x"/><c Id="x"/></a>', "occurs twice"),
        (b'<a xml:id="x"><b ID="x"/></a>', "occurs twice"),
        (b"<a>" * 300 + b"</a>" * 300, "deeper"),
        (b"<a>" + b"x" * 10_000_000 + b"</a>", "larger"),
        (_in_cp1251("ж" * 6_000_000), "larger"),
        (_in_cp1251(f"<b>{'ж' * 3_000_000}</b>" * 2), "larger"),
    ],
)
def test_unsignable_documents(issued: IssuedKey, document: bytes, word: str) -> None:
    with pytest.raises(UnsignableDocument, match=word):
        sign(document, issued.signer)


def test_repeated_row_numbers_are_not_identifiers(issued: IssuedKey) -> None:
    assert sign(b'<a><row id="1"/><row id="1"/></a>', issued.signer)


def test_a_signed_document_is_not_signed_again(issued: IssuedKey) -> None:
    with pytest.raises(UnsignableDocument, match="signed already"):
        sign(sign(b"<a/>", issued.signer), issued.signer)


@pytest.mark.parametrize(
    "key",
    [rsa.generate_private_key(public_exponent=65537, key_size=1024), ec.generate_private_key(ec.SECP384R1())],
)
def test_weak_and_unusual_keys(key) -> None:
    authority = Authority.create("НУЦ", algorithm="ec")
    certificate = authority.issue_person("А Б", "680503250034", algorithm="ec").certificate
    weak = (
        x509.CertificateBuilder()
        .subject_name(certificate.subject)
        .issuer_name(certificate.issuer)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .sign(authority.key, SHA256())
    )
    with pytest.raises(UnsupportedKey):
        prepare(b"<a/>", weak)
