"""Verdicts in the words of ETSI EN 319 102-1: indications, sub-indications, and the checks that
lead to them.
"""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Literal

from translationstring import TranslationString

Status = Literal["passed", "failed", "unknown"]
"""The result of a check; ``unknown`` when something was not evaluated."""

_MAX_QUOTED_CHARACTERS = 200


class Indication(StrEnum):
    """The main status of a validation (ETSI EN 319 102-1, 5.1.3, table 5)."""

    TOTAL_PASSED = "TOTAL_PASSED"
    TOTAL_FAILED = "TOTAL_FAILED"
    INDETERMINATE = "INDETERMINATE"


class SubIndication(StrEnum):
    """The reason why a validation did not pass (ETSI EN 319 102-1, 5.1.3, table 6)."""

    FORMAT_FAILURE = "FORMAT_FAILURE"
    HASH_FAILURE = "HASH_FAILURE"
    SIG_CRYPTO_FAILURE = "SIG_CRYPTO_FAILURE"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"
    NOT_YET_VALID = "NOT_YET_VALID"
    SIG_CONSTRAINTS_FAILURE = "SIG_CONSTRAINTS_FAILURE"
    CHAIN_CONSTRAINTS_FAILURE = "CHAIN_CONSTRAINTS_FAILURE"
    CERTIFICATE_CHAIN_GENERAL_FAILURE = "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    CRYPTO_CONSTRAINTS_FAILURE = "CRYPTO_CONSTRAINTS_FAILURE"
    POLICY_PROCESSING_ERROR = "POLICY_PROCESSING_ERROR"
    NO_SIGNING_CERTIFICATE_FOUND = "NO_SIGNING_CERTIFICATE_FOUND"
    NO_CERTIFICATE_CHAIN_FOUND = "NO_CERTIFICATE_CHAIN_FOUND"
    REVOKED_CA_NO_POE = "REVOKED_CA_NO_POE"
    TRY_LATER = "TRY_LATER"
    SIGNED_DATA_NOT_FOUND = "SIGNED_DATA_NOT_FOUND"

    @property
    def indication(self) -> Indication:
        """The indication that this sub-indication belongs to (ETSI EN 319 102-1, 5.1.3, table 6)."""
        return Indication.TOTAL_FAILED if self in _TOTAL_FAILED else Indication.INDETERMINATE


_TOTAL_FAILED = frozenset(
    {
        SubIndication.FORMAT_FAILURE,
        SubIndication.HASH_FAILURE,
        SubIndication.SIG_CRYPTO_FAILURE,
        SubIndication.REVOKED,
        SubIndication.EXPIRED,
        SubIndication.NOT_YET_VALID,
    }
)


@dataclass(frozen=True, slots=True)
class Check:
    """One check (a building block of ETSI EN 319 102-1, 5.2, or a part of one) and its result.

    :ivar reason: the result as a sentence that can be translated. Long values in it are shortened.
    """

    name: str
    status: Status
    reason: TranslationString

    def __post_init__(self) -> None:
        # A value quoted from the document is as long as the author of the document likes.
        quoted = self.reason.mapping or {}
        if any(isinstance(each, str) and len(each) > _MAX_QUOTED_CHARACTERS for each in quoted.values()):
            short = {name: _shortened(each) for name, each in quoted.items()}
            object.__setattr__(self, "reason", TranslationString(self.reason, mapping=short))

    def as_dict(self, language: str = "en") -> dict[str, str]:
        return {"name": self.name, "status": self.status, "reason": translated(self.reason, language)}


class NotPassed(Exception):  # noqa: N818 - a verdict, not an error of the program
    """Ends the validation of a signature or of a document.

    :ivar check: the check that failed, with its reason.
    """

    def __init__(self, sub_indication: SubIndication, name: str, reason: TranslationString) -> None:
        super().__init__(reason)
        self.sub_indication = sub_indication
        self.check = Check(name, "failed", reason)


def translated(message: TranslationString, language: str) -> str:
    """Return the message in a language ("ru", "kk"); in English when there is no translation."""
    catalogue = _catalogue(language)
    return str(TranslationString(message).interpolate(catalogue.gettext(str(message))))


def _shortened(value: object) -> object:
    if isinstance(value, str) and len(value) > _MAX_QUOTED_CHARACTERS:
        return f"{value[:_MAX_QUOTED_CHARACTERS]}…"
    return value


@lru_cache(maxsize=8)
def _catalogue(language: str) -> gettext.NullTranslations:
    locale = Path(__file__).parents[1] / "locale"
    return gettext.translation("egovdocs", locale, languages=[language], fallback=True)
