"""Whatever the bytes, validation answers; and what it lets pass says what was signed.

``make fuzz`` runs the same for much longer.
"""

from __future__ import annotations

import base64
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from egovdocs.signing import Coverage, Revocation, TrustStore, ValidationPolicy, ValidationReport, validate

from .make import DS, XADES, Maker, documents

EXAMPLES = int(os.environ.get("EGOVDOCS_FUZZ", "200"))
LONG = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
SEEDS = [
    "libxmlsec/XAdES",
    "libxmlsec/XPath Filter 2",
    "libxmlsec/NCALayer",
    "libxmlsec/unprefixed, inclusive",
    "made/counter-signature within",
    "made/parallel signatures",
    "made/with a time-stamp and values",
    "enveloping/object",
    "part/base64",
    "jdk/pss-parameters",
]
WORDS = ["", "sig", "#sig", "b", "#b", "root", "#xpointer(/)", "0", "-1", "9" * 30, "\u00a0", "==", "x" * 99]
NAMES = ["Id", "ID", "id", "URI", "Algorithm", "Type", "Target", "Filter", "PrefixList", "Encoding"]
MARKUP = [
    b"<",
    b"/>",
    b"<!--",
    b"-->",
    b"&#0;",
    b"Id=",
    b'"',
    b"</ds:Object>",
    b"<ds:Signature/>",
    b"<!DOCTYPE a>",
]
TAGS = [
    *(
        f"{{{DS}}}{name}"
        for name in ("Signature", "Object", "SignedInfo", "Transform", "X509Data", "KeyValue")
    ),
    *(f"{{{XADES}}}{name}" for name in ("SignatureTimeStamp", "CounterSignature", "Cert", "SigningTime")),
    "a",
]


@pytest.fixture(scope="module")
def seeds(maker: Maker) -> list[bytes]:
    made = documents()
    return [made[name](maker) for name in SEEDS]


@pytest.fixture(scope="module")
def policies(maker: Maker) -> list[ValidationPolicy]:
    return [
        ValidationPolicy(trust=maker.store),
        ValidationPolicy(trust=maker.store, coverage=Coverage.ANY, revocation=Revocation.IF_PRESENT),
    ]


def answers(report: ValidationReport) -> None:
    """It is a verdict, in words, and no mishap stands behind it."""
    checks = [*report.checks, *(check for each in report.signatures for check in each.checks)]
    assert all(check.reason != "The signature could not be processed." for check in checks)
    assert report.as_dict("ru")
    assert report.text("kk")
    assert report.passed or (report.content is None and report.reason is not None)


@LONG
@given(document=st.binary(max_size=200))
def test_any_bytes(document: bytes) -> None:
    report = validate(document, ValidationPolicy(trust=TrustStore([])))
    answers(report)
    assert not report.passed


@LONG
@given(data=st.data())
def test_bytes_changed(data: st.DataObject, seeds: list[bytes], policies: list[ValidationPolicy]) -> None:
    seed = data.draw(st.sampled_from(seeds))
    document = bytearray(seed)
    for _change in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(document)))
        end = data.draw(st.integers(start, min(len(document), start + 40)))
        document[start:end] = data.draw(st.one_of(st.binary(max_size=8), st.sampled_from(MARKUP)))
    judge(bytes(document), seed, policies)


@LONG
@given(data=st.data())
def test_trees_changed(data: st.DataObject, seeds: list[bytes], policies: list[ValidationPolicy]) -> None:
    seed = data.draw(st.sampled_from(seeds))
    root = etree.fromstring(seed)
    for _change in range(data.draw(st.integers(1, 4))):
        change(root, data)
    judge(etree.tostring(root.getroottree(), encoding="utf-8"), seed, policies)


def judge(document: bytes, seed: bytes, policies: list[ValidationPolicy]) -> None:
    for policy in policies:
        report = validate(document, policy)
        answers(report)
        if report.passed:
            signed = validate(seed, policy)
            assert report.content in (signed.content, None)
            covered = {octets for each in signed.signatures for octets in each.covered}
            assert {octets for each in report.signatures for octets in each.covered} <= covered


def change(root: etree._Element, data: st.DataObject) -> None:
    """One change of the kinds that an attacker, or a careless program, makes."""
    elements = list(root.iter(etree.Element))
    element, other = data.draw(st.sampled_from(elements)), data.draw(st.sampled_from(elements))
    kind = data.draw(st.integers(0, 7))
    below = element is not root
    if kind == 0 and below:
        element.getparent().remove(element)
    elif kind == 1 and below and element not in (other, *other.iterancestors()):
        other.insert(data.draw(st.integers(0, len(other))), element)
    elif kind == 2 and below:
        element.addnext(etree.fromstring(etree.tostring(element, with_tail=False)))
    elif kind == 3:
        element.insert(0, data.draw(st.sampled_from([etree.Comment("x"), etree.ProcessingInstruction("x")])))
    elif kind == 4:
        element.text = data.draw(st.sampled_from(WORDS))
    elif kind == 5:
        element.set(data.draw(st.sampled_from(NAMES)), data.draw(st.sampled_from(WORDS)))
    elif kind == 6:
        element.tag = data.draw(st.sampled_from(TAGS))
    elif kind == 7 and len(element.text or "") > 80:
        octets = bytearray(base64.b64decode(element.text or "", validate=False))
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
        element.text = base64.b64encode(octets).decode()
