"""Limits, encodings and the parsing of a third party's document, before anything in it is used."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree
from translationstring import TranslationString, TranslationStringFactory

from ..indications import NotPassed, SubIndication
from ..policy import ValidationPolicy
from .c14n import parse

_ = TranslationStringFactory("egovdocs")

_MAX_ATTRIBUTES = 256
_HAS_TOO_MANY_ATTRIBUTES: Callable[[etree._Element], bool] = etree.XPath(  # type: ignore[assignment]
    f"boolean(//*[count(@*) > {_MAX_ATTRIBUTES}])"
)
# A tag long enough for more namespaces than the limit; comments, CDATA and instructions are skipped.
_LONG_TAG = re.compile(
    rb"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)"
    rb"|(<[^<!?/](?=[^<]{%d})(?>[^<>\"']+|\"[^<\"]*\"|'[^<']*')*)" % (_MAX_ATTRIBUTES * len(' xmlns:a="a"')),
    re.DOTALL,
)
# All of these but UTF-16 write markup as ASCII does, so that it can be counted before it is parsed.
_ENCODINGS = re.compile(
    r"utf-?8|utf-?16(le|be)?|(us-)?ascii|iso-8859-\d+|(windows-|cp)125\d|koi8-[ru]", re.IGNORECASE
)
# White space, comments and processing instructions, each matched without backtracking, then a DTD.
_BEGINS_WITH_DTD = re.compile(rb"(?:\xef\xbb\xbf)?(?>\s+|<\?(?>.*?\?>)|<!--(?>.*?-->))*+<!DOCTYPE", re.DOTALL)
_DECLARED_ENCODING = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?<\?xml\s[^>]*?\bencoding\s*=\s*[\"']([^\"'>]*)"
)
_MAX_DECLARATION_BYTES = 400
_BEGINNINGS = {
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"<\0": "UTF-16",
    b"\0<": "UTF-16",
    b"\xef\xbb\xbf": "UTF-8",
}
# The first bytes of a document in UTF-32 and in EBCDIC (XML 1.0, F.1).
_UNUSUAL_BEGINNINGS = {
    b"\0\0\xfe\xff": "UTF-32",
    b"\xff\xfe\0\0": "UTF-32",
    b"\0\0\0<": "UTF-32",
    b"<\0\0\0": "UTF-32",
    b"Lo\xa7\x94": "EBCDIC",
}


def parse_document(data: bytes, policy: ValidationPolicy) -> etree._Element:
    """Parse a document and return its root.

    :raises NotPassed: above a limit, not well formed, with a DTD, not XML 1.0, or in an unusual encoding.
    """
    if len(data) > policy.max_bytes or data.count(b"<") + data.count(b"=") > policy.max_markup:
        raise limit_exceeded(_("The document is larger than documents that are looked at."))
    _check_declaration(data)
    if data.count(b"=") > _MAX_ATTRIBUTES and _declares_too_many_namespaces(ascii_markup(data)):
        raise _too_many_attributes()
    if _BEGINS_WITH_DTD.match(data):
        raise _has_dtd()
    try:
        root = parse(data)
    except (etree.XMLSyntaxError, ValueError) as problem:
        if "depth" in str(problem):
            raise limit_exceeded(
                _("The document is nested deeper than documents that are looked at.")
            ) from None
        if "XML_PARSE_HUGE" in str(problem):
            raise limit_exceeded(_("The document is larger than documents that are looked at.")) from None
        raise malformed(
            _("This is not a well-formed XML document: ${problem}", mapping={"problem": str(problem)})
        ) from None
    docinfo = root.getroottree().docinfo
    if docinfo.internalDTD is not None:
        raise _has_dtd()
    if docinfo.xml_version != "1.0":
        raise malformed(
            _(
                "The document is in XML ${version}; only XML 1.0 can be signed.",
                mapping={"version": docinfo.xml_version},
            )
        )
    _check_encoding(docinfo.encoding)
    if data.count(b"=") > _MAX_ATTRIBUTES and _HAS_TOO_MANY_ATTRIBUTES(root):
        raise _too_many_attributes()
    return root


def ascii_markup(data: bytes) -> bytes:
    """Return a document with one byte for each character of its markup, as all encodings but UTF-16
    have it.
    """
    if b"\0" not in data:
        return data
    encoding = "utf-16-be" if data[:1] in (b"\0", b"\xfe") else "utf-16-le"
    return data.decode(encoding, "replace").encode("utf-8", "replace")


def malformed(reason: TranslationString) -> NotPassed:
    return NotPassed(SubIndication.FORMAT_FAILURE, "structure", reason)


def limit_exceeded(reason: TranslationString) -> NotPassed:
    return NotPassed(SubIndication.FORMAT_FAILURE, "limits", reason)


def _check_declaration(data: bytes) -> None:
    """Check the declared encoding, as far as it can be read before the document is parsed."""
    unusual = _UNUSUAL_BEGINNINGS.get(data[:4])
    actual = next((name for mark, name in _BEGINNINGS.items() if data.startswith(mark)), None)
    head = data[:_MAX_DECLARATION_BYTES].replace(b"\0", b"") if actual == "UTF-16" else data
    match = _DECLARED_ENCODING.match(head)
    declared = match[1].decode("latin-1") if match else None
    _check_encoding(unusual or declared)
    if declared and actual and not declared.upper().startswith(actual):
        raise malformed(
            _(
                "The document says that it is in ${declared}, and is in ${actual}.",
                mapping={"declared": declared, "actual": actual},
            )
        )


def _check_encoding(encoding: str | None) -> None:
    if not _ENCODINGS.fullmatch(encoding or "UTF-8"):
        raise malformed(_("The document is in an unusual encoding, ${name}.", mapping={"name": encoding}))


def _declares_too_many_namespaces(markup: bytes) -> bool:
    """Return whether an element declares more namespaces than the limit.

    This must be known before parsing: lxml's time grows with the square of their number.
    """
    return markup.count(b"xmlns") > _MAX_ATTRIBUTES and any(
        (tag[1] or b"").count(b"xmlns") > _MAX_ATTRIBUTES for tag in _LONG_TAG.finditer(markup)
    )


def _has_dtd() -> NotPassed:
    return malformed(_("The document has a DTD (<!DOCTYPE …>), which can change what it says."))


def _too_many_attributes() -> NotPassed:
    return limit_exceeded(_("An element of the document has more attributes than are looked at."))
