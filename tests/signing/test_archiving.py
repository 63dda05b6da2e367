"""Evidence is renewed before it ages: each time-stamp is judged at the time the next one proves."""

from __future__ import annotations

import base64
import json
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from tests.signing.scenes import DAY, SIGNED, Scene, stamps

from egovdocs.sandbox.authority import IssuedKey
from egovdocs.signing import (
    Coverage,
    Evidence,
    EvidenceError,
    TimestampAuthority,
    TrustStore,
    ValidationPolicy,
    ValidationReport,
    augment,
    gather_evidence,
    renew_evidence,
    validate,
)
from egovdocs.signing.errors import UntrustedTimestamp
from egovdocs.signing.timestamps.tokens import read_response, read_token

JUDGES = Path(__file__).parent / "judges"
FIRST = SIGNED + 1500 * DAY  # the first clock's certificate expires on day 1625
SECOND = SIGNED + 2900 * DAY  # the second's on day 3225, and that of the one who issues them on day 3250
XADES = "{http://uri.etsi.org/01903/v1.3.2#}"
XADES141 = "{http://uri.etsi.org/01903/v1.4.1#}"


def clock(scene: Scene, since: datetime) -> IssuedKey:
    return scene.clocks.issue_timestamping("Уақыт", algorithm="ec", not_before=since)


def renewed(
    scene: Scene,
    document: bytes,
    evidence: Evidence,
    at: datetime,
    key: IssuedKey | None = None,
) -> Evidence:
    stamper = scene.stamper(at=at, key=key or clock(scene, at - 100 * DAY))
    return renew_evidence(document, evidence, scene.store(at), stamper, at=at)


@pytest.fixture
def once(scene: Scene, signed: bytes) -> Evidence:
    return renewed(scene, signed, scene.evidence(signed), FIRST)


@pytest.fixture
def twice(scene: Scene, signed: bytes, once: Evidence) -> Evidence:
    return renewed(scene, signed, once, SECOND)


@pytest.fixture
def bare(scene: Scene) -> ValidationPolicy:
    """Nothing is trusted but the root, and nothing else is at hand."""
    return ValidationPolicy(TrustStore([scene.root.certificate]))


def level(report: ValidationReport) -> str:
    return report.signatures[0].level


def test_level_lta(signed: bytes, once: Evidence, twice: Evidence, bare: ValidationPolicy) -> None:
    for evidence, days in ((once, 3000), (twice, 3240)):
        at = SIGNED + days * DAY
        augmented = augment(signed, evidence)
        for report in (validate(augmented, bare, at=at), validate(signed, bare, at=at, evidence=evidence)):
            assert report.passed, report.text()
            assert (level(report), report.signatures[0].proven_time) == ("XAdES-LTA", SIGNED)
            assert {status for status, _reason in stamps(report)} == {"passed"}
            assert len(stamps(report)) == 1 + len(evidence.renewals)


@pytest.mark.parametrize("days", [1700, 3240])
def test_what_was_not_renewed_in_time(
    scene: Scene,
    signed: bytes,
    once: Evidence,
    bare: ValidationPolicy,
    days: int,
) -> None:
    evidence = scene.evidence(signed) if days == 1700 else once
    report = validate(augment(signed, evidence), bare, at=SIGNED + days * DAY)
    assert report.sub_indication == "EXPIRED"
    assert report.signatures[0].proven_time is None
    with pytest.raises(EvidenceError, match="proves nothing any more"):
        renewed(scene, signed, evidence, SIGNED + days * DAY)


def test_a_missing_link_breaks_the_chain(signed: bytes, twice: Evidence, bare: ValidationPolicy) -> None:
    """The second archive time-stamp is over the first: without it, it is of something else."""
    torn = replace(twice, renewals=twice.renewals[1:])
    for document, evidence in ((augment(signed, torn), None), (signed, torn)):
        report = validate(document, bare, at=SIGNED + 3240 * DAY, evidence=evidence)
        assert report.sub_indication == "EXPIRED"
        assert ("failed", "The time-stamp is of something else.") in stamps(report)


