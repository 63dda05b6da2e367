"""Finding cases by their facts.

Keys are packed integers in trees with small nodes, so that the first page of a queue costs at a million cases
what it does at a thousand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, tzinfo
from heapq import merge
from typing import TYPE_CHECKING

from persistent import Persistent

from egovdocs.content.indexes import Told, add_to, in_batches
from egovdocs.content.numbering import Counter
from egovdocs.content.states import ANSWERED, ENDED, LIVE, CaseState
from egovdocs.content.trees import (
    HIGHEST_ID,
    ByName,
    ByNumber,
    NumberByName,
    Numbers,
    between,
    pack,
    unpack,
)

if TYPE_CHECKING:
    from egovdocs.content.cases import Case

LAST = "\U0010ffff"


class Catalogue(Persistent):
    """The indexes over the cases; every one follows from the cases alone."""

    def __init__(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self._cases = ByNumber()  # id → case
        self._numbers = NumberByName()  # request number → id
        self._payments = NumberByName()  # payment reference → id
        self._names = NumberByName()  # login or identifier → a small number of its own
        self._last_name = Counter()
        self._accounts = Numbers()  # name << 40 | age
        self._applicants = Numbers()  # name << 40 | age
        self._queues = ByName()  # (provider, state, service) → day << 40 | id
        self._assigned = ByName()  # (login, state, service) → day << 40 | id
        self._facts = ByNumber()  # id → what is indexed and may change; ended cases leave
        self._closed = Numbers()  # day << 40 | id
        self._to_hand_out = ByName()  # BIN of who received it → day << 40 | id

    # Finding

    def by_id(self, number: int) -> Case | None:
        case: Case | None = self._cases.get(number)
        return case

    def by_number(self, number: str) -> Case | None:
        """The case of a request number."""
        return self._of(self._numbers.get(number))

    def by_payment(self, reference: str) -> Case | None:
        """The case of a payment reference."""
        return self._of(self._payments.get(reference))

    def of_account(self, login: str) -> Iterator[Case]:
        """What an account asked for, the newest first."""
        return self._newest_first(self._accounts, login)

    def of_applicant(self, identifier: str) -> Iterator[Case]:
        """What was asked for a person or an organisation, the newest first."""
        return self._newest_first(self._applicants, identifier)

    def queue(self, provider: str, *states: CaseState, service: str | None = None) -> Iterator[Case]:
        """A provider's open cases ordered by deadline; of these states and this service only, if given."""
        return self._of_all(merge(*_groups(self._queues, provider, states, service)))

    def assigned(
        self, *logins: str, states: Iterable[CaseState] = (), service: str | None = None
    ) -> Iterator[Case]:
        """The open cases that officers have, ordered by deadline; of these states and this service only."""
        states = tuple(states)
        groups = [group for login in logins for group in _groups(self._assigned, login, states, service)]
        return self._of_all(merge(*groups))

    def to_hand_out(self, organisation: str) -> Iterator[Case]:
        """The answered cases whose outcome waits at an organisation for the applicant, the oldest first."""
        return self._of_all(self._to_hand_out.get(organisation, ()))

    def closed(self, first: date, last: date, zone: tzinfo = UTC) -> Iterator[Case]:
        """The cases closed from one day of a zone to another, in order of their days in UTC."""
        near = between(self._closed, first.toordinal() - 1, last.toordinal() + 1)
        for case in self._of_all(near):
            if case.closed_at is not None and first <= case.closed_at.astimezone(zone).date() <= last:
                yield case

    def _of(self, number: int | None) -> Case | None:
        return None if number is None else self.by_id(number)

    def _of_all(self, packed: Iterable[int]) -> Iterator[Case]:
        return (self._cases[unpack(number)[1]] for number in packed)

    def _newest_first(self, numbers: Numbers, name: str) -> Iterator[Case]:
        known = self._names.get(name)
        if known is None:
            return iter(())
        return (self._cases[HIGHEST_ID - unpack(number)[1]] for number in between(numbers, known, known))

    # Keeping up

    def reindex(self, case: Case) -> None:
        """Find the case by its facts as they are now; nothing is written where nothing changed.

        :raises ValueError: an open case has no deadline, or an ended one no time of its end.
        """
        if case.id not in self._cases:
            self._cases[case.id] = case
            self._accounts.add(pack(self._name(case.account), HIGHEST_ID - case.id))
            self._applicants.add(pack(self._name(case.applicant), HIGHEST_ID - case.id))
        before, now = self._facts.get(case.id, NOTHING), _facts(case)
        if before != now:
            self._forget(case.id, before)
            self._learn(case.id, now)
        if case.state in ENDED:
            self._closed.add(pack(_closing_day(case), case.id))
            self._index_hand_out(case)
        if case.state in ENDED or now == NOTHING:
            self._facts.pop(case.id, None)

    def _index_hand_out(self, case: Case) -> None:
        if case.received_by is None or case.state not in ANSWERED:
            return
        packed = pack(_closing_day(case), case.id)
        if case.handed_out is None:
            add_to(self._to_hand_out, case.received_by, packed)
        elif packed in self._to_hand_out.get(case.received_by, ()):
            self._to_hand_out[case.received_by].remove(packed)

    def _learn(self, number: int, facts: Facts) -> None:
        due, queue, assigned, request_number, payment = facts
        if queue:
            add_to(self._queues, queue, pack(due, number))
        if assigned:
            add_to(self._assigned, assigned, pack(due, number))
        if request_number:
            self._numbers[request_number] = number
        if payment:
            self._payments[payment] = number
        self._facts[number] = facts

    def _forget(self, number: int, facts: Facts) -> None:
        due, queue, assigned, request_number, payment = facts
        if queue:
            self._queues[queue].remove(pack(due, number))
        if assigned:
            self._assigned[assigned].remove(pack(due, number))
        if request_number:
            del self._numbers[request_number]
        if payment:
            del self._payments[payment]

    def _name(self, name: str) -> int:
        known: int | None = self._names.get(name)
        if known is None:
            self._last_name.last += 1
            known = self._names[name] = self._last_name.last
        return known

    # Dropping and rebuilding

    def _index_all(self, cases: Iterable[Case]) -> None:
        """Drop every index and make it anew."""
        self._clear()
        for case in in_batches(cases):
            self.reindex(case)

    def _told(self) -> Iterator[Told]:
        """What each index says, told without the numbers that names were given."""
        names = {number: name for name, number in self._names.items()}
        yield from (("cases", (number, case.reference)) for number, case in self._cases.items())
        for index, ids in (("numbers", self._numbers), ("payments", self._payments)):
            yield from ((index, fact) for fact in ids.items())
        for index, numbers in (("accounts", self._accounts), ("applicants", self._applicants)):
            yield from ((index, (names[high], HIGHEST_ID - low)) for high, low in map(unpack, numbers))
        named = {"queues": self._queues, "assigned": self._assigned, "to hand out": self._to_hand_out}
        for index, groups in named.items():
            yield from ((index, (key, *unpack(n))) for key, numbers in groups.items() for n in numbers)
        yield from (("facts", (number, str(facts))) for number, facts in self._facts.items())
        yield from (("closed", unpack(n)) for n in self._closed)


