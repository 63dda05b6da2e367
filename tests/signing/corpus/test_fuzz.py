"""Any bytes get a report, and a document that passes has the content that was signed.

``make fuzz`` runs the same for much longer.
"""

from __future__ import annotations

import base64
import os
from copy import deepcopy
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from egovdocs.signing import Coverage, Revocation, TrustStore, ValidationPolicy, ValidationReport, validate

from .documents import documents
from .maker import DS, XADES, Maker

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
    "variants/manifest of the whole",
    "variants/XAdES, enveloping in one object",
    "variants/ECKeyValue",
    "variants/a commitment about one thing",
    "variants/issuer and number in DER",
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
PLACES = st.integers(0, 100_000)
PIECES = st.one_of(st.binary(max_size=8), st.sampled_from(MARKUP))
KINDS = ["remove", "move", "repeat", "comment", "instruction", "text", "attribute", "tag", "octet"]
CHANGES = st.tuples(st.sampled_from(KINDS), PLACES, PLACES, *map(st.sampled_from, (NAMES, WORDS, TAGS)))

Change = tuple[str, int, int, str, str, str]


class FuzzInput:
    """The documents to change, and the policies to validate them with."""

    def __init__(self, seeds: list[bytes], policies: list[ValidationPolicy]) -> None:
        self.seeds, self.policies = seeds, policies


@pytest.fixture(scope="module")
def fuzz_input(maker: Maker) -> FuzzInput:
    made = documents()
    strict = ValidationPolicy(trust=maker.store)
    lenient = replace(strict, coverage=Coverage.ANY, revocation=Revocation.IF_PRESENT)
    return FuzzInput([made[name](maker) for name in SEEDS], [strict, lenient])


def assert_reported(report: ValidationReport) -> None:
    """Assert that the report has reasons, and that no unexpected error occurred."""
    checks = [*report.checks, *(check for each in report.signatures for check in each.checks)]
    assert all(check.reason != "The signature could not be processed." for check in checks)
    assert report.as_dict("ru")
    assert report.text("kk")
    assert report.passed or (report.content is None and report.reason is not None)


@LONG
@given(document=st.binary(max_size=200))
def test_any_bytes(document: bytes) -> None:
    report = validate(document, ValidationPolicy(trust=TrustStore([])))
    assert_reported(report)
    assert not report.passed


@LONG
@given(which=PLACES, pieces=st.lists(st.tuples(PLACES, st.integers(0, 40), PIECES), min_size=1, max_size=4))
def test_bytes_changed(which: int, pieces: list[tuple[int, int, bytes]], fuzz_input: FuzzInput) -> None:
    seed = fuzz_input.seeds[which % len(SEEDS)]
    document = bytearray(seed)
    for place, length, piece in pieces:
        start = place % len(document)
        document[start : start + length] = piece
    judge(bytes(document), seed, fuzz_input.policies)


@LONG
@given(which=PLACES, changes=st.lists(CHANGES, min_size=1, max_size=4))
def test_trees_changed(which: int, changes: list[Change], fuzz_input: FuzzInput) -> None:
    seed = fuzz_input.seeds[which % len(SEEDS)]
    root = etree.fromstring(seed)
    for each in changes:
        change(root, *each)
    judge(etree.tostring(root.getroottree(), encoding="utf-8"), seed, fuzz_input.policies)


def judge(document: bytes, seed: bytes, policies: list[ValidationPolicy]) -> None:
    for policy in policies:
        report = validate(document, policy)
        assert_reported(report)
        if report.passed:
            signed = validate(seed, policy)
            assert report.content in (signed.content, None)
            covered = {octets for each in signed.signatures for octets in each.covered}
            assert {octets for each in report.signatures for octets in each.covered} <= covered


def change(root: etree._Element, kind: str, one: int, two: int, name: str, word: str, tag: str) -> None:
    """Make one change of a kind that an attacker or a careless program makes."""
    elements = list(root.iter(etree.Element))
    element, other = elements[one % len(elements)], elements[two % len(elements)]
    below = element is not root
    if kind == "remove" and below:
        element.getparent().remove(element)
    elif kind == "move" and below and element not in (other, *other.iterancestors()):
        other.insert(two % (len(other) + 1), element)
    elif kind == "repeat" and below:
        element.addnext(deepcopy(element))
    elif kind == "comment":
        element.insert(0, etree.Comment("x"))
    elif kind == "instruction":
        element.insert(0, etree.ProcessingInstruction("x"))
    elif kind == "text":
        element.text = word
    elif kind == "attribute":
        element.set(name, word)
    elif kind == "tag":
        element.tag = tag
    elif kind == "octet" and len(element.text or "") > 80:
        octets = bytearray(base64.b64decode((element.text or "") + "==", validate=False))
        octets[two % len(octets)] ^= 1 << one % 8
        element.text = base64.b64encode(octets).decode()
