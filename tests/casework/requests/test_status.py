from datetime import timedelta

import pytest
from tests.worlds import CaseWorld

from egovdocs.casework.requests.status import status
from egovdocs.casework.review.review_case import claim_case


def test_before_registration_no_time_runs(world: CaseWorld) -> None:
    case = world.draft(world.register(world.keys.applicant))
    found = status(world.office, case)
    assert (found.label, found.step.number) == ("Draft", "P3")
    assert (found.deadline, found.days_left, found.urgency) == (None, None, "")


@pytest.mark.parametrize(
    ("days", "left", "urgency"),
    [
        (0, 15, "calm"),
        (17, 2, "calm"),
        (20, 1, "soon"),
        (21, 0, "soon"),
        (22, -1, "overdue"),
        (29, -6, "overdue"),
    ],
)
def test_time_left(world: CaseWorld, days: int, left: int, urgency: str) -> None:
    case = world.submitted()
    world.clock.now += timedelta(days=days)
    found = status(world.office, case)
    assert (found.label, found.step.number) == ("Registered", "C4")
    assert (found.days_left, found.urgency) == (left, urgency)


@pytest.mark.parametrize(("days", "in_time"), [(0, True), (21, True), (22, False)])
def test_answered_in_time_or_not(world: CaseWorld, days: int, in_time: bool) -> None:
    case = world.granted(world.staff("officer", "officer"))
    world.clock.now += timedelta(days=days)
    signatory = world.staff("signatory", "signatory")
    world.issue(case, signatory)
    world.clock.now += timedelta(days=100)
    found = status(world.office, case)
    assert (found.label, found.step, found.in_time, found.days_left) == ("Issued", None, in_time, None)


def test_the_officers_word(world: CaseWorld) -> None:
    officer = world.staff("officer", "officer")
    case = world.submitted()
    claim_case(world.office, world.site, case, officer)
    assert status(world.office, case).label == "Under review"
