"""What a signature must be to pass: frozen, every default named and with its source."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from .crypto import algorithms

if TYPE_CHECKING:
    from .trust.store import TrustStore


class Revocation(StrEnum):
    """How much must be known about revocation (ETSI TS 119 172-1, A.4.2.1, revocation constraints)."""

    REQUIRE = "require"
    """Every certificate below the anchor needs a fresh answer; without one: TRY_LATER."""
    IF_PRESENT = "if-present"
    """What is held is used; nothing held is no reason to refuse."""
    NONE = "none"
    """Not looked at."""


class Coverage(StrEnum):
    """How much of the document each signature must cover (XML Signature 1.1, 8.1.1)."""

    WHOLE = "whole"
    ANY = "any"


@dataclass(frozen=True)
class ValidationPolicy:
    """Constraints for :func:`egovdocs.signing.validate` (ETSI EN 319 102-1, 5.1.4).

    The sizes bound the work a stranger's document can cause; the algorithms are those ETSI TS 119 312
    recommends and documents of this field use.
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
    """libxml2 refuses longer text nodes; attachments are files of their own."""
    max_markup: int = 1_000_000
    """Tags and attributes: what a parsed document's memory grows with."""
    max_signatures: int = 32
    max_references: int = 8
    max_transforms: int = 4
    max_certificates: int = 16
    max_certificate_bytes: int = 65_536
    """A signature's certificates together."""
    max_effort: int = 100_000_000
    """Octets made canonical for all references of all signatures: each may cover the whole document again."""

    def __post_init__(self) -> None:
        if not hasattr(self.trust, "check_certificate"):
            raise TypeError("trust must be a TrustStore, such as TrustStore.load(anchors=[…]) gives")
        # "whole" from a settings file must never mean less than Coverage.WHOLE.
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


def moment_of(at: datetime | None) -> datetime:
    """The moment meant: now when left out, UTC where it names no zone.

    :raises TypeError: it is no moment, such as a date.
    """
    if at is None:
        return datetime.now(UTC)
    if not isinstance(at, datetime):
        raise TypeError(f"a moment must be a datetime, not {at!r}")
    return at if at.tzinfo else at.replace(tzinfo=UTC)
