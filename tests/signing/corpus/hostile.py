"""Invalid documents, in the ways that attackers and careless programs have found."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from copy import deepcopy

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lxml import etree

from egovdocs.signing.xmldsig.c14n import canonicalize

from .. import templates
from .maker import (
    C14N,
    DS,
    ENC,
    ENVELOPED,
    EXCLUSIVE,
    FILTER2,
    MORE,
    OWN_XPATH,
    XADES,
    XPATH,
    Change,
    Make,
    Maker,
    certificate_text,
    changed,
    filter2,
    find,
    second_of,
    signed,
    text_of,
    xpath,
)
from .variants import COMMITMENT, DS11, FORMAT, NO_SIGNATURES, TIME, WHOLE_DATA, X509, xades

VALUES = ("DigestValue", "SignatureValue", "X509Certificate")
TYPE = 'Type="http://uri.etsi.org/01903#SignedProperties"'


def _signed_anew(
    maker: Maker, document: bytes | str, value: Callable[[bytes], bytes] = lambda value: value
) -> bytes:
    """Sign SignedInfo as it is, whether its digests match or not, with P-256 and SHA-256."""
    root = etree.fromstring(document)
    info = find(root, "SignedInfo")
    key = maker.world.person
    made = key.key.sign(canonicalize(info, EXCLUSIVE), ec.ECDSA(hashes.SHA256()))
    raw = b"".join(number.to_bytes(32) for number in decode_dss_signature(made))
    find(root, "SignatureValue").text = base64.b64encode(made if value is DER else value(raw)).decode()
    find(root, "X509Certificate").text = certificate_text(key)
    return etree.tostring(root.getroottree(), encoding="utf-8")


def DER(value: bytes) -> bytes:  # noqa: N802 - names a form of the value
    raise AssertionError("the value in DER, as OpenSSL writes it and XML Signature does not")


def _resigned(change: Change) -> Make:
    return lambda m: _signed_anew(m, m.changed(change))


def _valued(value: Callable[[bytes], bytes]) -> Make:
    return lambda m: _signed_anew(m, m.ours, value)


def _digested(template: str, octets: bytes) -> str:
    digest = base64.b64encode(hashlib.sha256(octets).digest()).decode()
    return template.replace("<ds:DigestValue/>", f"<ds:DigestValue>{digest}</ds:DigestValue>")


def _empty(uri: str, transform: tuple[str, str] | str, template: str) -> Make:
    """Return a document whose reference has no bytes left, with the digest of no bytes."""
    return lambda m: _signed_anew(
        m, _digested(template.format(templates.signature(m.whole(transform, uri=uri))), b"")
    )


def _inserted(name: str, what: Callable[[], etree._Element]) -> Make:
    return changed(lambda root: find(root, name).append(what()))


def _removed(name: str) -> Make:
    def change(root: etree._Element) -> None:
        element = find(root, name)
        parent = element.getparent()
        assert parent is not None
        parent.remove(element)

    return changed(change)


def _second_info(where: str) -> Make:
    """Put another SignedInfo where a search through the whole signature would find it."""

    def change(root: etree._Element) -> None:
        info = deepcopy(find(root, "SignedInfo"))
        for each in info.iter():
            each.attrib.pop("Id", None)
        signature = find(root, "Signature")
        holder = signature if where == "Object" else find(root, where)
        held = etree.SubElement(holder, f"{{{DS}}}Object") if where == "Object" else holder
        held.insert(0, info)

    return changed(change)


def _with_uri(uri: str) -> Make:
    return _resigned(lambda root: find(root, "Reference").set("URI", uri))


def _with_transform(algorithm: str) -> Make:
    return _resigned(lambda root: find(root, "Transform").set("Algorithm", algorithm))


def _filtered(expression: str, options: str) -> Make:
    """Return a document with a filter and any digest: libxmlsec would not sign all of these."""
    return lambda m: _signed_anew(
        m,
        _digested(f"<a>в<b/>{templates.signature(m.whole(filter2(expression, options)))}</a>", b""),
    )


def _selected(expression: str, declared: str = "") -> Make:
    return lambda m: _signed_anew(
        m,
        _digested(
            "<a>в<b/>{}</a>".format(
                templates.signature(m.whole((XPATH, f"<ds:XPath {declared}>{expression}</ds:XPath>")))
            ),
            b"",
        ),
    )


def _prolog(prolog: str, encoding: str = "utf-8") -> Make:
    return lambda m: (prolog + etree.tostring(etree.fromstring(m.ours), encoding="unicode")).encode(encoding)


def _octets(old: str, new: bytes) -> Make:
    return lambda m: m.ours.replace(old.encode(), new, 1)


def _key_info(inside: str | Callable[[Maker], str]) -> Make:
    def make(maker: Maker) -> bytes:
        key_info = inside if isinstance(inside, str) else inside(maker)
        return maker.fill(f"<a>{templates.signature(templates.ENVELOPED, key_info=key_info)}</a>")

    return make


def _another_encoded_key(maker: Maker) -> str:
    key = maker.people["P-384"].key.public_key()
    encoded = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    text = base64.b64encode(encoded).decode()
    return f'<e:DEREncodedKeyValue xmlns:e="{DS11}">{text}</e:DEREncodedKeyValue>{X509}'


def _key_value_with_a_comment(maker: Maker) -> bytes:
    """Return a key value that is the certificate's key up to a comment, and no key as a whole."""
    point = base64.b64encode(
        maker.world.person.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    ).decode()
    return _key_info(
        f'<ds:KeyValue><e:ECKeyValue xmlns:e="{DS11}"><e:NamedCurve URI="urn:oid:1.2.840.10045.3.1.7"/>'
        f"<e:PublicKey>{point}<!--x-->AAAA</e:PublicKey></e:ECKeyValue></ds:KeyValue>{X509}"
    )(maker)


