"""What the tests of validation share: a small trust, and templates that libxmlsec signs."""

from __future__ import annotations

import base64
import hashlib
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree
from tests.signing.scenes import DAY, DOCUMENT, SIGNED, Scene

from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import Coverage, TrustStore, ValidationPolicy, sign

DS = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
ECDSA = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"


@dataclass(frozen=True)
class World:
    """An authority, what it says of revocation, and people it certified."""

    root: Authority
    ca: Authority
    person: IssuedKey
    rsa_person: IssuedKey
    store: TrustStore

    def policy(self, **changes: Any) -> ValidationPolicy:
        return ValidationPolicy(**{"trust": self.store, **changes})

    @property
    def lenient(self) -> ValidationPolicy:
        """Accepts a part of a document too."""
        return self.policy(coverage=Coverage.ANY)


@pytest.fixture(scope="session")
def world() -> World:
    root = Authority.create("Корень", algorithm="ec")
    ca = root.intermediate("Центр", algorithm="ec")
    return World(
        root=root,
        ca=ca,
        person=ca.issue_person("ИВАНОВ ИВАН ИВАНОВИЧ", "900101300017", algorithm="ec"),
        rsa_person=ca.issue_person("ПЕТРОВА АННА", "900101400018", algorithm="rsa"),
        store=TrustStore([root.certificate, ca.certificate], [root.crl(), ca.crl()]),
    )


def transform(algorithm: str, inside: str = "") -> str:
    return f'<ds:Transform Algorithm="{algorithm}">{inside}</ds:Transform>'


def reference(uri: str, *transforms: str, digest: str = SHA256, attributes: str = "") -> str:
    listed = f"<ds:Transforms>{''.join(transforms)}</ds:Transforms>" if transforms else ""
    return (
        f'<ds:Reference URI="{uri}" {attributes}>{listed}'
        f'<ds:DigestMethod Algorithm="{digest}"/><ds:DigestValue/></ds:Reference>'
    )


ENVELOPED = reference("", transform(f"{DS}enveloped-signature"), transform(EXCLUSIVE))


def signature(
    *references: str,
    method: str = ECDSA,
    canonicalization: str = EXCLUSIVE,
    objects: str = "",
    identifier: str = "sig",
    key_info: str = "<ds:X509Data><ds:X509Certificate/></ds:X509Data>",
) -> str:
    """A ds:Signature to be filled in."""
    return (
        f'<ds:Signature xmlns:ds="{DS}" Id="{identifier}"><ds:SignedInfo>'
        f'<ds:CanonicalizationMethod Algorithm="{canonicalization}"/>'
        f'<ds:SignatureMethod Algorithm="{method}"/>{"".join(references)}</ds:SignedInfo>'
        f'<ds:SignatureValue Id="{identifier}-value"/><ds:KeyInfo>{key_info}</ds:KeyInfo>'
        f"{objects}</ds:Signature>"
    )


def unprefixed(template: str) -> str:
    """The same signature in a default namespace."""
    return (
        template.replace("ds:", "").replace("xmlns:ds=", "xmlns=").replace(f'xmlns="{DS}" xmlns="', 'xmlns="')
    )


def properties(
    certificate: x509.Certificate,
    identifier: str = "sig",
    *,
    target: str | None = None,
    digest: bytes | None = None,
    method: str = SHA256,
    more: str = "",
    data: str = "",
    unsigned: str = "",
) -> str:
    """A ds:Object with XAdES qualifying properties."""
    der = certificate.public_bytes(Encoding.DER)
    value = base64.b64encode(digest if digest is not None else hashlib.sha256(der).digest()).decode()
    return (
        f'<ds:Object><xades:QualifyingProperties xmlns:xades="{XADES}" Target="{target or "#" + identifier}">'
        f'<xades:SignedProperties Id="{identifier}-properties"><xades:SignedSignatureProperties>'
        "<xades:SigningTime>2026-01-02T03:04:05.678+05:00</xades:SigningTime><xades:SigningCertificateV2>"
        f'<xades:Cert><xades:CertDigest><ds:DigestMethod Algorithm="{method}"/>'
        f"<ds:DigestValue>{value}</ds:DigestValue></xades:CertDigest>{more}</xades:Cert>"
        f"</xades:SigningCertificateV2></xades:SignedSignatureProperties>{data}</xades:SignedProperties>"
        f"{unsigned}</xades:QualifyingProperties></ds:Object>"
    )


def properties_reference(identifier: str = "sig", to: str = "") -> str:
    return reference(
        f"#{to or identifier + '-properties'}",
        transform(EXCLUSIVE),
        attributes='Type="http://uri.etsi.org/01903#SignedProperties"',
    )


Fill = Callable[..., bytes]


@pytest.fixture(scope="session")
def fill(world: World) -> Fill:
    """Let libxmlsec fill in the digests, the value and the certificate of a document's signatures."""

    def filled(template: str | bytes, key: IssuedKey | None = None, *, which: str = "") -> bytes:
        used = key or world.person
        pem = used.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        signing = xmlsec.Key.from_memory(pem, xmlsec.KeyFormat.PEM)
        signing.load_cert_from_memory(used.certificate.public_bytes(Encoding.PEM), xmlsec.KeyFormat.PEM)
        root = etree.fromstring(template.encode() if isinstance(template, str) else template)
        xmlsec.tree.add_ids(root, ["Id"])
        for node in list(root.iter(f"{{{DS}}}Signature")):
            if not which or node.get("Id") == which:
                context = xmlsec.SignatureContext()
                context.key = signing
                context.sign(node)
        return etree.tostring(root.getroottree(), encoding="utf-8")

    return filled


@pytest.fixture(scope="session")
def shapes() -> SimpleNamespace:
    """The templates above, for tests, which cannot import a neighbour."""
    return SimpleNamespace(
        enveloped=ENVELOPED,
        properties=properties,
        properties_reference=properties_reference,
        reference=reference,
        signature=signature,
        transform=transform,
        unprefixed=unprefixed,
    )


SIGNER_JAVA = Path(__file__).parent / "producers" / "Sign.java"


@pytest.fixture(scope="session")
def jdk(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents signed by the JDK, RSA and P-256."""
    folder = tmp_path_factory.mktemp("jdk")
    for kind, key in (("ec", world.person), ("rsa", world.rsa_person)):
        keys = folder / f"{kind}.p12"
        keys.write_bytes(key.pkcs12("secret"))
        subprocess.run(["java", str(SIGNER_JAVA), str(keys), "secret", str(folder), kind], check=True)
    return folder


@pytest.fixture
def scene() -> Scene:
    before = SIGNED - 400 * DAY
    root = Authority.create("Корень", algorithm="ec", not_before=before)
    ca = root.intermediate("Центр", algorithm="ec", not_before=before)
    clocks = root.intermediate("Часы", algorithm="ec", not_before=before)
    return Scene(
        root,
        ca,
        clocks,
        ca.issue_person(
            "ИВАНОВ ИВАН",
            "900101300017",
            algorithm="ec",
            not_before=SIGNED - 100 * DAY,
            not_after=SIGNED + 100 * DAY,
        ),
        clocks.issue_timestamping("Уақыт", algorithm="ec", not_before=SIGNED - 200 * DAY),
    )


@pytest.fixture
def signed(scene: Scene) -> bytes:
    return sign(DOCUMENT, scene.person.signer)
