"""Canonical XML. libxmlsec signs random documents in every form, and we validate them."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from lxml import etree
from tests.signing import templates
from tests.signing.factories import Fill, SigningWorld

from egovdocs.signing import validate
from egovdocs.signing.xmldsig.c14n import canonicalize, parse

DS = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
NO_SIGNATURES = "not(ancestor-or-self::ds:Signature)"
FORMS = [
    form + comments
    for form in ("http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "http://www.w3.org/2006/12/xml-c14n11")
    for comments in ("", "#WithComments")
] + [EXCLUSIVE, f"{EXCLUSIVE}WithComments"]
TEXTS = ["текст &amp; \t\n &#13; ", "<!-- < -->", "<?pi <x>?>", "<![CDATA[<x> & y]]>"]


class Writer:
    """Writes documents of elements, namespaces and xml: attributes in every combination."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def maybe(self, chance: float) -> bool:
        return self.random.random() < chance

    def element(self, depth: int = 0, inside: str = "", identifier: str = "") -> str:
        pick = self.random.choice
        name = pick(["", "p:", "q:", "ж:"]) + pick(["a", "b", "қ"])
        attributes = [f'xmlns:{p}="urn:{pick("xyz")}"' for p in "pqж" if depth == 0 or self.maybe(0.25)]
        attributes += [f'xmlns="{pick(["urn:d", "urn:e", ""])}"'] * self.maybe(0.35)
        attributes += [f'xml:lang="{pick(["kk", "ru"])}"'] * self.maybe(0.3)
        attributes += ['xml:space="preserve"'] * self.maybe(0.2)
        attributes += [f'xml:base="{pick(["http://x/y/", "z/", "../w", "/abs/"])}"'] * self.maybe(0.15)
        attributes += [f'{pick(["", "p:", "q:"])}ат="v &lt; &#10; &quot; ы"'] * self.maybe(0.3)
        attributes += [f'Id="{identifier}"'] if identifier else []
        children = [
            pick(TEXTS) if self.maybe(0.5) else self.element(depth + 1)
            for _number in range(self.random.randint(0, 3) if depth < 4 else 0)
        ]
        if inside:
            children.insert(self.random.randint(0, len(children)), inside)
        return f"<{name} {' '.join(attributes)}>{''.join(children)}</{name}>"

    def document(self) -> str:
        form = self.random.choice(FORMS)
        prefixes = self.random.choice(["p", "p q", "#default", "ж #default"])
        listed = f'<InclusiveNamespaces xmlns="{EXCLUSIVE}" PrefixList="{prefixes}"/>'
        last = templates.transform(form, listed if "exc" in form and self.maybe(0.4) else "")
        kind = self.random.choice(["enveloped", "xpath", "detached", "enveloping"])
        transforms = {
            "enveloped": [templates.transform(DS + "enveloped-signature"), last],
            "xpath": [
                templates.transform(XPATH, "<ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath>"),
                last,
            ],
        }.get(kind, [last])
        held = f'<ds:Object Id="o">{self.element(0)}</ds:Object>' if kind == "enveloping" else ""
        uri = {"detached": "#d", "enveloping": "#o"}.get(kind, "")
        signature = templates.signature(
            templates.reference(uri, *transforms), canonicalization=self.random.choice(FORMS), objects=held
        )
        if self.maybe(0.4) and not held:
            signature = templates.unprefixed(signature) if kind != "xpath" else signature
        if kind == "detached":
            signature += self.element(1, identifier="d")
        root = self.element(0, signature)
        return f"<?out <b>?><!-- before -->{root}<!-- after --><?z?>" if self.maybe(0.4) else root


def _is_well_formed(document: str) -> bool:
    try:
        etree.fromstring(document)
    except etree.XMLSyntaxError:
        return False
    return True


@pytest.mark.parametrize("seed", range(150))
def test_random_documents_signed_by_libxmlsec(seed: int, world: SigningWorld, fill: Fill) -> None:
    writer = Writer(seed)
    document = writer.document()
    # An attribute may occur twice, by two prefixes of one namespace.
    while not _is_well_formed(document):
        document = writer.document()
    signed = fill(document)
    root = etree.fromstring(signed)
    report = validate(signed, world.lenient)
    assert report.passed, f"{report.text()}\n{document}"
    if report.content is not None:
        assert etree.fromstring(report.content).tag in (root.tag, root[0].tag)


@pytest.mark.parametrize(
    ("above", "own", "joined"),
    [
        ("http://x/y", "//z/w/", "http://z/w/v"),
        ("http://x/y", "http://z/../w/", "http://z/w/v"),
        ("http://x/y", "../../w/", "http://x/w/v"),
        ("http://x", "w/", "http://x/w/v"),
        ("y/z", "../../w/", "../w/v"),
        ("..", "..", "../../v"),
        ("y/", "../", "v"),
        ("http://x/y/", "?q", "http://x/y/v"),
        ("http://x/y/", "http://[w/", "http://[w/v"),
    ],
)
def test_bases_are_joined(above: str, own: str, joined: str) -> None:
    """As in RFC 3986, 5.2.2 (Canonical XML 1.1, 2.4), where libxml2 follows RFC 2396, and for
    relative bases.
    """
    root = etree.fromstring(f'<a xml:base="{above}"><b xml:base="{own}"><c xml:base="v"/></b></a>')
    octets = canonicalize(root[0][0], "http://www.w3.org/2006/12/xml-c14n11")
    assert octets == f'<c xml:base="{joined}"></c>'.encode()


def test_empty_bases() -> None:
    """An empty base is not written, and a fragment is ignored."""
    root = etree.fromstring(
        '<a xml:base="x/y?p"><b xml:base="?q"/><b xml:base="#f"/><b xml:base="../"/><b xml:base=""/></a>'
    )
    octets = [canonicalize(each, "http://www.w3.org/2006/12/xml-c14n11") for each in root]
    assert octets == [
        b'<b xml:base="x/y?q"></b>',
        b'<b xml:base="x/y?p"></b>',
        b"<b></b>",
        b'<b xml:base="x/y?p"></b>',
    ]


def test_inherited_attributes() -> None:
    """Only xml:lang and xml:space, beside xml:base (Canonical XML 1.1, 2.4)."""
    root = etree.fromstring('<a xml:lang="kk" xml:space="default" xml:id="a" xml:other="x"><b/></a>')
    octets = canonicalize(root[0], "http://www.w3.org/2006/12/xml-c14n11")
    assert octets == b'<b xml:lang="kk" xml:space="default"></b>'


def test_names_do_not_fill_the_memory() -> None:
    """lxml keeps each name that a thread parsed, so third parties could fill the memory."""

    def megabytes() -> float:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def document(number: int) -> bytes:
        return f"<a>{''.join(f'<name-{number}-{each}/>' for each in range(50_000))}</a>".encode()

    for number in range(5):
        parse(document(number))
    before = megabytes()
    for number in range(5, 25):
        parse(document(number))
    assert megabytes() - before < 15