def test_it_is_kept_as_json(signed: bytes, twice: Evidence) -> None:
    dumped = json.loads(json.dumps(twice.dump()))
    assert Evidence.load(dumped) == twice
    assert twice.last_token.time == SECOND
    assert twice.holds_until > SECOND + 300 * DAY
    first = {name: dumped[name] for name in ("timestamp", "certificates", "revocation_lists")}
    assert Evidence.load(first) == replace(twice, renewals=())
    with pytest.raises(EvidenceError, match="later version"):
        Evidence.load({**dumped, "version": 99})


def test_lists_are_not_repeated(signed: bytes, twice: Evidence) -> None:
    lists = twice.all_revocation_lists
    assert len(set(lists)) == len(lists)
    assert all(each.revocation_lists for each in twice.renewals)


def test_old_lists_of_the_store_stay_where_they_are(scene: Scene, signed: bytes) -> None:
    old = [scene.ca.crl(SIGNED - days * DAY, SIGNED - (days - 7) * DAY) for days in range(10, 100, 7)]
    lists = [crl.public_bytes(Encoding.DER) for crl in scene.store().crls]
    store = TrustStore([scene.root.certificate], [*old, *lists])
    evidence = gather_evidence(signed, store, scene.stamper())
    assert set(evidence.revocation_lists) == set(lists)


def test_the_jdk_agrees_on_what_is_stamped(
    signed: bytes,
    twice: Evidence,
    tmp_path: Path,
) -> None:
    augmented = augment(signed, twice)
    (tmp_path / "signed.xml").write_bytes(augmented)
    done = subprocess.run(
        ["java", str(JUDGES / "Imprint.java"), str(tmp_path / "signed.xml")],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout.split() == [read_token(each.timestamp).imprint.hex() for each in twice.renewals], (
        done.stderr
    )


def test_xmlsec1_and_the_jdk_still_verify(
    scene: Scene,
    twice: Evidence,
    tmp_path: Path,
    signed: bytes,
) -> None:
    (tmp_path / "root.pem").write_bytes(scene.root.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "signed.xml").write_bytes(augment(signed, twice))
    properties = "--id-attr:Id", "http://uri.etsi.org/01903/v1.3.2#:SignedProperties"
    time = "--verification-time", "2026-06-01 12:00:00"
    done = subprocess.run(
        ["xmlsec1", "--verify", "--trusted-pem", "root.pem", *time, *properties, "signed.xml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    judged = subprocess.run(
        ["java", str(JUDGES / "Verify.java"), str(tmp_path / "signed.xml")],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert judged.stdout.split() == ["true"], judged.stderr


def broken(augmented: bytes, how: str) -> bytes:
    root = etree.fromstring(augmented)
    unsigned = next(root.iter(f"{XADES}UnsignedSignatureProperties"))
    archive = unsigned.find(f"{XADES141}ArchiveTimeStamp")
    assert archive is not None
    if how == "a property taken away":
        unsigned.remove(unsigned[2])
    elif how == "two in another order":
        unsigned.insert(0, unsigned[1])
    elif how == "another canonicalisation":
        archive[0].set("Algorithm", "http://www.w3.org/2006/12/xml-c14n11")
    elif how == "an include":
        archive.insert(0, etree.Element(f"{XADES}Include", URI="#x"))
    elif how == "no token":
        archive.remove(archive[1])
    return etree.tostring(root.getroottree(), encoding="utf-8")


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("a property taken away", "something else"),
        ("two in another order", "something else"),
        ("another canonicalisation", "something else"),
        ("an include", "not supported"),
        ("no token", "no token"),
    ],
)
def test_a_broken_archive_time_stamp(
    scene: Scene,
    signed: bytes,
    once: Evidence,
    how: str,
    reason: str,
) -> None:
    augmented = broken(augment(signed, once), how)
    lists = [crl for at in (SIGNED, FIRST) for crl in scene.store(at).crls]
    store = TrustStore.load([scene.root.certificate], lists)
    report = validate(augmented, ValidationPolicy(store), at=FIRST + DAY)
    assert report.passed, report.text()
    assert level(report) in ("XAdES-LT", "XAdES-T")
    assert [said for status, said in stamps(report) if status == "failed" and reason in said]
    later = validate(augmented, scene.policy(), at=SIGNED + 3000 * DAY)
    assert later.sub_indication == "EXPIRED"


def test_an_authority_compromised_after_the_next_time_stamp(
    scene: Scene,
    signed: bytes,
    once: Evidence,
    bare: ValidationPolicy,
) -> None:
    """What a key said before the next time-stamp vouched for it, its later theft does not take back."""

    def revoked(when: datetime, at: datetime) -> ValidationReport:
        entry = (
            x509.RevokedCertificateBuilder()
            .serial_number(scene.tsa.certificate.serial_number)
            .revocation_date(when)
            .add_extension(x509.CRLReason(x509.ReasonFlags.key_compromise), critical=False)
            .build()
        )
        crl = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(scene.clocks.certificate.subject)
            .last_update(when)
            .next_update(when + 9 * DAY)
            .add_revoked_certificate(entry)
            .sign(scene.clocks.key, SHA256())
        )
        store = TrustStore(bare.trust.anchors, [crl.public_bytes(Encoding.DER)])
        return validate(signed, ValidationPolicy(store), at=at, evidence=once)

    after = revoked(FIRST + 2 * DAY, FIRST + 30 * DAY)
    assert after.passed, after.text()
    assert after.signatures[0].proven_time == SIGNED
    before = revoked(FIRST - 2 * DAY, FIRST + 30 * DAY)
    assert before.signatures[0].proven_time == FIRST, "the archive time-stamp alone still proves something"
    assert before.sub_indication == "EXPIRED"


