"""``egovdocs trust status``."""

from __future__ import annotations

from pathlib import Path

from tests.cli.trust.trust_commands import HOUR, NOW, run

from egovdocs.sandbox.authority import Authority


def test_status(store: Path, root: Authority, ca: Authority) -> None:
    result = run("status", "--store", store)
    assert result.exit_code == 1
    assert "MISSING: a list by C=KZ,CN=НУЦ" in result.output
    (store / "crls").mkdir()
    (store / "crls" / "root.crl").write_bytes(root.crl(NOW - HOUR, NOW + HOUR))
    result = run("status", "--store", store)
    assert result.exit_code == 0, result.output
    assert result.output.startswith("root.crl: fresh until ")
    (store / "crls" / "ca.crl").write_bytes(ca.crl(NOW - 2 * HOUR, NOW - HOUR))
    result = run("status", "--store", store)
    assert result.exit_code == 1
    assert "ca.crl: STALE since" in result.output
    (store / "crls" / "newer.crl").write_bytes(ca.crl(NOW - HOUR, NOW + HOUR))
    result = run("status", "--store", store)
    assert result.exit_code == 0, result.output
    assert "STALE" not in result.output


def test_status_of_deltas(store: Path, root: Authority) -> None:
    (store / "crls").mkdir()
    base = root.crl(NOW - 5 * HOUR, NOW - HOUR)
    other = root.crl(NOW - 3 * HOUR, NOW + HOUR)
    (store / "crls" / "base.crl").write_bytes(base)
    (store / "crls" / "delta.crl").write_bytes(root.crl(NOW - HOUR, NOW + HOUR, since=base))
    result = run("status", "--store", store)
    assert result.exit_code == 0, result.output
    assert "STALE since" in result.output
    assert "continued by delta.crl" in result.output
    # An earlier delta is ignored; a newer one to a list that is not stored is reported.
    (store / "crls" / "delta-1.crl").write_bytes(root.crl(NOW - 4 * HOUR, NOW - 3 * HOUR, since=base))
    assert run("status", "--store", store).output == result.output
    (store / "crls" / "delta.crl").write_bytes(root.crl(NOW - HOUR, NOW + HOUR, since=other))
    result = run("status", "--store", store)
    assert result.exit_code == 1
    assert "DELTA to a list that is not stored" in result.output
