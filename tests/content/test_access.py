"""The permissions of roles and accounts on the objects of the tree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from pyramid.authorization import ACLHelper

from egovdocs.content import Case, Signing, Site, exclusive

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def case(site: Site, new_case: Callable[..., Case], commit: Callable[[Any], None]) -> Case:
    exclusive(site)
    case = site.cases.add(new_case())
    commit(site)
    return case


def allows(*principals: str) -> Callable[[Any, str], bool]:
    return lambda context, permission: bool(
        ACLHelper().permits(context, ["system.Everyone", *principals], permission)
    )


OFFICER = ("system.Authenticated", "role:officer", "officer@940140000385")


def test_who_may_do_what_with_a_case(case: Case) -> None:
    case.number = "2026-000001-16"
    owner, officer = allows("account:680503250034"), allows(*OFFICER)
    assert all(owner(case, permission) for permission in ("view", "edit", "sign"))
    assert not any(owner(case, permission) for permission in ("review", "issue", "archive"))
    assert officer(case, "review")
    assert not any(officer(case, permission) for permission in ("edit", "sign", "issue"))
    assert allows("role:signatory", "signatory@940140000385")(case, "issue")
    assert allows("role:archivist")(case, "archive")


def test_a_draft_is_open_to_the_applicant_only(case: Case) -> None:
    assert allows("account:680503250034")(case, "edit")
    for principals in (OFFICER, ("role:signatory", "signatory@940140000385"), ("role:archivist",)):
        assert not any(allows(*principals)(case, name) for name in ("view", "review", "issue", "archive"))


@pytest.mark.parametrize(
    "principals",
    [
        (),
        ("system.Authenticated", "account:760212350620", "role:applicant"),
        ("system.Authenticated", "role:officer", "officer@950341000052"),
        ("system.Authenticated", "role:admin"),
    ],
)
def test_a_case_is_closed_to_everybody_else(site: Site, case: Case, principals: tuple[str, ...]) -> None:
    permissions = ("view", "edit", "sign", "review", "issue", "archive", "admin", "account")
    assert not any(allows(*principals)(case, permission) for permission in permissions)


def test_an_officer_may_review_somewhere(site: Site) -> None:
    assert allows(*OFFICER)(site, "review")
    assert not allows("role:applicant")(site, "review")


@pytest.mark.parametrize(
    ("owner", "principals", "allowed"),
    [
        ("680503250034", ("account:680503250034",), True),
        ("680503250034", ("account:760212350620",), False),
        (None, (), True),
    ],
)
def test_a_signing_belongs_to_its_owner(
    site: Site, owner: str | None, principals: tuple[str, ...], allowed: bool
) -> None:
    signing = Signing(token="t", purpose="request", document=b"<r/>", owner=owner, created=NOW, expires=NOW)
    site.signings.add(signing)
    assert allows(*principals)(signing, "sign") is allowed


@pytest.mark.parametrize("name", ["cases", "accounts", "licences", "signings", "registers"])
def test_traversal_reaches_the_folders(site: Site, name: str) -> None:
    assert site[name].__name__ == name
    assert site[name].__parent__ is site


def test_traversal_reaches_nothing_else(site: Site) -> None:
    for name in ("outbox", "idempotency", "counters", "__dict__"):
        with pytest.raises(KeyError):
            site[name]