def _enveloping(change: Change, held: str = WHOLE_DATA, uri: str = "#o", with_xades: bool = False) -> Make:
    def make(maker: Maker) -> bytes:
        references = [templates.reference(uri)]
        if with_xades:
            references.append(templates.properties_reference())
            held_too = held + templates.properties(maker.world.person.certificate)
        else:
            held_too = held
        return maker.changed(change, maker.signed(*references, objects=held_too, template="{}"))

    return make


def _evil_in(number: int) -> Change:
    return lambda root: root[number].append(etree.Element("evil"))


def _evil_object(root: etree._Element) -> None:
    etree.SubElement(etree.SubElement(root, f"{{{DS}}}Object"), "evil")


def _manifest_of(change: str) -> Make:
    def make(maker: Maker) -> bytes:
        held = f'<ds:Object><ds:Manifest Id="m">{templates.reference("#b")}</ds:Manifest></ds:Object>'
        reference = templates.reference("#m", attributes=f'Type="{DS}Manifest"')
        document = maker.signed(reference, objects=held, template='<a><b Id="b"/>{}</a>')
        return document.replace(b'<b Id="b"/>', change.encode())

    return make


def manifest_of_another_place(maker: Maker) -> bytes:
    """Return a document whose manifest names another file; libxmlsec would not sign it."""
    listed = _digested(maker.whole(uri="http://127.0.0.1:1/"), b"")
    held = f'<ds:Object><ds:Manifest Id="m">{listed}</ds:Manifest></ds:Object>'
    template = f"<a>{templates.signature(templates.reference('#m'), objects=held)}</a>"
    octets = canonicalize(find(etree.fromstring(template), "Manifest"), C14N)
    return _signed_anew(maker, _digested(template, octets))


def _manifest_in_manifest(maker: Maker) -> bytes:
    """Return a document whose two manifests have more references than a signature may have."""
    listed = templates.reference("#b")
    held = "".join(
        f'<ds:Object><ds:Manifest Id="{name}">{inside}</ds:Manifest></ds:Object>'
        for name, inside in (("n", listed * 6), ("m", templates.reference("#n") + listed * 3))
    )
    return maker.signed(templates.reference("#m"), objects=held, template='<a><b Id="b"/>{}</a>')