def test_a_plain_signature_is_renewed_beside_it(scene: Scene, fill: Any, shapes: Any) -> None:
    document = fill(f"<a>{shapes.signature(shapes.enveloped)}</a>", scene.person)
    anchors = [scene.root.certificate, scene.ca.certificate]
    evidence = gather_evidence(document, TrustStore.load(anchors, scene.store().crls), scene.stamper())
    stamper = scene.stamper(at=FIRST, key=clock(scene, FIRST - 100 * DAY))
    store = TrustStore.load(anchors, scene.store(FIRST).crls)
    evidence = renew_evidence(document, evidence, store, stamper, at=FIRST)
    report = validate(document, bare_of(scene), at=SIGNED + 3000 * DAY, evidence=evidence)
    assert report.passed, report.text()
    assert (level(report), report.signatures[0].proven_time) == ("XML-DSig", SIGNED)


def test_renewing_needs_a_trusted_service(scene: Scene, signed: bytes) -> None:
    evidence = scene.evidence(signed)
    with pytest.raises(UntrustedTimestamp, match="no fresh revocation list"):
        renew_evidence(
            signed,
            evidence,
            TrustStore([scene.root.certificate]),
            scene.stamper(at=SIGNED + 50 * DAY),
            at=SIGNED + 50 * DAY,
        )


