"""Bytes are stored exactly as they were received, apart from the state that refers to them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from egovdocs.content import Case, Site, exclusive, stage, store
from egovdocs.content.stored_bytes import MAX_INLINE

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def case(site: Site, new_case: Callable[..., Case], commit: Callable[[Any], None]) -> Case:
    exclusive(site)
    case = site.cases.add(new_case())
    commit(site)
    return case


@pytest.mark.parametrize("size", [0, 1, MAX_INLINE, MAX_INLINE + 1, 3_000_000])
@pytest.mark.parametrize("as_file", [False, True])
def test_bytes_are_stored_as_they_were_received(
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
    assert len(list((folder / "blobs").rglob("*.blob"))) == (size > MAX_INLINE)
    if isinstance(source, Path):
        assert source.read_bytes() == data, "the given file stays"


def test_an_aborted_attachment_leaves_no_file(case: Case, folder: Path) -> None:
    case.attach("diploma", "scan.pdf", bytes(MAX_INLINE + 1), "application/pdf", NOW)
    case._p_jar.transaction_manager.abort()
    case._p_jar.transaction_manager.begin()
    case._p_jar.cacheMinimize()

    assert not case.attachments
    assert not [path for path in (folder / "blobs").rglob("*") if path.is_file() and path.name != ".layout"]


@pytest.mark.parametrize("size", [MAX_INLINE, MAX_INLINE + 1, 3_000_000])
def test_a_file_is_staged_before_the_lock_is_taken(
    case: Case, commit: Callable[[Any], None], folder: Path, size: int
) -> None:
    data = bytes(range(256)) * (size // 256) + b"\r" * (size % 256)
    with stage(data, case) as staged, stage(b"never stored" + data, case):
        exclusive(case)  # which no change may precede
        case.attach("diploma", "scan.pdf", staged, "application/pdf", NOW)
        commit(case)
    case._p_jar.cacheMinimize()
    attachment = case.attachments[0]
    assert attachment.data == data
    assert (attachment.size, attachment.sha256) == (size, hashlib.sha256(data).hexdigest())
    kept = {file for file in (folder / "blobs").rglob("*") if file.is_file() and file.name != ".layout"}
    assert len(kept) == (size > MAX_INLINE)


def test_bytes_need_no_database() -> None:
    assert store(b"x" * (MAX_INLINE + 1), None).data == b"x" * (MAX_INLINE + 1)


def test_a_change_of_state_does_not_write_the_document_again(
    case: Case, commit: Callable[[Any], None], folder: Path
) -> None:
    case.documents.add("request", "request.xml", b"<r>" + b"x" * 60_000 + b"</r>", NOW, report={"ok": True})
    commit(case)
    before = (folder / "data.fs").stat().st_size
    case.documents["request"].report = {"ok": False}
    case.assignee = "officer"
    commit(case)
    assert (folder / "data.fs").stat().st_size - before < 2000


def test_a_document_knows_its_place(case: Case) -> None:
    document = case.documents.add("receipt", "receipt.xml", b"<receipt/>", NOW)
    assert case.documents["receipt"] is document
    assert document.__parent__.__parent__ is case
    assert document.media_type == "application/xml"