def _second_signed_properties(root: etree._Element) -> None:
    properties = find(root, "SignedProperties", XADES)
    other = deepcopy(properties)
    properties.addprevious(other)
    other.set("Id", "other")


def _second_object(root: etree._Element) -> None:
    holder = find(root, "Object")
    other = deepcopy(holder)
    find(other, "SignedProperties", XADES).set("Id", "other")
    holder.addprevious(other)


def _properties_moved_away(root: etree._Element) -> None:
    """Wrap the properties: move the signed ones away, and put others in their place."""
    properties = find(root, "SignedProperties", XADES)
    other = deepcopy(properties)
    other.set("Id", "other")
    find(other, "SigningTime", XADES).text = "2020-01-01T00:00:00Z"
    properties.addprevious(other)
    holder = etree.SubElement(find(root, "Signature"), f"{{{DS}}}Object")
    holder.append(properties)


def _properties_as_base64(maker: Maker) -> bytes:
    """Sign the decoded text of the properties, and not their markup."""
    transform = templates.transform(f"{DS}base64")
    reference = templates.reference("#sig-properties", transform, attributes=TYPE)
    held = templates.properties(maker.world.person.certificate).replace(
        f"<xades:SigningTime>{TIME}</xades:SigningTime>", ""
    )
    digest = hashlib.sha256(maker.world.person.certificate.public_bytes(Encoding.DER)).digest()
    content = _digested(maker.whole(ENVELOPED), b"<a>" + "в".encode() + b"</a>")
    template = templates.signature(content, _digested(reference, digest), objects=held)
    return _signed_anew(maker, f"<a>в{template}</a>")


def _two_with_one_id(maker: Maker) -> bytes:
    each = templates.signature(
        maker.whole(NO_SIGNATURES),
        templates.properties_reference(),
        objects=templates.properties(maker.world.person.certificate),
    )
    return maker.fill(f"<a>в{each}{each}</a>")


def _named(more: str) -> Make:
    return lambda m: m.fill(
        "<a>{}</a>".format(
            m.xades(
                more=more.format(
                    number=m.world.person.certificate.serial_number,
                    issuer=m.world.person.certificate.issuer.rfc4514_string(),
                )
            )
        )
    )


def _named_authority(maker: Maker) -> bytes:
    der = maker.world.ca.certificate.public_bytes(Encoding.DER)
    return maker.fill(f"<a>{maker.xades(digest=hashlib.sha256(der).digest())}</a>")


ISSUER_SERIAL = (
    "<xades:IssuerSerial><ds:X509IssuerName>{}</ds:X509IssuerName>"
    "<ds:X509SerialNumber>{}</ds:X509SerialNumber></xades:IssuerSerial>"
)


def countersigned_elsewhere(maker: Maker) -> bytes:
    """Return a document with a counter-signature in one signature that signs the value of another."""
    document = maker.signed(maker.whole(NO_SIGNATURES), identifier="first")
    to_first = templates.reference("#first-value")
    counter = templates.signature(to_first, identifier="counter")
    held = f"<xades:CounterSignature>{counter}</xades:CounterSignature>"
    for name in ("UnsignedSignatureProperties", "UnsignedProperties"):
        held = f"<xades:{name}>{held}</xades:{name}>"
    main = maker.xades(data=(maker.whole(NO_SIGNATURES),), unsigned=held)
    document = document.replace(b"</a>", f"{main}</a>".encode())
    return maker.fill(maker.fill(document, which="sig"), which="counter")


def _wrapped_object(shape: int) -> Make:
    """Wrap an enveloping signature: put another Object in the place of the signed one."""

    def make(maker: Maker) -> bytes:
        root = etree.fromstring(maker.signed(maker.whole(uri="#o"), objects=WHOLE_DATA, template="{}"))
        held = root[-1]
        evil = deepcopy(held)
        evil[0].text = "злое"
        if shape == 1:  # the same identifier twice
            held.addprevious(evil)
        elif shape == 2:  # the signed one after it, inside another element
            evil.set("Id", "evil")
            held.addprevious(evil)
            etree.SubElement(evil, "extensions").append(held)
        elif shape == 3:  # the whole signature inside another document
            root_of_evil = etree.Element("x")
            root_of_evil.text = "злое"
            root_of_evil.append(root)
            root = root_of_evil
        else:  # in KeyInfo
            evil.set("Id", "evil")
            held.addprevious(evil)
            find(root, "KeyInfo").append(held)
        return etree.tostring(root, encoding="utf-8")

    return make


