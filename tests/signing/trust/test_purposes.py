"""Key usage and extended key usage."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from tests.signing.trust.path_factories import OddCertificates, fresh_lists, issue_certificate, verdict

from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import TrustStore


@pytest.mark.parametrize(
    ("usage", "sub_indication"),
    [
        ("digital_signature", None),
        ("content_commitment", None),
        ("key_encipherment", "CHAIN_CONSTRAINTS_FAILURE"),
        ("key_cert_sign", "CHAIN_CONSTRAINTS_FAILURE"),
    ],
)
def test_key_usage(usage: str, sub_indication: str | None, root: Authority) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    issued = IssuedKey(key, issue_certificate(root, key, usage=usage), (root.certificate,))
    assert verdict(TrustStore([root.certificate], fresh_lists(root)), issued) == sub_indication
    assert verdict(TrustStore([issued.certificate]), issued) == sub_indication


@pytest.mark.parametrize(
    ("options", "sub_indication"),
    [
        ({"usage": ("content_commitment",)}, None),
        ({"usage": None}, None),
        ({"ca": None, "usage": None}, None),
        ({"usage": ()}, "CHAIN_CONSTRAINTS_FAILURE"),
        ({"purposes": ["1.3.6.1.5.5.7.3.1"], "critical": False}, "CHAIN_CONSTRAINTS_FAILURE"),
        ({"purposes": ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.4"], "critical": False}, None),
        ({"purposes": ["2.999.2"], "critical": False}, None),
        ({"purposes": ["1.3.6.1.5.5.7.3.1"], "critical": True}, "CHAIN_CONSTRAINTS_FAILURE"),
        ({"purposes": ["2.999.2"], "critical": True}, "CHAIN_CONSTRAINTS_FAILURE"),
        ({"purposes": ["2.999.2", "1.3.6.1.5.5.7.3.36"], "critical": True}, None),
        ({"purposes": ["1.2.398.3.3.4.1.1"], "critical": True}, None),
        ({"strange": False}, None),
        ({"strange": True}, "CERTIFICATE_CHAIN_GENERAL_FAILURE"),
    ],
)
def test_purposes(options: dict[str, Any], sub_indication: str | None, odd: OddCertificates) -> None:
    options = dict(options)
    if "strange" in options:
        strange = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.1"), b"\x05\x00")
        options["more"] = [(strange, options.pop("strange"))]
    if "purposes" in options:
        purposes = x509.ExtendedKeyUsage(list(map(x509.ObjectIdentifier, options.pop("purposes"))))
        options["more"] = [(purposes, options.pop("critical"))]
    assert odd.verdict(odd.person(**options)) == sub_indication
