"""Finds cases by their facts.

Keys are packed integers in trees with small nodes, so the first page of a queue costs the same with a million
cases as with a thousand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, tzinfo
from heapq import merge

from persistent import Persistent

from egovdocs.content.case import Case
from egovdocs.content.case_state import ANSWERED, ENDED, LIVE, CaseState
from egovdocs.content.counter import Counter
from egovdocs.content.indexes.index_entries import IndexEntry, add_to, in_batches
from egovdocs.content.packed_trees import (
    HIGHEST_ID,
    ByName,
    ByNumber,
    NumberByName,
    Numbers,
    between,
    pack,
    unpack,
)

LAST = "\U0010ffff"


class Catalogue(Persistent):
    """The indexes of the cases; each follows from the cases."""

    def __init__(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self._cases = ByNumber()  # id → case
        self._numbers = NumberByName()  # request number → id
        self._payments = NumberByName()  # payment reference → id
        self._names = NumberByName()  # login or identifier → an integer that stands for it below
        self._last_name = Counter()
        self._accounts = Numbers()  # name << 40 | age
        self._applicants = Numbers()  # name << 40 | age
        self._queues = ByName()  # (provider, state, service) → day << 40 | id
        self._assigned = ByName()  # (login, state, service) → day << 40 | id
        self._facts = ByNumber()  # id → facts that are indexed and may change; not of ended cases
        self._closed = Numbers()  # day << 40 | id
        self._to_hand_out = ByName()  # BIN of the provider or centre → day << 40 | id

    # Finding

    def by_id(self, number: int) -> Case | None:
        """Return the case of an id, or None."""
        case: Case | None = self._cases.get(number)
        return case

    def by_number(self, number: str) -> Case | None:
        """Return the case of a request number, or None."""
        return self._of(self._numbers.get(number))

    def by_payment(self, reference: str) -> Case | None:
        """Return the case of a payment reference, or None."""
        return self._of(self._payments.get(reference))

    def of_account(self, login: str) -> Iterator[Case]:
        """Return the cases that an account opened, the newest first.

        :param login: the account's.
        """
        return self._newest_first(self._accounts, login)

    def of_applicant(self, identifier: str) -> Iterator[Case]:
        """Return the cases of an applicant, the newest first.

        :param identifier: an IIN or BIN.
        """
        return self._newest_first(self._applicants, identifier)

    def queue(self, provider: str, *states: CaseState, service: str | None = None) -> Iterator[Case]:
        """Return a provider's open cases, ordered by deadline.

        :param provider: a BIN.
        :param states: only cases in these states, if any are given.
        :param service: only cases of this service.
        """
        return self._of_all(merge(*_groups(self._queues, provider, states, service)))

    def assigned(
        self, *logins: str, states: Iterable[CaseState] = (), service: str | None = None
    ) -> Iterator[Case]:
        """Return the open cases assigned to officers, ordered by deadline.

        :param logins: the officers'.
        :param states: only cases in these states, if any are given.
        :param service: only cases of this service.
        """
        states = tuple(states)
        groups = [group for login in logins for group in _groups(self._assigned, login, states, service)]
        return self._of_all(merge(*groups))

    def to_hand_out(self, organisation: str) -> Iterator[Case]:
        """Return the answered cases whose outcome has to be handed out, the oldest first.

        :param organisation: the BIN of the provider or centre that received the request.
        """
        return self._of_all(self._to_hand_out.get(organisation, ()))

    def closed(self, first: date, last: date, zone: tzinfo = UTC) -> Iterator[Case]:
        """Return the cases closed from one day to another, both included, ordered by day in UTC.

        :param zone: the time zone of the two days.
        """
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

    # Updating

    def reindex(self, case: Case) -> None:
        """Update the indexes to the facts of a case. Indexes of unchanged facts are not written.

        :raises ValueError: an open case has no deadline, or an ended one no ``closed_at``.
        """
        if case.id not in self._cases:
            self._cases[case.id] = case
            self._accounts.add(pack(self._name(case.account), HIGHEST_ID - case.id))
            self._applicants.add(pack(self._name(case.applicant), HIGHEST_ID - case.id))
        before, now = self._facts.get(case.id, NOTHING), _facts(case)
        if before != now:
            self._remove(case.id, before)
            self._insert(case.id, now)
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

    def _insert(self, number: int, facts: Facts) -> None:
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

    def _remove(self, number: int, facts: Facts) -> None:
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

    # Rebuilding and comparing

    def _index_all(self, cases: Iterable[Case]) -> None:
        """Drop every index and build it again."""
        self._clear()
        for case in in_batches(cases):
            self.reindex(case)

    def _entries(self) -> Iterator[IndexEntry]:
        """Yield the entries of each index, with names instead of the integers that stand for them."""
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


# provider or login, state, service
Key = tuple[str, str, str]
# day of the deadline, key in the queues, key in the assigned cases, request number, payment reference
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


def _groups(index: ByName, owner: str, states: Iterable[CaseState], service: str | None) -> Iterator[Numbers]:
    """Yield the sets of a provider or an officer: at most one for each state and service.

    :param owner: the BIN of the provider, or the login of the officer.
    """
    for state in states or LIVE:
        key = (owner, state.value)
        if service is None:
            yield from index.values(key, (*key, LAST))
        elif (group := index.get((*key, service))) is not None:
            yield group