# whose, in what state, of what service
Key = tuple[str, str, str]
# deadline's day, its queue, its officer's queue, request number, payment reference
Facts = tuple[int, Key | None, Key | None, str | None, str | None]
NOTHING: Facts = (0, None, None, None, None)


def _facts(case: Case) -> Facts:
    payment = case.payment.reference if case.payment else None
    if case.state not in LIVE:
        return 0, None, None, case.number, payment
    if case.deadline is None:
        raise ValueError(f"case {case.reference} is open and has no deadline")
    queue = (case.provider, case.state.value, case.service)
    assigned = (case.assignee, *queue[1:]) if case.assignee else None
    return case.deadline.toordinal(), queue, assigned, case.number, payment


def _closing_day(case: Case) -> int:
    if case.closed_at is None:
        raise ValueError(f"case {case.reference} has ended and has no closed_at")
    return case.closed_at.date().toordinal()


def _groups(index: ByName, whose: str, states: Iterable[CaseState], service: str | None) -> Iterator[Numbers]:
    """The trees of a provider or an officer: as many as there are services and states, however many cases."""
    for state in states or LIVE:
        key = (whose, state.value)
        if service is None:
            yield from index.values(key, (*key, LAST))
        elif (group := index.get((*key, service))) is not None:
            yield group
