"""The time-stamps of a signature, from its unsigned properties and from kept evidence, with the bytes that
each is over (ETSI EN 319 132-1, 5.3 and 5.5.2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from lxml import etree
from translationstring import TranslationStringFactory

from ..crypto.algorithms import CANONICALIZATIONS, EXCLUSIVE
from ..errors import BadTimestamp
from ..namespaces import DS, XADES, XADES141
from ..policy import ValidationPolicy
from ..xmldsig.c14n import canonicalize
from ..xmldsig.parsed_document import ParsedDocument
from ..xmldsig.references import VerifiedReference
from ..xmldsig.structure import Signature, decode_value
from .evidence_properties import Evidence, Renewal
from .imprints import archive_imprint, signature_imprint

_ = TranslationStringFactory("egovdocs")

_X, _X141, _DS = f"{{{XADES}}}", f"{{{XADES141}}}", f"{{{DS}}}"
_SIGNATURE_TIMESTAMP: Final = f"{_X}SignatureTimeStamp"
_OLD_ARCHIVE_TIMESTAMP: Final = f"{_X}ArchiveTimeStamp"  # TS 101 903 v1.3.2, 7.7
_ARCHIVE_TIMESTAMPS: Final = (f"{_X141}ArchiveTimeStamp", _OLD_ARCHIVE_TIMESTAMP)
TIMESTAMP_PROPERTIES: Final = (_SIGNATURE_TIMESTAMP, *_ARCHIVE_TIMESTAMPS)
_INCLUDE: Final = f"{_X}Include"
_DEFAULT_CANONICALIZATION: Final = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"

TimestampReader = Callable[[], tuple[bytes, bytes]]
"""Returns a TimeStampToken (DER) and the bytes that it should be over.

It raises BadTimestamp, NotPassed or an error of lxml when the property cannot be read.
"""


@dataclass(frozen=True)
class SignatureTimestamps:
    """The time-stamps of one signature.

    :ivar verified: the signature's references, whose digests match.
    :ivar unsigned: its UnsignedSignatureProperties.
    :ivar evidence: evidence kept beside the document.
    """

    document: ParsedDocument
    signature: Signature
    verified: Sequence[VerifiedReference]
    unsigned: etree._Element | None
    policy: ValidationPolicy
    evidence: Evidence | None

    def signature_timestamps(self) -> Iterator[TimestampReader]:
        if self.evidence is not None:
            evidence = self.evidence
            yield lambda: (evidence.timestamp, signature_imprint(self.signature, EXCLUSIVE))
        yield from self._readers(_SIGNATURE_TIMESTAMP)

    def archive_timestamps(self) -> Iterator[TimestampReader]:
        """Yield the archive time-stamps in the order in which they were made."""
        yield from self._readers(*_ARCHIVE_TIMESTAMPS)
        if self.evidence is not None:
            renewals = self.evidence.renewals
            yield from (partial(self._read_renewal, *each) for each in enumerate(renewals))

    def _readers(self, *names: str) -> Iterator[TimestampReader]:
        if self.unsigned is not None:
            for element in self.unsigned.iterchildren(*names):
                tokens: list[etree._Element | None] = [*element.iterchildren(f"{_X}EncapsulatedTimeStamp")]
                yield from (partial(self._read_property, element, token) for token in tokens or [None])

    def _read_renewal(self, number: int, renewal: Renewal) -> tuple[bytes, bytes]:
        assert self.evidence is not None
        before = [] if self.unsigned is None else [*self.unsigned.iterchildren(etree.Element)]
        carried = [
            canonicalize(each, EXCLUSIVE, count_effort=self.document.count_part_effort) for each in before
        ]
        properties = self.evidence.properties(renewals=number)
        return renewal.timestamp, self._archive_imprint([*carried, *properties], EXCLUSIVE)

    def _read_property(self, timestamp: etree._Element, token: etree._Element | None) -> tuple[bytes, bytes]:
        if token is None:
            raise BadTimestamp(_("The time-stamp has no token as RFC 3161 has it."))
        if timestamp.find(_INCLUDE) is not None:
            raise BadTimestamp(_("The time-stamp picks out what it is over, which is not supported."))
        method = timestamp.find(f"{_DS}CanonicalizationMethod")
        algorithm = _DEFAULT_CANONICALIZATION if method is None else method.get("Algorithm", "")
        if algorithm not in self.policy.canonicalizations & CANONICALIZATIONS:
            raise BadTimestamp(
                _(
                    "The time-stamp uses an algorithm that is not allowed: ${algorithm}",
                    mapping={"algorithm": algorithm},
                )
            )
        listed = None if method is None else method.find(f"{{{EXCLUSIVE}}}InclusiveNamespaces")
        prefixes = [] if listed is None else listed.get("PrefixList", "").split()
        if timestamp.tag == _SIGNATURE_TIMESTAMP:
            return decode_value(token), signature_imprint(self.signature, algorithm, prefixes)
        siblings = reversed([*timestamp.itersiblings(etree.Element, preceding=True)])
        before = (
            canonicalize(each, algorithm, prefixes=prefixes, count_effort=self.document.count_part_effort)
            for each in siblings
        )
        is_old = timestamp.tag == _OLD_ARCHIVE_TIMESTAMP
        return decode_value(token), self._archive_imprint(before, algorithm, prefixes, is_old=is_old)

    def _archive_imprint(
        self, before: Iterable[bytes], algorithm: str, prefixes: Sequence[str] = (), *, is_old: bool = False
    ) -> bytes:
        imprint = archive_imprint(
            self.signature,
            self.verified,
            before,
            algorithm,
            prefixes,
            unreferenced_only=is_old,
            count_effort=self.document.count_part_effort,
        )
        self.document.count_effort(len(imprint))
        return imprint
