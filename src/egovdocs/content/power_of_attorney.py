"""A power of attorney in the notary register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerOfAttorney:
    """A power of attorney, as the notary register (ЕНИС) has it.

    :param principal: the IIN or BIN of who is represented.
    :param representative: an IIN.
    :param revoked: the day of revocation; None if it was not revoked.
    """

    number: str
    principal: str
    representative: str
    issued: date
    expires: date
    revoked: date | None
    notary: str
    subject_ru: str
    subject_kk: str

    @property
    def identifier(self) -> str:
        """The number."""
        return self.number

    def in_force(self, day: date) -> bool:
        """Whether the representative may act on a day."""
        return self.issued <= day <= self.expires and (self.revoked is None or day < self.revoked)
