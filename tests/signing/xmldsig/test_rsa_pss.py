"""Parameters of RSASSA-PSS."""

from __future__ import annotations

import pytest
from tests.signing import templates
from tests.signing.factories import Fill, SigningWorld, failed_check
from tests.signing.templates import DS, MORE

from egovdocs.signing import validate

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
def test_unsupported_parameters(
    parameters: str, sub_indication: str, world: SigningWorld, fill: Fill
) -> None:
    """They are reported as such, and not as a wrong signature."""
    signed = fill(
        f"<a>{templates.signature(templates.ENVELOPED, method=f'{MORE}rsa-sha256')}</a>", world.rsa_person
    )
    listed = f'<p:RSAPSSParams xmlns:p="{PSS}">{parameters}</p:RSAPSSParams>'
    method = f'<ds:SignatureMethod Algorithm="{PSS}rsa-pss">{listed}</ds:SignatureMethod>'
    document = signed.replace(f'<ds:SignatureMethod Algorithm="{MORE}rsa-sha256"/>'.encode(), method.encode())
    assert failed_check(validate(document, world.policy())) == (sub_indication, "algorithms")
