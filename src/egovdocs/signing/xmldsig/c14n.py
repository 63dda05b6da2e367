"""Canonical XML 1.0, 1.1 and Exclusive Canonical XML 1.0, where libxml2 is right as it is and where it
needs help.

All that signxml 5.2 and lxml 6.1 do wrong here is mended in this one module:

- **A part of a document.** lxml canonicalises an element below the root on a root made up for the occasion,
  whose descendants keep pointing at the old one's namespaces: with a default namespace a spurious
  ``xmlns=""`` can come out. So a part is first written out (which brings its ancestors' namespaces along)
  and parsed by itself.
- **xml:lang and its kin** on ancestors belong to a part in inclusive canonicalisation (Canonical XML 1.0,
  2.4; 1.1, 2.4) and are lost on the way: they are put on the part's root.
- **What a signature leaves out** (itself, or all signatures) is cut out of the canonical octets. Taking the
  element out of the tree would make lxml rewrite prefixes in it, and would need a copy of the tree for each
  reference. Cutting is exact, because the canonical form of an element depends on its ancestors alone.
- **#default** in a PrefixList (Exclusive XML Canonicalization 1.0, 4): lxml passes on only words that its
  thread has parsed as a name or a namespace before, so each thread's parser is shown this one first.
- **Unicode.** Nothing is written out as ASCII, which element names in Cyrillic cannot survive.
"""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial, reduce
from typing import Any, Protocol

from lxml import etree
from signxml.algorithms import CanonicalizationMethod as Canonicalization

from ..crypto.algorithms import XML

INCLUSIVE_10 = frozenset(
    {Canonicalization.CANONICAL_XML_1_0.value, Canonicalization.CANONICAL_XML_1_0_WITH_COMMENTS.value}
)
EXCLUSIVE = frozenset(
    {
        Canonicalization.EXCLUSIVE_XML_CANONICALIZATION_1_0.value,
        Canonicalization.EXCLUSIVE_XML_CANONICALIZATION_1_0_WITH_COMMENTS.value,
    }
)
_BASE = f"{{{XML}}}base"
_PASSED_ON = (f"{{{XML}}}lang", f"{{{XML}}}space")

# RFC 3986, appendix B: what is no URI has parts as well.
_URI = re.compile(r"([^:/?#]+:)?(//[^/?#]*)?([^?#]*)(\?[^#]*)?(#.*)?", re.DOTALL)

_threads = threading.local()
_FEW_NAMES = 32_768


class Spend(Protocol):
    """Told of what is about to be made canonical: its octets, its root, the prefixes of a PrefixList."""

    def __call__(self, octets: bytes, root: etree._Element, prefixes: Sequence[str] = ()) -> None: ...


class _Nowhere(etree.Resolver):
    """Nothing stands at any address.

    Told not to collect ids, libxml2 2.14 opens the files that a DTD names, whatever else it is told.
    """

    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:  # type: ignore[override]
        return self.resolve_string("", context, base_url=None)


def parse(data: bytes) -> etree._Element:
    """The root of a document, parsed as it stands: no DTD loaded, no entity put in, no address visited.

    :raises etree.XMLSyntaxError: not well formed, or deeper than libxml2 allows (256 levels).
    """
    return in_passing(_parse, data)


def in_passing(parse: Callable[[bytes], etree._Element], data: bytes) -> etree._Element:
    """What a parser of lxml makes of a stranger's document.

    A thread remembers for good each name that it has ever parsed, so what may have many is parsed in one that
    ends with it.
    """
    if len(data) <= _FEW_NAMES:
        return parse(data)
    with ThreadPoolExecutor(1) as passing:
        return passing.submit(parse, data).result()


def _parse(data: bytes) -> etree._Element:
    parser = getattr(_threads, "parser", None)
    if parser is None:
        parser = _threads.parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, collect_ids=False
        )
        parser.resolvers.add(_Nowhere())
        etree.fromstring(b'<known xmlns:word="#default"/>', parser)
    return etree.fromstring(data, parser)


