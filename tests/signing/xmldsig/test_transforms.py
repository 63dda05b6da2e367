"""Transforms of unknown form."""

from __future__ import annotations

import pytest
from tests.signing import templates
from tests.signing.factories import SigningWorld, failed_check
from tests.signing.templates import FILTER2, XPATH

from egovdocs.signing import validate


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
def test_unknown_xpath_expressions(algorithm: str, inside: str, world: SigningWorld) -> None:
    template = templates.signature(templates.reference("", templates.transform(algorithm, inside)))
    document = f"<a><b/>{template}</a>".replace("<ds:DigestValue/>", "<ds:DigestValue>AAAA</ds:DigestValue>")
    document = document.replace('-value"/>', '-value">AAAA</ds:SignatureValue>')
    document = document.replace("<ds:X509Data><ds:X509Certificate/></ds:X509Data>", "")
    assert failed_check(validate(document.encode(), world.policy())) == (
        "SIG_CONSTRAINTS_FAILURE",
        "transforms",
    )
