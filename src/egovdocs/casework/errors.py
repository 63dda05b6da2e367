"""The exceptions by which a use case refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from translationstring import TranslationString

if TYPE_CHECKING:
    from egovdocs.schemas import Problem


class Refusal(Exception):  # noqa: N818 - a refusal is the regulation's word, and not an error
    """A refusal that the regulation provides for. It has been written to the journal and committed.

    :param step: the regulation's number of the refusing process, such as ``P7``.
    :param message: the precise reason, for the person.
    """

    def __init__(self, step: str, message: TranslationString) -> None:
        super().__init__(step, message)
        self.step = step
        self.message = message

    def __str__(self) -> str:
        return f"{self.step}: {self.message.interpolate()}"


class Mistake(Exception):  # noqa: N818 - a person's, not the program's
    """A mistake of the person; nothing was changed.

    :param message: what is wrong and what to do, for the person.
    """

    def __init__(self, message: TranslationString) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message.interpolate())


class Problems(Mistake):
    """A form or request with errors.

    :param problems: each with the path of its field.
    """

    def __init__(self, message: TranslationString, problems: tuple[Problem, ...]) -> None:
        super().__init__(message)
        self.problems = problems


class WrongAnswer(Mistake):
    """One field of a form is wrong.

    :param field: its name.
    """

    def __init__(self, field: str, message: TranslationString) -> None:
        super().__init__(message)
        self.field = field


class WrongFile(Mistake):
    """A file that is not accepted.

    :param name: the file's name.
    """

    def __init__(self, name: str, message: TranslationString) -> None:
        super().__init__(message)
        self.name = name


class TryLater(Mistake):
    """What was submitted may be correct, but an external system gives no answer, or no fresh revocation data
    is there.
    """


class Decided(Mistake):
    """Somebody else has claimed, decided or signed this in the meantime."""