def canonical(
    node: etree._ElementTree | etree._Element,
    algorithm: str,
    *,
    prefixes: Sequence[str] = (),
    comments: bool = True,
    without: Iterable[etree._Element] = (),
    spend: Spend | None = None,
) -> bytes:
    """The canonical octets of a document (given as a tree) or of an element.

    :param prefixes: the InclusiveNamespaces PrefixList of exclusive canonicalisation.
    :param comments: whether the node-set has comments at all: a reference ``""`` or ``#id`` has none,
        whatever the algorithm's name says (XML Signature 1.1, 4.4.3.3).
    :param without: elements to leave out, none within another.
    :param spend: told of a part that is written out for it, and of the prefixes; may refuse to go on.
    :raises etree.C14NError: a namespace is relative, for which canonical form is undefined.
    """
    with _marked(without) as cut:
        if isinstance(node, etree._Element):
            node = _by_itself(node, algorithm, spend and partial(spend, prefixes=prefixes))
        return cut(
            etree.tostring(
                node,
                method="c14n",
                exclusive=algorithm in EXCLUSIVE,
                with_comments=comments and algorithm.endswith("#WithComments"),
                inclusive_ns_prefixes=list(prefixes) or None,
            )
        )


def _by_itself(
    element: etree._Element, algorithm: str, spend: Callable[[bytes, etree._Element], None] | None
) -> etree._Element:
    is_root = element.getparent() is None
    if is_root and element.getprevious() is None and element.getnext() is None:
        return element
    written = etree.tostring(element, encoding="utf-8", with_tail=False)
    alone = parse(written)
    if spend is not None:
        spend(written, alone)
    if not is_root and algorithm not in EXCLUSIVE:
        _inherit(alone, element, algorithm)
    return alone


def _inherit(alone: etree._Element, element: etree._Element, algorithm: str) -> None:
    """Put the xml: attributes of the ancestors on it; of 1.1 only xml:lang and xml:space, and xml:base joined
    (2.4 of both).
    """
    ancestors = list(element.iterancestors())
    for each in ancestors:
        for name, value in each.items():
            passed_on = (
                str(name).startswith(f"{{{XML}}}") if algorithm in INCLUSIVE_10 else name in _PASSED_ON
            )
            if passed_on and name not in alone.attrib:
                alone.set(name, value)
    if algorithm in INCLUSIVE_10 or not any(_BASE in each.attrib for each in ancestors):
        return
    bases = [str(each.attrib[_BASE]) for each in (element, *ancestors) if _BASE in each.attrib]
    alone.set(_BASE, reduce(_join, reversed(bases)))
    if not alone.get(_BASE):
        del alone.attrib[_BASE]


def _join(base: str, reference: str) -> str:
    """Resolve a reference that may itself be relative to a relative one (Canonical XML 1.1, 2.4,
    join-URI-References; RFC 3986, 5.2.2).
    """
    scheme, authority, above, former, _fragment = _parts(base)
    own_scheme, own_authority, path, query, _fragment = _parts(reference)
    above = _without_dots(above)
    if own_scheme or own_authority:
        scheme, authority = own_scheme or scheme, own_authority
    elif not path:
        path, query = above, query or former
    elif not path.startswith("/"):
        path = ("/" if authority and not above else above[: above.rfind("/") + 1]) + path
    return f"{scheme}{authority}{_without_dots(path)}{query}"


def _parts(uri: str) -> tuple[str, ...]:
    match = _URI.fullmatch(uri)
    assert match is not None
    return match.groups(default="")


def _without_dots(path: str) -> str:
    """Unlike in RFC 3986, a leading ``..`` of a relative path stays, since what it goes up from is not
    known.
    """
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == ".." and kept and kept[-1] != "..":
            kept.pop()
        elif segment == ".." and not path.startswith("/"):
            kept.append("..")
        elif segment not in ("", ".", ".."):
            kept.append(segment)
    ends = path.endswith(("/", "/.", "..")) and bool(kept)
    return "/" * path.startswith("/") + "/".join(kept) + "/" * ends


@contextmanager
def _marked(without: Iterable[etree._Element]) -> Iterator[Callable[[bytes], bytes]]:
    """Marks around each element to leave out, for as long as it lasts; gives what cuts between the marks."""
    elements = tuple(without)
    if not elements:
        yield bytes
        return
    mark = secrets.token_hex(16)
    for element in elements:
        _set_text_before(element, _text_before(element) + mark)
        element.tail = mark + (element.tail or "")
    try:
        yield lambda octets: b"".join(octets.split(mark.encode())[::2])
    finally:
        for element in elements:
            _set_text_before(element, _text_before(element).removesuffix(mark))
            element.tail = (element.tail or "").removeprefix(mark)


def _text_before(element: etree._Element) -> str:
    previous, parent = element.getprevious(), element.getparent()
    if previous is not None:
        return previous.tail or ""
    assert parent is not None
    return parent.text or ""


def _set_text_before(element: etree._Element, text: str) -> None:
    previous, parent = element.getprevious(), element.getparent()
    if previous is not None:
        previous.tail = text
    elif parent is not None:
        parent.text = text