def _same_ids(maker: Maker) -> bytes:
    """Return a document with a hundred thousand elements of one identifier."""
    template = templates.signature(templates.reference("#x"))
    crowd = '<b id="x"/>' * 100_000
    return _signed_anew(maker, _digested(f"<a>{crowd}{template}</a>", b""))


def _comments_again_and_again(maker: Maker) -> bytes:
    """Return a document with many references, each to many nodes of which few bytes are left."""
    target = "<b Id='b'>" + "<!---->" * 50_000 + "</b>"
    each = (
        templates.signature(*[templates.reference("#b")] * 8, identifier=f"s{number}") for number in range(32)
    )
    digested = _digested(f"<a>{target}{''.join(each)}</a>", b'<b Id="b"></b>')
    text = certificate_text(maker.world.person)
    filled = digested.replace("<ds:X509Certificate/>", f"<ds:X509Certificate>{text}</ds:X509Certificate>")
    return filled.replace('-value"/>', '-value">AAAA</ds:SignatureValue>').encode()


DTDS = {
    "empty": "<!DOCTYPE a>",
    "internal": "<!DOCTYPE a [<!ENTITY x 'y'>]>",
    "parameter entity": "<!DOCTYPE a [<!ENTITY % p SYSTEM 'file:///dev/null'> %p;]>",
    "of a file": "<!DOCTYPE a SYSTEM 'file:///dev/null'>",
    "of an address": "<!DOCTYPE a PUBLIC '-//x' 'http://127.0.0.1:1/'>",
    "that makes ids": "<!DOCTYPE a [<!ATTLIST b x ID #IMPLIED>]>",
    "behind a comment": "<?x?><!-- <!DOCTYPE --><!DOCTYPE a>",
}