@pytest.mark.parametrize(
    ("method", "namespace"),
    [
        ("", XADES141),
        ("http://www.w3.org/2006/12/xml-c14n11", XADES141),
        ("http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments", XADES141),
        ("", XADES),
    ],
)
def test_made_by_others(
    scene: Scene, fill: Any, shapes: Any, method: str, namespace: str, tmp_path: Path
) -> None:
    """No transforms but the enveloped one, objects of its own, inclusive canonicalisation, other prefixes,
    the archive time-stamp of TS 101 903 v1.3.2: the JDK tells what it is over.
    """
    lists = "".join(
        f"<xades:EncapsulatedCRLValue>{_base64(crl.public_bytes(Encoding.DER))}</xades:EncapsulatedCRLValue>"
        for crl in scene.store().crls
    )
    unsigned = (
        "<xades:UnsignedProperties><xades:UnsignedSignatureProperties>"
        "<xades:SignatureTimeStamp>TOKEN</xades:SignatureTimeStamp>\n"
        f"<xades:RevocationValues><xades:CRLValues>{lists}</xades:CRLValues></xades:RevocationValues>"
        "</xades:UnsignedSignatureProperties></xades:UnsignedProperties>"
    )
    held = shapes.properties(scene.person.certificate, unsigned=unsigned)
    held += "<ds:Object Id='held'><note xmlns='urn:n'>ещё <!-- remark --> </note></ds:Object>"
    held += "<ds:Object Id='signed'><note xmlns='urn:n'>подписано</note></ds:Object>"
    whole = shapes.reference("", shapes.transform("http://www.w3.org/2000/09/xmldsig#enveloped-signature"))
    signs = whole, shapes.reference("#signed"), shapes.properties_reference()
    template = shapes.signature(*signs, objects=held)
    document = fill(f'<a xml:lang="kk" xmlns:unused="urn:u">{template}</a>', scene.person)
    value = next(etree.fromstring(document).iter("{http://www.w3.org/2000/09/xmldsig#}SignatureValue"))
    exclusive = etree.tostring(value, method="c14n", exclusive=True, with_tail=False)
    first = (
        '<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>'
        f"<xades:EncapsulatedTimeStamp>{_base64(scene.stamp(exclusive).der)}</xades:EncapsulatedTimeStamp>"
    )
    document = document.replace(b"TOKEN", first.encode())
    named = f'<ds:CanonicalizationMethod Algorithm="{method}"/>' if method else ""
    archive = (
        f'<x:ArchiveTimeStamp xmlns:x="{namespace[1:-1]}">{named}'
        "<xades:EncapsulatedTimeStamp>TOKEN</xades:EncapsulatedTimeStamp></x:ArchiveTimeStamp>"
    )
    end = document.index(b"</xades:UnsignedSignatureProperties>")
    document = document[:end] + archive.encode() + document[end:]
    (tmp_path / "signed.xml").write_bytes(document)
    done = subprocess.run(
        ["java", str(JUDGES / "Imprint.java"), str(tmp_path / "signed.xml")],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout, done.stderr
    token = stamped_digest(scene, bytes.fromhex(done.stdout.strip()), SIGNED + DAY)
    finished = document.replace(b"TOKEN", _base64(token).encode())
    store = scene.store_of_intermediates()
    report = validate(finished, ValidationPolicy(store), at=SIGNED + 2 * DAY)
    assert report.passed, report.text()
    assert [status for status, _reason in stamps(report)] == ["passed", "passed"], report.text()
    assert level(report) == "XAdES-LTA"
    assert validate(finished, bare_of(scene), at=SIGNED + 2 * DAY).passed
    changed = finished.replace("ещё".encode(), "что".encode())
    report = validate(changed, ValidationPolicy(store), at=SIGNED + 2 * DAY)
    assert [status for status, _reason in stamps(report)] == ["failed", "passed"], report.text()
    assert level(report) == "XAdES-LT"


def test_what_has_no_canonical_form_harms_no_other_time_stamp(scene: Scene, fill: Any, shapes: Any) -> None:
    unsigned = (
        "<xades:UnsignedProperties><xades:UnsignedSignatureProperties>"
        "<xades:SignatureTimeStamp>TOKEN</xades:SignatureTimeStamp>RELATIVE"
        f'<x:ArchiveTimeStamp xmlns:x="{XADES141[1:-1]}">TOKEN</x:ArchiveTimeStamp>'
        "</xades:UnsignedSignatureProperties></xades:UnsignedProperties>"
    )
    held = shapes.properties(scene.person.certificate, unsigned=unsigned)
    template = shapes.signature(shapes.reference("#b"), shapes.properties_reference(), objects=held)
    document = fill(f"<a><b Id='b'/>{template}</a>", scene.person)
    value = next(etree.fromstring(document).iter("{http://www.w3.org/2000/09/xmldsig#}SignatureValue"))
    token = scene.stamp(etree.tostring(value, method="c14n", with_tail=False)).der
    inner = f"<xades:EncapsulatedTimeStamp>{_base64(token)}</xades:EncapsulatedTimeStamp>"
    anchors = [scene.root.certificate, scene.ca.certificate]
    policy = ValidationPolicy(TrustStore.load(anchors, scene.store().crls), coverage=Coverage.ANY)
    document = document.replace(b"RELATIVE", b"<r:relative xmlns:r='relative'/>")
    report = validate(document.replace(b"TOKEN", inner.encode()), policy, at=SIGNED + DAY)
    assert report.passed, report.text()
    assert report.signatures[0].proven_time == SIGNED
    assert ("failed", "The time-stamp could not be processed.") in stamps(report)


def bare_of(scene: Scene) -> ValidationPolicy:
    anchors = [scene.root.certificate, scene.ca.certificate]
    return ValidationPolicy(TrustStore(anchors))


def stamped_digest(scene: Scene, digest: bytes, at: datetime) -> bytes:
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest}
    request = tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, "cert_req": True})
    authority = TimestampAuthority(scene.tsa.signer, clock=lambda: at)
    return read_response(authority.respond(request.dump())).der


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
