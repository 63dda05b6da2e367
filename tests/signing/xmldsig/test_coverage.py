"""What signatures cover, and signature wrapping."""

from __future__ import annotations

import pytest
from lxml import etree
from tests.signing import templates
from tests.signing.factories import Fill, SigningWorld, failed_check
from tests.signing.templates import COUNTERSIGNED, DS, EXCLUSIVE, XPATH
from tests.signing.valid_documents import ENVELOPING, PARTS, _xades

from egovdocs.signing import validate


@pytest.mark.parametrize("name", PARTS)
def test_a_signed_part(name: str, world: SigningWorld, fill: Fill) -> None:
    document = fill(PARTS[name])
    report = validate(document, world.lenient)
    assert report.passed, report.text()
    assert report.signatures[0].covers == "part"
    assert report.signatures[0].covered
    assert report.content is None
    strict = validate(document, world.policy())
    assert (strict.indication, strict.sub_indication) == ("INDETERMINATE", "SIG_CONSTRAINTS_FAILURE")
    assert strict.signatures[0].covered == ()


@pytest.mark.parametrize("name", ENVELOPING)
def test_an_enveloping_signature(name: str, world: SigningWorld, fill: Fill) -> None:
    report = validate(fill(ENVELOPING[name]), world.policy())
    assert report.passed, report.text()
    assert report.content is not None
    assert etree.fromstring(report.content).text == "в"


def test_parallel_signatures(world: SigningWorld, fill: Fill) -> None:
    apart = templates.transform(XPATH, "<ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath>")
    document = "<a>в{}{}</a>".format(
        *(templates.signature(templates.reference("", apart), identifier=name) for name in ("one", "two"))
    )
    report = validate(fill(document), world.policy())
    assert report.passed, report.text()
    assert [each.covers for each in report.signatures] == ["whole", "whole"]
    assert report.content == "<a>в</a>".encode()


def test_a_counter_signature_is_reported_as_one(world: SigningWorld, fill: Fill) -> None:
    counter = templates.signature(
        templates.reference(
            "#sig-value", templates.transform(EXCLUSIVE), attributes=f'Type="{COUNTERSIGNED}"'
        ),
        identifier="counter",
    )
    unsigned = (
        "<xades:UnsignedProperties><xades:UnsignedSignatureProperties><xades:CounterSignature>"
        f"{counter}</xades:CounterSignature></xades:UnsignedSignatureProperties></xades:UnsignedProperties>"
    )
    document = fill(f"<a>{_xades(world.person.certificate, unsigned=unsigned)}</a>")
    report = validate(document, world.policy())
    assert report.passed, report.text()
    assert [each.counter_signature for each in report.signatures] == [False, True]
    assert report.signatures[1].passed
    assert report.content == b"<a></a>"


def _wrap(signed: bytes, shape: int) -> bytes:
    """Move the signed part away and put another part in its place."""
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
def test_signature_wrapping(shape: int, world: SigningWorld, fill: Fill) -> None:
    template = templates.signature(templates.reference("#x", templates.transform(EXCLUSIVE)))
    signed = fill(f'<doc><part Id="x">доброе</part>{template}</doc>')
    assert validate(signed, world.lenient).passed
    document = _wrap(signed, shape)
    assert not validate(document, world.policy()).passed
    report = validate(document, world.lenient)
    # A policy that accepts a part returns the signed part, wherever it is, and never the other.
    if report.passed:
        assert report.content is None
        assert [each.covered for each in report.signatures] == [('<part Id="x">доброе</part>'.encode(),)]
    else:
        assert failed_check(report) == ("FORMAT_FAILURE", "identifiers")


def test_a_document_inside_another_root(own_document: bytes, world: SigningWorld) -> None:
    root = etree.fromstring(own_document)
    evil = etree.Element("a", Id="root")
    evil.append(root)
    assert failed_check(validate(etree.tostring(evil), world.policy())) == ("HASH_FAILURE", "references")