HOSTILE: dict[str, Make] = {
    # Identifiers
    "Id twice, of use to nobody": signed(ENVELOPED, template='<a><b Id="z"/><c Id="z"/>{}</a>'),
    "Id and ID": signed(ENVELOPED, template='<a><b Id="z"/><c ID="z"/>{}</a>'),
    "id and Id": signed(ENVELOPED, template='<a><b id="z"/><c Id="z"/>{}</a>'),
    "xml:id twice": lambda m: (
        m.signed(m.whole(ENVELOPED))
        .replace(b"<ds:KeyInfo>", b'<ds:KeyInfo xml:id="z">')
        .replace(b"<ds:X509Data>", b'<ds:X509Data xml:id="z">')
    ),
    "the signature's id elsewhere": lambda m: m.fill(f'<a><b id="sig"/>{m.xades()}</a>'),
    "a reference's id elsewhere": xades(
        data=FORMAT.format("<xades:MimeType>text/xml</xades:MimeType>"), template="<a><b id='c'/>{}</a>"
    ),
    "two signatures of one id": _two_with_one_id,
    # Values
    **{
        f"an instruction in {name}": _inserted(name, lambda: etree.ProcessingInstruction("x"))
        for name in VALUES
    },
    **{f"an element in {name}": _inserted(name, lambda: etree.Element("x")) for name in VALUES},
    **{f"{name} empty": changed(text_of(name, lambda _old: "")) for name in VALUES},
    **{f"{name} short": changed(text_of(name, lambda _old: "AAAA")) for name in VALUES},
    "ECDSA in DER": _valued(DER),
    "the value twice": _valued(lambda value: value * 2),
    "a value of zeros": _valued(lambda value: bytes(len(value))),
    "a value cut short": _valued(lambda value: value[:-1]),
    # Algorithms
    "SHA-224 digest": signed(ENVELOPED, digest=f"{MORE}sha224"),
    "RIPEMD digest": signed(ENVELOPED, digest=f"{ENC}ripemd160"),
    "ECDSA with SHA-224": lambda m: m.by("P-384", "ecdsa-sha224"),
    **{
        f"signature method {name}": changed(
            lambda root, algorithm=algorithm: find(root, "SignatureMethod").set("Algorithm", algorithm)
        )
        for name, algorithm in {
            "RSA with MD5": f"{MORE}rsa-md5",
            "RSA with RIPEMD": f"{MORE}rsa-ripemd160",
            "Ed25519": "http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519",
            "GOST": "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34102015-gostr34112015-512",
            "with a blank": f"{MORE}ecdsa-sha256 ",
            "empty": "",
        }.items()
    },
    # Structure
    **{
        f"two {name}": changed(second_of(name))
        for name in ("CanonicalizationMethod", "SignatureMethod", "DigestMethod", "Transforms")
    },
    **{
        f"no {name}": _removed(name)
        for name in (
            "SignedInfo",
            "SignatureValue",
            "SignatureMethod",
            "DigestMethod",
            "DigestValue",
            "KeyInfo",
        )
    },
    **{f"SignedInfo in {where}": _second_info(where) for where in ("SignedInfo", "KeyInfo", "Object")},
    "KeyInfo before SignedInfo": changed(
        lambda root: find(root, "Signature").insert(0, find(root, "KeyInfo"))
    ),
    "a stranger's element": changed(lambda root: find(root, "Signature").append(etree.Element("x"))),
    "another namespace": _octets(DS, DS.removesuffix("#").encode()),
    "a second, empty signature": changed(lambda root: root.append(etree.Element(f"{{{DS}}}Signature"))),
    "the signature twice": changed(lambda root: root.append(deepcopy(find(root, "Signature")))),
    # DTDs
    **{f"a DTD, {name}": _prolog(text) for name, text in DTDS.items()},
    **{f"a DTD in UTF-16, {name}": _prolog(text, "utf-16") for name, text in DTDS.items()},
    # Octets
    **{
        f"encoded {name}": _prolog(f'<?xml version="1.0" encoding="{name}"?>', encoding)
        for name, encoding in {
            "UTF-32": "utf-32",
            "UTF-7": "utf-7",
            "klingon": "utf-8",
            "GB2312": "gb18030",
        }.items()
    },
    "UTF-16 called UTF-8": _prolog('<?xml version="1.0" encoding="UTF-8"?>', "utf-16"),
    "UTF-8 called UTF-16": _prolog('<?xml version="1.0" encoding="UTF-16"?>'),
    "XML 1.1": _prolog('<?xml version="1.1"?>'),
    "XML 2.0": _prolog('<?xml version="2.0"?>'),
    **{
        f"octets: {name}": _octets("Ө", octets)
        for name, octets in {
            "not UTF-8": b"\xff",
            "overlong": b"\xc0\xbc",
            "a surrogate": b"\xed\xa0\x80",
            "NUL": b"\0",
            "NUL by its number": b"&#0;",
            "an unknown entity": b"&x;",
        }.items()
    },
    "NUL at the end": lambda m: m.ours + b"\0",
    "a second root": lambda m: m.ours + b"<x/>",
    # References
    **{
        f"reference to {uri or 'nothing'}": _with_uri(uri)
        for uri in ("other.xml", "#", "##b", "urn:x", "?x", " ", "data:,x", "cid:1", "../x#b", "%23b")
    },
    **{
        f"reference to {uri}": _with_uri(uri)
        for uri in ("#xpointer(id('nothing'))", "#xpointer(id('b')/x)", "#element(/1)")
    },
    **{
        f"transform {name}": _with_transform(algorithm)
        for name, algorithm in {
            "decrypt": "http://www.w3.org/2002/07/decrypt#XML",
            "canonical 2.0": "http://www.w3.org/2010/xml-c14n2",
            "with a blank": f"{ENVELOPED} ",
        }.items()
    },
    **{
        f"XPath {name}": _selected(expression)
        for name, expression in {
            "all": "true()",
            "ancestor only": "not(ancestor::ds:Signature)",
            "or": "not(ancestor-or-self::ds:Signature) or self::b",
            "with a comment": "not(ancestor-or-self::<!--x-->ds:Signature)",
            "with an instruction": "not(ancestor-or-self::<?x?>ds:Signature)",
            "twice not": "not(not(ancestor-or-self::ds:Signature))",
            "local-name": "not(ancestor-or-self::*[local-name()='Signature'])",
            "one signature's": "not(ancestor-or-self::ds:Signature[@Id='sig'])",
            "here, the second": OWN_XPATH.replace("[1]", "[2]"),
            "here, or as many": OWN_XPATH.replace("&gt;", "&gt;="),
        }.items()
    },
    "XPath of another namespace": _selected("not(ancestor-or-self::x:Signature)", 'xmlns:x="urn:x"'),
    "XPath of no namespace": _selected("not(ancestor-or-self::Signature)"),
    "XPath after canonicalisation": lambda m: _signed_anew(
        m, _digested(f"<a>{templates.signature(m.whole(C14N, NO_SIGNATURES))}</a>", b"")
    ),
    "enveloped-signature after canonicalisation": lambda m: _signed_anew(
        m, _digested(f"<a>{templates.signature(m.whole(C14N, ENVELOPED))}</a>", b"")
    ),
    **{
        f"Filter 2 {name}": _filtered(expression, options)
        for name, (expression, options) in {
            "union": ("//ds:Signature", "union"),
            "intersect": ("//ds:Signature", "intersect"),
            "intersect all": ("/", "intersect"),
            "subtract all": ("/", "subtract"),
            "subtract more": ("//ds:Signature | //b", "subtract"),
            "without a way": ("//ds:Signature", ""),
        }.items()
    },
    "Filter 2 with one good and one bad": lambda m: _signed_anew(
        m,
        _digested(
            "<a><b/>{}</a>".format(
                templates.signature(m.whole((FILTER2, filter2("//ds:Signature")[1] + filter2("//b")[1])))
            ),
            b"<a></a>",
        ),
    ),
    "nothing left of itself": _empty("#sig", ENVELOPED, "<a>{}</a>"),
    "nothing left of the root": _empty("", ENVELOPED, "{}"),
    "nothing left by XPath": _empty("", xpath("not(ancestor-or-self::ds:Signature)"), "{}"),
    "not base64": lambda m: _signed_anew(
        m, _digested(f'<a><b Id="b">!!</b>{templates.signature(m.whole(f"{DS}base64", uri="#b"))}</a>', b"")
    ),
    # Coverage
    "its own KeyInfo": lambda m: m.fill(
        f"<a>{templates.signature(m.whole(uri='#k'))}</a>".replace("<ds:KeyInfo>", '<ds:KeyInfo Id="k">')
    ),
    "its own Object": lambda m: m.signed(m.whole(uri="#o"), objects='<ds:Object Id="o">х</ds:Object>'),
    "enveloping, an Object more": _enveloping(_evil_object),
    "enveloping, more among the properties": _enveloping(_evil_in(-1), with_xades=True),
    "enveloping, more beside what is signed": _enveloping(
        _evil_in(-1), held='<ds:Object><x xmlns="" Id="x">д</x></ds:Object>', uri="#x"
    ),
    "enveloping, a text beside what is signed": _enveloping(
        lambda root: setattr(root[-1], "text", "злое"),
        held='<ds:Object><x xmlns="" Id="x">д</x></ds:Object>',
        uri="#x",
    ),
    **{f"XSW of an Object, {shape}": _wrapped_object(shape) for shape in range(1, 5)},
    "manifest of what has changed": _manifest_of('<b Id="b">злое</b>'),
    "manifest of what is gone": _manifest_of("<b/>"),
    "a manifest in a manifest": _manifest_in_manifest,
    # XAdES
    "properties signed without saying so": xades(replace=(f" {TYPE}", "")),
    "properties of another version's type": xades(replace=("01903#Signed", "01903/v1.3.2#Signed")),
    "data called properties": lambda m: m.fill(
        "<a>{}</a>".format(
            templates.signature(
                templates.ENVELOPED.replace("<ds:Reference ", f"<ds:Reference {TYPE} "),
                objects=templates.properties(m.world.person.certificate),
            )
        )
    ),
    "data called properties, beside them": lambda m: m.fill(
        "<a>{}</a>".format(
            m.xades(data=(templates.ENVELOPED.replace("<ds:Reference ", f"<ds:Reference {TYPE} "),))
        )
    ),
    "properties signed as base64": _properties_as_base64,
    "Target without a hash": xades(replace=('Target="#sig"', 'Target="sig"')),
    "no Target": xades(replace=(' Target="#sig"', "")),
    "a signature without an id": xades(replace=(' Id="sig"><ds:SignedInfo>', "><ds:SignedInfo>")),
    "properties elsewhere": lambda m: m.signed(
        m.whole(ENVELOPED),
        objects=f'<ds:Object><x:QualifyingPropertiesReference xmlns:x="{XADES}" URI="#x"/></ds:Object>',
    ),
    "properties outside the Object": changed(
        lambda root: root.append(find(root, "QualifyingProperties", XADES))
    ),
    "two sets of signed properties": changed(_second_signed_properties),
    "two Objects with properties": changed(_second_object),
    "XSW of the properties": changed(_properties_moved_away),
    "a week for a time": xades(replace=(TIME, "2026-W01-1")),
    "a comment in the time": xades(replace=(TIME, "2026-01-02<!--x-->T03:04:05Z")),
    "a commitment about nothing": xades(
        data=COMMITMENT.format("<xades:ObjectReference>#nothing</xades:ObjectReference>")
    ),
    "another's number": _named(ISSUER_SERIAL.format("{issuer}", "5")),
    "another issuer": _named(ISSUER_SERIAL.format("CN=Другой,C=KZ", "{number}")),
    "an issuer that is no DER": _named("<xades:IssuerSerialV2>AAAA</xades:IssuerSerialV2>"),
    "the authority's certificate": _named_authority,
    "no certificate named": lambda m: m.fill(
        f"<a>{m.xades()}</a>".replace("SigningCertificateV2>", "Other>")
    ),
    # Keys
    "RetrievalMethod": _key_info('<ds:RetrievalMethod URI="http://127.0.0.1:1/"/>'),
    "PGP": _key_info("<ds:PGPData/>"),
    "another key in DER": _key_info(_another_encoded_key),
    "another key, the second named": _key_info(
        "<ds:KeyValue/><ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AQAB</ds:Modulus><ds:Exponent>AQAB</ds:Exponent>"
        f"</ds:RSAKeyValue></ds:KeyValue>{X509}"
    ),
    "a curve of one's own": _key_info(
        f'<ds:KeyValue><e:ECKeyValue xmlns:e="{DS11}"><e:ECParameters/><e:PublicKey>AAAA</e:PublicKey>'
        f"</e:ECKeyValue></ds:KeyValue>{X509}"
    ),
    "a comment in a key": _key_value_with_a_comment,
    "a certificate of rubbish first": _key_info(
        "<ds:X509Data><ds:X509Certificate>AAAA</ds:X509Certificate><ds:X509Certificate/></ds:X509Data>"
    ),
    "a certificate with a tail": lambda m: m.changed(
        text_of("X509Certificate", lambda old: base64.b64encode(base64.b64decode(old) + b"\0").decode())
    ),
    "a certificate no authority signed": lambda m: m.changed(
        text_of("X509Certificate", lambda old: base64.b64encode(base64.b64decode(old)[:-1] + b"\0").decode()),
        m.signed(m.whole(ENVELOPED)),
    ),
    "a certificate with a name that is none": lambda m: m.changed(
        text_of(
            "X509Certificate",
            lambda old: base64.b64encode(
                base64.b64decode(old).replace("ИВАНОВ".encode(), b"\xff" * 12)
            ).decode(),
        )
    ),
    # Effort
    "a hundred thousand of one id": _same_ids,
    "comments again and again": _comments_again_and_again,
    "EBCDIC, much of it": lambda m: (
        f'<?xml version="1.0" encoding="IBM037"?><a>{"<b/>" * 1_000_000}</a>'.encode("cp037")
    ),
}
"""The documents by what is wrong with them."""
