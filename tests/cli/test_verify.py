"""``egovdocs verify``."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.serialization import Encoding
from pypdf import PdfWriter

from egovdocs.cli.verify import verify
from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import sign

DOCUMENT = "<a><b>Өтініш</b><!-- c --></a>".encode()


@pytest.fixture(scope="module")
def root() -> Authority:
    return Authority.create("НУЦ", algorithm="ec")


@pytest.fixture(scope="module")
def key(root: Authority) -> IssuedKey:
    return root.issue_person("Ахметов Ержан", "680503250034", algorithm="ec")


@pytest.fixture
def folder(tmp_path: Path, root: Authority, key: IssuedKey, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "anchors.pem").write_bytes(root.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "trust" / "root.crl").write_bytes(root.crl())
    (tmp_path / "person.pem").write_bytes(key.certificate.public_bytes(Encoding.PEM))
    good = sign(DOCUMENT, key.signer)
    (tmp_path / "good.xml").write_bytes(good)
    (tmp_path / "bad.xml").write_bytes(good.replace("Өтініш".encode(), "Өтiніш".encode()))
    monkeypatch.chdir(tmp_path)
    return tmp_path


TRUST = ("--trust", "trust", "--crl", "trust")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(verify, arguments)


def test_passes(folder: Path) -> None:
    result = run(*TRUST, "good.xml")
    assert result.exit_code == 0, result.output
    assert result.output.startswith("good.xml: TOTAL_PASSED\n")
    assert "serialNumber=IIN680503250034" in result.output


def test_responses(folder: Path, root: Authority, key: IssuedKey) -> None:
    (folder / "ocsp").mkdir()
    (folder / "ocsp" / "person.ocsp").write_bytes(root.ocsp(key.certificate))
    for named in ("ocsp", "ocsp/person.ocsp"):
        result = run("--trust", "trust", "--ocsp", named, "good.xml")
        assert result.exit_code == 0, result.output
    assert "TRY_LATER" in run("--trust", "trust", "good.xml").output


def test_fails(folder: Path) -> None:
    result = run(*TRUST, "bad.xml", "good.xml")
    assert result.exit_code == 1
    assert "bad.xml: TOTAL_FAILED HASH_FAILURE" in result.output
    assert "good.xml: TOTAL_PASSED" in result.output


def test_json(folder: Path) -> None:
    result = run(*TRUST, "--json", "good.xml", "bad.xml")
    assert result.exit_code == 1
    good, bad = map(json.loads, result.output.splitlines())
    assert (good["file"], good["indication"]) == ("good.xml", "TOTAL_PASSED")
    (signature,) = good["signatures"]
    assert signature["indication"] == "TOTAL_PASSED"
    assert signature["sub_indication"] is None
    assert signature["level"] == "XAdES-B"
    assert signature["covers"] == "whole"
    assert signature["signer"]["iin"] == "680503250034"
    assert signature["signer"]["bin"] == ""
    assert datetime.fromisoformat(signature["signing_time"]).tzinfo is not None
    assert {"name", "status", "reason"} == set(signature["checks"][0])
    assert bad["signatures"][0]["sub_indication"] == "HASH_FAILURE"
    assert [check["status"] for check in bad["signatures"][0]["checks"]][-1] == "failed"


def test_revocation(folder: Path, root: Authority) -> None:
    assert run("--trust", "trust", "good.xml").exit_code == 1
    assert run("--trust", "trust", "--revocation", "if-present", "good.xml").exit_code == 0
    assert run("--trust", "trust", "--revocation", "none", "good.xml").exit_code == 0


def test_a_signer_trusted_as_itself(folder: Path) -> None:
    assert run("--trust", "person.pem", "good.xml").exit_code == 0
    assert run("good.xml").exit_code == 1


def test_at(folder: Path) -> None:
    later = datetime.now(UTC) + timedelta(days=1000)
    result = run(*TRUST, "--json", "--at", f"{later:%Y-%m-%d}", "good.xml")
    assert result.exit_code == 1
    assert json.loads(result.output)["signatures"][0]["sub_indication"] == "EXPIRED"
    assert run(*TRUST, "--at", datetime.now(UTC).isoformat(), "good.xml").exit_code == 0


def test_content(folder: Path) -> None:
    assert run(*TRUST, "--content", "out", "good.xml", "bad.xml", "./good.xml").exit_code == 1
    assert {path.name for path in Path("out").iterdir()} == {"good.xml", "good-2.xml"}
    assert Path("out/good.xml").read_bytes() == "<a><b>Өтініш</b></a>".encode()


def test_a_pdf_with_the_document_inside(folder: Path) -> None:
    pdf = PdfWriter()
    pdf.add_blank_page(100, 100)
    pdf.add_attachment("licence.xml", Path("good.xml").read_bytes())
    pdf.write("licence.pdf")
    result = run(*TRUST, "--content", "out", "licence.pdf")
    assert result.exit_code == 0, result.output
    assert Path("out/licence.xml").read_bytes() == "<a><b>Өтініш</b></a>".encode()


@pytest.mark.parametrize(
    "arguments",
    [
        (*TRUST, "nothing.xml"),
        (*TRUST, "--at", "yesterday", "good.xml"),
        (*TRUST, "--coverage", "some", "good.xml"),
        ("--trust", "good.xml", "good.xml"),
        ("--trust", "nothing.pem", "good.xml"),
        ("--crl", "person.pem", "good.xml"),
        ("--ocsp", "person.pem", "good.xml"),
        TRUST,
    ],
)
def test_unreadable_files(arguments: tuple[str, ...], folder: Path) -> None:
    assert run(*arguments).exit_code == 2


def test_readable_files_are_reported_despite_unreadable_ones(folder: Path) -> None:
    result = run(*TRUST, "nothing.xml", "good.xml")
    assert result.exit_code == 2
    assert "good.xml: TOTAL_PASSED" in result.output
    assert "nothing.xml: No such file or directory" in result.stderr


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_reasons_in_a_language(form: tuple[str, ...], folder: Path) -> None:
    assert "changed since it was signed" in run(*TRUST, *form, "bad.xml").output
    for language in ("ru", "kk"):
        output = run(*TRUST, *form, "--language", language, "bad.xml").output
        assert "HASH_FAILURE" in output
        assert "changed since it was signed" not in output


def test_several_processes(folder: Path) -> None:
    """Several processes say what one does, in the same order, and write the same."""
    for number in range(20):
        (folder / f"{number}.xml").write_bytes(
            (folder / ("bad.xml" if number % 7 == 3 else "good.xml")).read_bytes()
        )
    files = [*(f"{number}.xml" for number in range(20)), "missing.xml"]
    alone = run(*TRUST, "--json", "--content", "alone", *files)
    together = run(*TRUST, "--json", "--content", "together", "--processes", "2", *files)
    assert together.exit_code == alone.exit_code == 2
    assert together.stdout == alone.stdout
    assert together.stderr == alone.stderr
    written = {path.name: path.read_bytes() for path in Path("alone").iterdir()}
    assert {path.name: path.read_bytes() for path in Path("together").iterdir()} == written
    assert len(written) == 17
