"""Bytes come out as they went in, and stay apart from the state beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pyramid.authorization import ACLHelper

from egovdocs.content import Case, Signing, Site, exclusive, set_aside, take_in
from egovdocs.content.bodies import INLINE

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def case(site: Site, new_case: Callable[..., Case], commit: Callable[[Any], None]) -> Case:
    exclusive(site)
    case = site.cases.add(new_case())
    commit(site)
    return case


@pytest.mark.parametrize("size", [0, 1, INLINE, INLINE + 1, 3_000_000])
@pytest.mark.parametrize("as_file", [False, True])
def test_bytes_come_out_as_they_went_in(
    case: Case, commit: Callable[[Any], None], folder: Path, tmp_path: Path, size: int, as_file: bool
) -> None:
    data = bytes(range(256)) * (size // 256) + b"\r" * (size % 256)
    source: bytes | Path = data
    if as_file:
        source = tmp_path / "scan.pdf"
        source.write_bytes(data)
    attachment = case.attach("diploma", "scan.pdf", source, "application/pdf", NOW)
    assert attachment.data == data, "before the commit"
    commit(case)
    case._p_jar.cacheMinimize()

    assert case.attachments[0].data == data
    with case.attachments[0].open() as file:
        assert file.read() == data
    assert (attachment.size, attachment.sha256) == (size, hashlib.sha256(data).hexdigest())
    assert len(list((folder / "blobs").rglob("*.blob"))) == (size > INLINE)
    if isinstance(source, Path):
        assert source.read_bytes() == data, "the given file stays"


def test_an_aborted_attachment_leaves_no_file(case: Case, folder: Path) -> None:
    case.attach("diploma", "scan.pdf", bytes(INLINE + 1), "application/pdf", NOW)
    case._p_jar.transaction_manager.abort()
    case._p_jar.transaction_manager.begin()
    case._p_jar.cacheMinimize()

    assert not case.attachments
    assert not [path for path in (folder / "blobs").rglob("*") if path.is_file() and path.name != ".layout"]


@pytest.mark.parametrize("size", [INLINE, INLINE + 1, 3_000_000])
def test_a_file_is_set_aside_before_the_lock_is_taken(
    case: Case, commit: Callable[[Any], None], folder: Path, size: int
) -> None:
    data = bytes(range(256)) * (size // 256) + b"\r" * (size % 256)
    with set_aside(data, case) as aside, set_aside(b"never taken in" + data, case):
        exclusive(case)  # which nothing may be changed before
        case.attach("diploma", "scan.pdf", aside, "application/pdf", NOW)
        commit(case)
    case._p_jar.cacheMinimize()
    attachment = case.attachments[0]
    assert attachment.data == data
    assert (attachment.size, attachment.sha256) == (size, hashlib.sha256(data).hexdigest())
    kept = {file for file in (folder / "blobs").rglob("*") if file.is_file() and file.name != ".layout"}
    assert len(kept) == (size > INLINE)


def test_a_body_needs_no_database() -> None:
    assert take_in(b"x" * (INLINE + 1), None).data == b"x" * (INLINE + 1)


def test_a_change_of_state_does_not_write_the_document_again(
    case: Case, commit: Callable[[Any], None], folder: Path
) -> None:
    case.documents.keep("request", "request.xml", b"<r>" + b"x" * 60_000 + b"</r>", NOW, report={"ok": True})
    commit(case)
    before = (folder / "data.fs").stat().st_size
    case.documents["request"].report = {"ok": False}
    case.assignee = "officer"
    commit(case)
    assert (folder / "data.fs").stat().st_size - before < 2000


def test_a_document_knows_its_place(case: Case) -> None:
    document = case.documents.keep("receipt", "receipt.xml", b"<receipt/>", NOW)
    assert case.documents["receipt"] is document
    assert document.__parent__.__parent__ is case
    assert document.media_type == "application/xml"


def may(*principals: str) -> Callable[[Any, str], bool]:
    return lambda context, permission: bool(
        ACLHelper().permits(context, ["system.Everyone", *principals], permission)
    )


OFFICER = ("system.Authenticated", "role:officer", "officer@940140000385")


def test_who_may_do_what_with_a_case(case: Case) -> None:
    case.number = "2026-000001-16"
    owner, officer = may("account:680503250034"), may(*OFFICER)
    assert all(owner(case, permission) for permission in ("view", "edit", "sign"))
    assert not any(owner(case, permission) for permission in ("review", "issue", "archive"))
    assert officer(case, "review")
    assert not any(officer(case, permission) for permission in ("edit", "sign", "issue"))
    assert may("role:signatory", "signatory@940140000385")(case, "issue")
    assert may("role:archivist")(case, "archive")


def test_a_draft_is_the_applicants_alone(case: Case) -> None:
    assert may("account:680503250034")(case, "edit")
    for principals in (OFFICER, ("role:signatory", "signatory@940140000385"), ("role:archivist",)):
        assert not any(may(*principals)(case, name) for name in ("view", "review", "issue", "archive"))


@pytest.mark.parametrize(
    "principals",
    [
        (),
        ("system.Authenticated", "account:760212350620", "role:applicant"),
        ("system.Authenticated", "role:officer", "officer@950341000052"),
        ("system.Authenticated", "role:admin"),
    ],
)
def test_a_case_is_nobody_elses_business(site: Site, case: Case, principals: tuple[str, ...]) -> None:
    permissions = ("view", "edit", "sign", "review", "issue", "archive", "admin", "account")
    assert not any(may(*principals)(case, permission) for permission in permissions)


def test_an_officer_may_review_somewhere(site: Site) -> None:
    assert may(*OFFICER)(site, "review")
    assert not may("role:applicant")(site, "review")


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
    assert may(*principals)(signing, "sign") is allowed


@pytest.mark.parametrize("name", ["cases", "accounts", "licences", "signings", "registers"])
def test_the_tree_is_walked_by_name(site: Site, name: str) -> None:
    assert site[name].__name__ == name
    assert site[name].__parent__ is site


def test_what_is_not_of_the_tree_is_not_walked_to(site: Site) -> None:
    for name in ("outbox", "idempotency", "counters", "__dict__"):
        with pytest.raises(KeyError):
            site[name]
