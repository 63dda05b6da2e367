"""The parts of a service as data: its provider, actions, fees, tables of steps, documents and grounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from egovdocs.schemas.text import Text

END = "end"

DUTIES = (
    *("registration", "login", "check-login", "refuse-login", "form", "papers"),
    *("lookup", "powers", "check-lookup", "refuse-lookup", "payment", "check-payment", "refuse-payment"),
    *("certificate", "check-certificate", "refuse-certificate", "sign", "send", "register"),
    *("review", "refuse", "grant"),
)
NEEDED = ("login", "form", "register", "review", "refuse", "grant")
ANSWERS = {
    "check-login": {"no": "refuse-login"},
    "check-lookup": {"no": "refuse-lookup"},
    "check-payment": {"no": "refuse-payment"},
    "check-certificate": {"no": "refuse-certificate"},
    "review": {"no": "refuse", "yes": "grant"},
}
"""The checks of conditions, and the duty of the step that an answer leads to."""


@dataclass(frozen=True, slots=True)
class Provider:
    """The body that answers requests; ``position`` is the office of the one who signs outcomes."""

    bin: str
    title: Text
    place: Text
    position: Text

    @property
    def named(self) -> dict[str, Any]:
        """The provider as documents name it."""
        return {"bin": self.bin, "name": self.title.bilingual}


@dataclass(frozen=True, slots=True)
class Fee:
    """A state fee in monthly calculation indices (МРП)."""

    indices: Decimal

    def amount(self, index: Decimal) -> Decimal:
        """Return the fee in whole tenge, for a value of the index in tenge."""
        return (self.indices * index).quantize(Decimal(1), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Action:
    """An action of a service, and the working days within which its outcome is due."""

    id: str
    title: Text
    working_days: int
    fee: Fee | None


@dataclass(frozen=True, slots=True)
class Limit:
    """The time limit of a step: from ``least`` to ``most``, or in working days.

    With ``by_action`` the days are those of the requested action.
    """

    least: timedelta | None = None
    most: timedelta | None = None
    working_days: int | None = None
    by_action: bool = False
    text: Text = field(default=Text("", "", ""), compare=False)

    def days(self, action: Action) -> int | None:
        """Return the limit in working days for an action; None when it is shorter than a day."""
        return action.working_days if self.by_action else self.working_days


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the regulation's table: a process, or a condition with its two branches.

    :ivar next: the next step's number, or "end", by event: "done", or a condition's "yes" and "no".
    :ivar does: what the row is for, some of ``DUTIES``: by these the use cases find their steps.
    """

    number: str
    kind: Literal["process", "condition"]
    unit: str
    unit_title: Text
    text: Text
    limit: Limit | None
    next: Mapping[str, str]
    does: tuple[str, ...]

    @property
    def ends(self) -> bool:
        """Whether the procedure ends here."""
        return set(self.next.values()) == {END}


@dataclass(frozen=True, slots=True)
class Procedure:
    """A service's procedure in one channel: a table of the regulation. ``steps`` keeps its order."""

    table: str
    channel: str
    title: Text
    steps: Mapping[str, Step]

    @property
    def first(self) -> Step:
        return next(iter(self.steps.values()))

    def step_for(self, does: str) -> Step | None:
        """Return the step with a duty; None when the table has none, as a free service has no "payment"."""
        return next((step for step in self.steps.values() if does in step.does), None)


@dataclass(frozen=True, slots=True)
class AttachmentKind:
    """A document that comes with the request, for the actions and in the channels that require it."""

    code: str
    title: Text
    hint: Text | None
    required: bool
    media_types: tuple[str, ...]
    max_bytes: int
    actions: tuple[str, ...]
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    """One line of the checklist that an officer works through before deciding."""

    code: str
    title: Text


@dataclass(frozen=True, slots=True)
class Ground:
    """A coded ground on which a request may be refused."""

    code: str
    title: Text


@dataclass(frozen=True, slots=True)
class Remarks:
    """The effect of a remark to the applicant on the time limit.

    :ivar stop_clock: the first remark stops the provider's time until the applicant's answer.
    :ivar working_days: the time for an answer, after which the time limit continues.
    """

    stop_clock: bool = False
    working_days: int | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator of a service, measured by a question that applicants answer after the outcome.

    :ivar answers: the answers to choose from, by their codes, the least contented first.
    """

    code: str
    title: Text
    question: Text
    answers: tuple[tuple[str, Text], ...]
