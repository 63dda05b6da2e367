"""Canonical XML 1.0, 1.1 and Exclusive Canonical XML 1.0, by libxml2, with corrections.

This module corrects all that signxml 5.2 and lxml 6.1 do wrong:

- **A part of a document.** lxml canonicalises an element below the root on a temporary root, whose
  descendants still point at the namespaces of the old one: with a default namespace a spurious ``xmlns=""``
  can appear. So a part is first serialised, with the namespaces of its ancestors, and parsed again.
- **xml:lang and similar attributes** of ancestors belong to a part in inclusive canonicalisation (Canonical
  XML 1.0, 2.4; 1.1, 2.4) and get lost this way: they are set on the root of the part.
- **What a signature omits** (itself, or all signatures) is cut out of the canonical bytes. If the element
  were removed from the tree, lxml would change prefixes in it, and each reference would need a copy of the
  tree. The cut is exact, because the canonical form of an element depends only on its ancestors.
- **#default** in a PrefixList (Exclusive XML Canonicalization 1.0, 4): lxml passes on only words that the
  thread has parsed as a name or a namespace before, so the parser of each thread parses this one first.
- **Unicode.** Nothing is serialised as ASCII, which is impossible for element names in Cyrillic.
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

from ..namespaces import XML

_INCLUSIVE_10 = frozenset(
    {Canonicalization.CANONICAL_XML_1_0.value, Canonicalization.CANONICAL_XML_1_0_WITH_COMMENTS.value}
)
_EXCLUSIVE = frozenset(
    {
        Canonicalization.EXCLUSIVE_XML_CANONICALIZATION_1_0.value,
        Canonicalization.EXCLUSIVE_XML_CANONICALIZATION_1_0_WITH_COMMENTS.value,
    }
)
_BASE = f"{{{XML}}}base"
_INHERITED = (f"{{{XML}}}lang", f"{{{XML}}}space")

# RFC 3986, appendix B; it matches every text.
_URI = re.compile(r"([^:/?#]+:)?(//[^/?#]*)?([^?#]*)(\?[^#]*)?(#.*)?", re.DOTALL)

_threads = threading.local()
_MAX_BYTES_IN_THREAD = 32_768


class EffortCounter(Protocol):
    """Is called with what is about to be made canonical: its bytes, its root, the prefixes of a PrefixList;
    may raise to stop.
    """

    def __call__(self, data: bytes, root: etree._Element, prefixes: Sequence[str] = ()) -> None: ...


class _NothingResolver(etree.Resolver):
    """Resolves every address to an empty file.

    With collect_ids=False, libxml2 2.14 opens the files that a DTD names, whatever the other options are.
    """

    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:  # type: ignore[override]
        return self.resolve_string("", context, base_url=None)


def parse(data: bytes) -> etree._Element:
    """Parse a document and return its root: no DTD is loaded, no entity expanded, no address opened.

    :raises etree.XMLSyntaxError: not well formed, or deeper than libxml2 allows (256 levels).
    """
    return parse_isolated(_parse, data)


def parse_isolated(parse: Callable[[bytes], etree._Element], data: bytes) -> etree._Element:
    """Parse a third party's document with a parser of lxml.

    A thread keeps each name that it has ever parsed in memory, so a document that may have many is parsed in
    a thread of its own, which ends.
    """
    if len(data) <= _MAX_BYTES_IN_THREAD:
        return parse(data)
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(parse, data).result()


def _parse(data: bytes) -> etree._Element:
    parser = getattr(_threads, "parser", None)
    if parser is None:
        parser = _threads.parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, collect_ids=False
        )
        parser.resolvers.add(_NothingResolver())
        etree.fromstring(b'<known xmlns:word="#default"/>', parser)
    return etree.fromstring(data, parser)


def canonicalize(
    node: etree._ElementTree | etree._Element,
    algorithm: str,
    *,
    prefixes: Sequence[str] = (),
    comments: bool = True,
    without: Iterable[etree._Element] = (),
    count_effort: EffortCounter | None = None,
) -> bytes:
    """Return the canonical bytes of a document (given as a tree) or of an element.

    :param prefixes: the InclusiveNamespaces PrefixList of exclusive canonicalisation.
    :param comments: whether the node-set has comments: a reference ``""`` or ``#id`` has none, whatever the
        algorithm's name says (XML Signature 1.1, 4.4.3.3).
    :param without: elements to omit, none inside another.
    :param count_effort: called with a part that is serialised and parsed again.
    :raises etree.C14NError: a namespace is relative, so that the canonical form is undefined.
    """
    with _marked(without) as cut:
        if isinstance(node, etree._Element):
            node = _separate(node, algorithm, count_effort and partial(count_effort, prefixes=prefixes))
        return cut(
            etree.tostring(
                node,
                method="c14n",
                exclusive=algorithm in _EXCLUSIVE,
                with_comments=comments and algorithm.endswith("#WithComments"),
                inclusive_ns_prefixes=list(prefixes) or None,
            )
        )


def _separate(
    element: etree._Element, algorithm: str, count_effort: Callable[[bytes, etree._Element], None] | None
) -> etree._Element:
    """Return the element as the root of a document of its own."""
    is_root = element.getparent() is None
    if is_root and element.getprevious() is None and element.getnext() is None:
        return element
    serialised = etree.tostring(element, encoding="utf-8", with_tail=False)
    alone = parse(serialised)
    if count_effort is not None:
        count_effort(serialised, alone)
    if not is_root and algorithm not in _EXCLUSIVE:
        _inherit(alone, element, algorithm)
    return alone


def _inherit(alone: etree._Element, element: etree._Element, algorithm: str) -> None:
    """Set the xml: attributes of the ancestors on the root ``alone`` of a part.

    Canonical XML 1.0 inherits all of them; 1.1 only xml:lang and xml:space, and xml:base joined (2.4 of
    both).
    """
    ancestors = list(element.iterancestors())
    for each in ancestors:
        for name, value in each.items():
            is_inherited = (
                str(name).startswith(f"{{{XML}}}") if algorithm in _INCLUSIVE_10 else name in _INHERITED
            )
            if is_inherited and name not in alone.attrib:
                alone.set(name, value)
    if algorithm in _INCLUSIVE_10 or not any(_BASE in each.attrib for each in ancestors):
        return
    bases = [str(each.attrib[_BASE]) for each in (element, *ancestors) if _BASE in each.attrib]
    alone.set(_BASE, reduce(_join, reversed(bases)))
    if not alone.get(_BASE):
        del alone.attrib[_BASE]


def _join(base: str, reference: str) -> str:
    """Resolve a reference; base and result may be relative too (Canonical XML 1.1, 2.4, join-URI-References;
    RFC 3986, 5.2.2).
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
    """Remove dot segments (RFC 3986, 5.2.4), except a leading ``..`` of a relative path, whose base is
    unknown.
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
    """Put marks around each element to omit while the context lasts; yield a function that cuts between the
    marks.
    """
    elements = tuple(without)
    if not elements:
        yield bytes
        return
    mark = secrets.token_hex(16)
    for element in elements:
        _set_text_before(element, _text_before(element) + mark)
        element.tail = mark + (element.tail or "")
    try:
        yield lambda data: b"".join(data.split(mark.encode())[::2])
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
