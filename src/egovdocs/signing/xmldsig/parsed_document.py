"""A parsed document: its signatures, its identifiers, and the work that it may cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import islice

from lxml import etree
from translationstring import TranslationStringFactory

from ..indications import NotPassed, SubIndication
from ..namespaces import DS, XML
from ..policy import ValidationPolicy
from .parsing import ascii_markup, limit_exceeded, malformed, parse_document

_ = TranslationStringFactory("egovdocs")

SIGNATURE = f"{{{DS}}}Signature"
_ANY_ID: Callable[[etree._Element], list[etree._ElementUnicodeResult]] = etree.XPath(  # type: ignore[assignment]
    "//@*[local-name()='Id' or local-name()='id' or local-name()='ID' or local-name()='iD']"
)
# These names always mean an identifier; any other "id" may be data, such as a row's number.
_IDENTIFIER_NAMES = frozenset(
    {
        "Id",
        "ID",
        f"{{{XML}}}id",
        "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd}Id",
    }
)
_MARKUP_EFFORT = 25


class ParsedDocument:
    """A parsed document.

    Effort is counted in bytes made canonical, so that many references to large parts of a document cannot
    take unlimited time.

    :ivar signatures: the ds:Signature elements.
    """

    def __init__(self, data: bytes, policy: ValidationPolicy) -> None:
        """:raises NotPassed: too big, not well formed, with a DTD, or with no signature or too many."""
        self.root = parse_document(data, policy)
        self._data = data
        self._effort = _canonical_effort(data, self.root)
        self._allowance = policy.max_effort
        self.count_document_effort()
        self.tree = self.root.getroottree()
        self.signatures = list(islice(self.root.iter(SIGNATURE), policy.max_signatures + 1))
        if not self.signatures:
            raise malformed(_("The document carries no electronic signature."))
        if len(self.signatures) > policy.max_signatures:
            raise limit_exceeded(_("The document carries more signatures than are looked at."))

    @cached_property
    def _by_id(self) -> Mapping[str, list[etree._Element]]:
        return _elements_by_id(self.root)

    def check_identifiers(self) -> None:
        """:raises NotPassed: two elements have the same identifier, even if nothing refers to it."""
        repeated = _repeated(self.root, self._by_id)
        if repeated is not None:
            raise _duplicate_identifier(repeated)

    def element_by_id(self, identifier: str) -> etree._Element:
        """Return the only element with this identifier.

        :raises NotPassed: several elements have it, so that verifiers might differ; or none has.
        """
        elements = self._by_id.get(identifier, [])
        if len(elements) > 1:
            raise _duplicate_identifier(identifier)
        if not elements:
            raise NotPassed(
                SubIndication.SIGNED_DATA_NOT_FOUND,
                "references",
                _(
                    "The signature refers to “${id}”, which is not in the document.",
                    mapping={"id": identifier},
                ),
            )
        return elements[0]

    def count_document_effort(self, prefixes: Sequence[str] = ()) -> None:
        """Count that the whole document is made canonical, with this PrefixList."""
        self.count_effort(self._effort + _prefix_effort(prefixes, self._data, self.root))

    def count_part_effort(self, data: bytes, root: etree._Element, prefixes: Sequence[str] = ()) -> None:
        """Count that a part of the document, or what was made of it, is made canonical."""
        self.count_effort(_canonical_effort(data, root) + _prefix_effort(prefixes, data, root))

    def count_effort(self, effort: int) -> None:
        """Count effort, in bytes made canonical.

        :raises NotPassed: it is more than a document may cause, all its references together.
        """
        self._allowance -= effort
        if self._allowance < 0:
            raise limit_exceeded(_("The document takes more effort to validate than documents are given."))


def repeated_identifier(root: etree._Element) -> str | None:
    """Return an identifier that two elements have; None when there is none.

    A signature on such a document would not be accepted.
    """
    return _repeated(root, _elements_by_id(root))


def _elements_by_id(root: etree._Element) -> Mapping[str, list[etree._Element]]:
    """Return the elements by identifier, in every spelling: Id, ID, id, xml:id, wsu:Id; at most two
    for each.
    """
    found: defaultdict[str, list[etree._Element]] = defaultdict(list)
    for attribute in _ANY_ID(root):
        owner, owners = attribute.getparent(), found[str(attribute)]
        assert owner is not None
        if len(owners) < 2 and owner not in owners:
            owners.append(owner)
    return found


def _repeated(root: etree._Element, by_id: Mapping[str, list[etree._Element]]) -> str | None:
    repeated = {value for value, owners in by_id.items() if len(owners) > 1}
    for attribute in _ANY_ID(root) if repeated else ():
        if attribute.attrname in _IDENTIFIER_NAMES and str(attribute) in repeated:
            return str(attribute)
    return None


def _canonical_effort(data: bytes, root: etree._Element) -> int:
    """Return the effort of making a document canonical once.

    A tag or an attribute takes the time of many bytes. libxml2 compares, in each element, all namespaces in
    scope with each other. The factors were measured.
    """
    tags = data.count(b"<")
    markup = _MARKUP_EFFORT * (tags + data.count(b"="))
    namespaces = ascii_markup(data).count(b"xmlns")
    if tags * namespaces**2 > len(data):
        namespaces = _max_open(root, "start-ns", "end-ns")
    return len(data) + markup + tags * namespaces**2 // 3


def _prefix_effort(prefixes: Sequence[str], data: bytes, root: etree._Element) -> int:
    """Return the effort of a PrefixList: libxml2 looks up each prefix in each element, among all declarations
    of its ancestors.
    """
    if not prefixes:
        return 0
    return len(prefixes) * data.count(b"<") * _max_open(root, "start", "end", "start-ns", "end-ns") // 2


def _max_open(root: etree._Element, *events: str) -> int:
    """Return how many levels, or declarations of namespaces, are open at once at most."""
    most = now = 0
    for event, _value in etree.iterwalk(root, events=events):
        now += 1 if event.startswith("start") else -1
        most = max(most, now)
    return most


def _duplicate_identifier(identifier: str) -> NotPassed:
    return NotPassed(
        SubIndication.FORMAT_FAILURE,
        "identifiers",
        _("The identifier “${id}” occurs twice in the document.", mapping={"id": identifier}),
    )
