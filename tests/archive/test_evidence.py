"""What is packed proves itself decades on: evidence, augmented documents, orders."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.serialization import Encoding
from tests.archive.conftest import NOW, Shelf
from tests.archive.test_checking import reseal
from tests.archive.test_command import config  # noqa: F401
from tests.rendering import samples
from ZODB import DB

from egovdocs.archive import check_bag
from egovdocs.cli import main
from egovdocs.content import Case, Licence, Site, bootstrap, exclusive, open_database
from egovdocs.sandbox.authority import Authority
from egovdocs.signing import TimestampAuthority, TrustStore, ValidationPolicy, gather_evidence, validate

LATER = NOW + timedelta(days=1200)
NUMBER = samples.REQUEST["number"]


def proven(case: Case, shelf: Shelf) -> Site:
    """Give the case's document evidence, and its licence an order that has some too."""
    site: Site = case.__parent__.__parent__
    exclusive(site)
    clock = TimestampAuthority(shelf.authority.issue_timestamping("Сағат", algorithm="ec").signer)
    case.licence = "KZ00MED00000001"
    licence = site["licences"].add(
        Licence(
            number=case.licence,
            service=case.service,
            edition=case.edition,
            provider=case.provider,
            holder=case.applicant,
            holder_name="Клиника",
            issued_on=NOW.date(),
            case=case.reference,
            document="licence",
        )
    )
    licence.documents.add("2026-000007", "order.xml", shelf.signed, NOW, report={})
    for document in (case.documents["licence"], licence.documents["2026-000007"]):
        site.evidence.store(document, gather_evidence(document.data, shelf.policy.trust, clock))
    return site


@pytest.fixture
def bag(shelf: Shelf, tmp_path: Path) -> Path:
    proven(shelf.case, shelf)
    return shelf.exporter.export(shelf.case, tmp_path / "out")


@pytest.fixture
def bare(shelf: Shelf) -> ValidationPolicy:
    return ValidationPolicy(trust=TrustStore(shelf.policy.trust.anchors))


def test_evidence_and_orders_are_packed(bag: Path, shelf: Shelf, bare: ValidationPolicy) -> None:
    data = bag / "data"
    assert (data / "documents/order-2026-000007.xml").read_bytes() == shelf.signed
    for name in ("licence", "order-2026-000007"):
        report = validate((data / f"augmented/{name}.xml").read_bytes(), bare, at=LATER)
        assert report.passed, report.text()
        assert report.signatures[0].level == "XAdES-LT"
        assert json.loads((data / f"evidence/{name}.json").read_bytes())["timestamp"]
        assert json.loads((data / f"reports/{name}.json").read_bytes())["now"]["signatures"][0]["proven_time"]
    facts = json.loads((data / "metadata/licence.json").read_bytes())
    assert facts["number"] == "KZ00MED00000001"
    assert [event["change"] for event in facts["events"]] == ["issued"]


def test_it_proves_itself_years_on(bag: Path, bare: ValidationPolicy, shelf: Shelf, tmp_path: Path) -> None:
    verdict = check_bag(bag, bare, at=LATER)
    assert verdict.sound, [report.text() for report in verdict.reports.values()]
    assert all(report.signatures[0].proven_time for report in verdict.reports.values())
    (tmp_path / "ca.pem").write_bytes(bare.trust.anchors[0].public_bytes(Encoding.PEM))
    command = ["archive", "check", "--trust", str(tmp_path / "ca.pem"), "--at", LATER.isoformat(), str(bag)]
    told = CliRunner().invoke(main, command)
    assert told.exit_code == 0, told.output
    assert "XAdES-LT" in told.output
    for evidence in bag.glob("data/evidence/*"):
        evidence.unlink()
    reseal(bag)
    assert not check_bag(bag, bare, at=LATER).sound


@pytest.mark.parametrize("evidence", [b"", b"[]", b"{}", b'{"version": 99}', b'{"timestamp": 1}'])
def test_evidence_that_cannot_be_read(bag: Path, bare: ValidationPolicy, evidence: bytes) -> None:
    (bag / "data/evidence/licence.json").write_bytes(evidence)
    reseal(bag)
    verdict = check_bag(bag, bare)
    assert not verdict.sound
    assert verdict.problems


def test_the_commands_list_and_renew(
    config: Path,  # noqa: F811
    database: DB,
    signed_licence: tuple[bytes, Authority],
    tmp_path: Path,
) -> None:
    database.close()

    def run(*command: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, ["archive", *command, "--config", str(config)])
        return result.exit_code, result.output

    status, told = run("evidence")
    assert status == 1
    assert "/licence: has none" in told
    status, told = run("renew")
    assert status == 1
    assert "timestamp_url is not set" in told
    key = signed_licence[1].issue_timestamping("Сағат", algorithm="ec")
    (tmp_path / "tsa.p12").write_bytes(key.pkcs12("clock"))
    with config.open("a") as file:
        file.write(
            f"\negovdocs.timestamp_key = {tmp_path / 'tsa.p12'}\negovdocs.timestamp_password = clock\n"
        )
    assert run("renew") == (0, "1 renewed or taken, 0 not.\n")
    assert run("evidence") == (0, "")
    opened = open_database(f"file://{tmp_path / 'database'}")
    with opened.transaction() as connection:
        case = bootstrap(connection.root())["cases"].by_number(NUMBER)
        assert case.documents["licence"].evidence is not None
    opened.close()
