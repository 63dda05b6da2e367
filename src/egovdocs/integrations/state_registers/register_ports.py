"""What is asked of the state's registers, whoever answers, and the ways an answer can fail to come."""

from __future__ import annotations

from typing import ClassVar, Protocol

from translationstring import TranslationString, TranslationStringFactory

from egovdocs.content import Entity, Person, PowerOfAttorney

_ = TranslationStringFactory("egovdocs")


class RegisterError(Exception):
    """A register gave no answer that can be used; nothing may be concluded about the person asked for.

    The text of an error is for the log and names nobody.

    :cvar message: what to tell the person who waits.
    """

    message: ClassVar[TranslationString]


class RegisterUnavailable(RegisterError):  # noqa: N818 - says what is wrong
    """The register, or the way to it, does not work at the moment."""

    message = _("The state register cannot be reached at the moment. Nothing was lost: try later.")


class ForgedAnswer(RegisterError):  # noqa: N818 - says what is wrong
    """What came is not by the gateway, is not whole, or is the answer to another question."""

    message = _("The state register's answer could not be trusted, so it was not used. Try later.")


class Registers(Protocol):
    """Who knows natural persons (ГБД ФЛ), legal entities (ГБД ЮЛ) and powers of attorney (ЕНИС).

    An answer may take seconds: ask before a transaction has changed anything.
    """

    def person(self, iin: str) -> Person | None:
        """The person of an IIN; None when there is no such person.

        :raises RegisterError: there is no answer.
        """

    def entity(self, bin: str) -> Entity | None:
        """The entity of a BIN; None when there is no such entity.

        :raises RegisterError: there is no answer.
        """

    def power_of_attorney(self, number: str, principal: str, representative: str) -> PowerOfAttorney | None:
        """The power of attorney of a number, if it is between these two; None when there is none such.

        Whether it is in force is for the asker to see.

        :param principal: an IIN or BIN.
        :param representative: an IIN.
        :raises RegisterError: there is no answer.
        """
