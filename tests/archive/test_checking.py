"""Fixity, and documents that go on proving themselves."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.serialization import Encoding
from tests.archive.conftest import NOW, Shelf

from egovdocs.archive import check_bag
from egovdocs.cli import main
from egovdocs.signing import TrustStore, ValidationPolicy


@pytest.fixture
def bag(shelf: Shelf, tmp_path: Path) -> Path:
    return shelf.exporter.export(shelf.case, tmp_path / "out")


def reseal(bag: Path) -> None:
    """Make the checksums fit again, as a forger would."""

    def lines(files: list[Path]) -> str:
        digests = ((hashlib.sha256(file.read_bytes()).hexdigest(), file.relative_to(bag)) for file in files)
        return "".join(f"{digest}  {file}\n" for digest, file in digests)

    payload = [path for path in sorted((bag / "data").rglob("*")) if path.is_file()]
    (bag / "manifest-sha256.txt").write_text(lines(payload))
    oxum = f"{sum(path.stat().st_size for path in payload)}.{len(payload)}"
    info = (bag / "bag-info.txt").read_text().splitlines()
    info[-1] = f"Payload-Oxum: {oxum}"
    (bag / "bag-info.txt").write_text("\n".join(info) + "\n")
    tags = [bag / name for name in ("bag-info.txt", "bagit.txt", "manifest-sha256.txt")]
    (bag / "tagmanifest-sha256.txt").write_text(lines(tags))


def test_in_order(shelf: Shelf, bag: Path) -> None:
    verdict = check_bag(bag, shelf.policy)
    assert verdict.sound
    assert list(verdict.reports) == ["data/documents/licence.xml"]
    assert check_bag(bag, None).sound


@pytest.mark.parametrize(
    "file",
    ["data/documents/licence.xml", "data/attachments/01-диплом.pdf", "bag-info.txt", "manifest-sha256.txt"],
)
def test_a_changed_byte(shelf: Shelf, bag: Path, file: str) -> None:
    changed = bytearray((bag / file).read_bytes())
    changed[-2] ^= 1
    (bag / file).write_bytes(changed)
    verdict = check_bag(bag, shelf.policy)
    assert not verdict.sound
    assert verdict.problems


def test_a_file_missing_or_added(shelf: Shelf, bag: Path) -> None:
    (bag / "data/stranger.txt").write_text("")
    assert "stranger" in "".join(check_bag(bag, None).problems)
    (bag / "data/stranger.txt").unlink()
    (bag / "data/README.txt").unlink()
    assert "README" in "".join(check_bag(bag, None).problems)


def test_a_forger_can_make_checksums_fit_but_not_signatures(shelf: Shelf, bag: Path) -> None:
    document = bag / "data/documents/licence.xml"
    document.write_bytes(shelf.signed.replace("Хирургия".encode(), "Терапия!".encode()))
    reseal(bag)
    verdict = check_bag(bag, shelf.policy)
    assert verdict.problems == ()
    assert not verdict.sound
    assert check_bag(bag, None).sound


def test_the_checker_s_trust_counts_and_not_the_package_s(bag: Path) -> None:
    assert not check_bag(bag, ValidationPolicy(trust=TrustStore([]))).sound


def test_valid_when_accepted_is_valid_after_the_certificate_expired(shelf: Shelf, bag: Path) -> None:
    later = shelf.authority.crl(this_update=NOW, next_update=NOW + timedelta(days=1))
    policy = ValidationPolicy(trust=TrustStore([shelf.authority.certificate], [later]))
    assert check_bag(bag, policy).sound


def stranger(**changes: object) -> bytes:
    document = {
        "file": "data/documents/licence.xml",
        "accepted": "2026-01-01",
        "media_type": "application/xml",
    }
    return json.dumps({"documents": [document | changes]}).encode()


@pytest.mark.parametrize(
    "index",
    [
        b"",
        b"[]",
        b"[" * 100_000,
        b'{"documents": []}',
        stranger(file="/etc/passwd"),
        stranger(file="a\0b"),
        stranger(accepted=1),
        stranger(accepted="yesterday"),
    ],
)
def test_a_stranger_s_index(shelf: Shelf, bag: Path, index: bytes) -> None:
    """Unreadable, naming what is not in the package, or leaving a document out."""
    (bag / "data/metadata/case.json").write_bytes(index)
    reseal(bag)
    verdict = check_bag(bag, shelf.policy)
    assert not verdict.sound
    assert verdict.problems


def test_no_bag_at_all(tmp_path: Path) -> None:
    assert check_bag(tmp_path, None).problems
    assert check_bag(tmp_path / "nothing", None).problems
    (tmp_path / "bagit.txt").write_bytes(b"\xff\xfe")
    assert check_bag(tmp_path, None).problems


def test_links_are_not_followed(bag: Path) -> None:
    (bag / "data/README.txt").unlink()
    (bag / "data/README.txt").symlink_to("/etc/passwd")
    assert "a link" in "".join(check_bag(bag, None).problems)


def test_the_command(shelf: Shelf, bag: Path, tmp_path: Path) -> None:
    (tmp_path / "anchors.pem").write_bytes(shelf.authority.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "ca.crl").write_bytes(shelf.authority.crl())
    command = [
        "archive",
        "check",
        "--trust",
        str(tmp_path / "anchors.pem"),
        "--crl",
        str(tmp_path / "ca.crl"),
    ]
    passed = CliRunner().invoke(main, [*command, str(bag)])
    assert passed.exit_code == 0, passed.output
    assert "in order" in passed.output
    assert "TOTAL_PASSED" in passed.output
    (bag / "data/documents/licence.xml").write_bytes(b"<licence/>")
    failed = CliRunner().invoke(main, [*command, str(bag)])
    assert failed.exit_code == 1
    assert "NOT IN ORDER" in failed.output
