"""The constraints that a signature must meet to pass; each default is named, with its source."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum

from .crypto import algorithms
from .trust.revocation import Revocation
from .trust.store import TrustStore


class Coverage(StrEnum):
    """How much of the document each signature must cover (XML Signature 1.1, 8.1.1)."""

    WHOLE = "whole"
    ANY = "any"


@dataclass(frozen=True)
class ValidationPolicy:
    """Constraints for :func:`egovdocs.signing.validate` (ETSI EN 319 102-1, 5.1.4).

    The limits bound the work that a third party's document can cause. The algorithms are those that ETSI TS
    119 312 recommends and that documents of this field use.
    """

    trust: TrustStore
    revocation: Revocation = Revocation.REQUIRE
    coverage: Coverage = Coverage.WHOLE

    signature_methods: frozenset[str] = algorithms.SIGNATURE_METHODS
    digest_methods: frozenset[str] = algorithms.DIGEST_METHODS
    canonicalizations: frozenset[str] = algorithms.CANONICALIZATIONS
    transforms: frozenset[str] = algorithms.TRANSFORMS
    curves: frozenset[str] = algorithms.CURVES
    minimal_rsa_bits: int = 2048

    max_bytes: int = 10_000_000
    """The size of a document: libxml2 refuses longer text nodes. Attachments are separate files."""
    max_markup: int = 1_000_000
    """Tags and attributes together: the memory of a parsed document grows with them."""
    max_signatures: int = 32
    max_references: int = 8
    max_transforms: int = 4
    max_certificates: int = 16
    max_certificate_bytes: int = 65_536
    """The certificates of one signature together."""
    max_effort: int = 100_000_000
    """Bytes made canonical for all references of all signatures: each may cover the whole document again."""

    def __post_init__(self) -> None:
        if not hasattr(self.trust, "check_certificate"):
            raise TypeError("trust must be a TrustStore, such as TrustStore.load(anchors=[…]) gives")
        # The text "whole" from a settings file must mean Coverage.WHOLE.
        object.__setattr__(self, "revocation", Revocation(self.revocation))
        object.__setattr__(self, "coverage", Coverage(self.coverage))
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(each.default, frozenset):
                if isinstance(value, str):
                    raise TypeError(f"{each.name} must be a set of names, not one name")
                object.__setattr__(self, each.name, frozenset(value))
            elif isinstance(each.default, int) and not (isinstance(value, int) and value >= 0):
                raise ValueError(f"{each.name} must be a number, not {value!r}")
