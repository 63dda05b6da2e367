"""The port of the state registers, and the messages to users when they give no usable response."""

from __future__ import annotations

from typing import Protocol

from translationstring import TranslationString, TranslationStringFactory

from egovdocs.content import Entity, Person, PowerOfAttorney
from egovdocs.integrations.external_system_errors import ExternalSystemError, ForgedResponse

_ = TranslationStringFactory("egovdocs")


class StateRegisters(Protocol):
    """The registers of persons (ГБД ФЛ), of legal entities (ГБД ЮЛ) and of powers of attorney (ЕНИС).

    A response may take seconds: call before anything is changed in a transaction.
    """

    def person(self, iin: str) -> Person | None:
        """Return the person of an IIN; None when there is no such person.

        :raises ExternalSystemError: there is no usable response.
        """

    def entity(self, bin: str) -> Entity | None:
        """Return the legal entity of a BIN; None when there is no such entity.

        :raises ExternalSystemError: there is no usable response.
        """

    def power_of_attorney(self, number: str, principal: str, representative: str) -> PowerOfAttorney | None:
        """Return the power of attorney of a number and two parties; None when there is none.

        The caller checks that it is in force.

        :param principal: an IIN or BIN.
        :param representative: an IIN.
        :raises ExternalSystemError: there is no usable response.
        """


def user_message(error: ExternalSystemError) -> TranslationString:
    """Return the message to the user who waits for a register."""
    if isinstance(error, ForgedResponse):
        return _("The state register's answer could not be trusted, so it was not used. Try later.")
    return _("The state register cannot be reached at the moment. Nothing was lost: try later.")
