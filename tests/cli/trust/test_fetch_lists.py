"""``egovdocs trust fetch``."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from tests.cli.trust.trust_commands import HOUR, NOW, FileServer, run, stored_time

from egovdocs.sandbox.authority import Authority
from egovdocs.signing import TrustStore


def test_lists_are_downloaded_and_renewed(
    store: Path, server: FileServer, root: Authority, ca: Authority
) -> None:
    server.files["/root.crl"] = root.crl(NOW - 2 * HOUR, NOW + HOUR)
    pem = x509.load_der_x509_crl(ca.crl(NOW - 2 * HOUR)).public_bytes(Encoding.PEM)
    server.files["/lists/ca"] = pem
    addresses = store / "addresses"
    addresses.write_text(f"# НУЦ\n{server.url}/root.crl\n\n", "utf-8")
    command = ("fetch", "--store", store, "--addresses", addresses, "--from", f"{server.url}/lists/ca?latest")
    server.files["/lists/ca?latest"] = pem
    result = run(*command)
    assert result.exit_code == 0, result.output
    assert "root.crl: renewed, fresh until" in result.output
    assert sorted(path.name for path in (store / "crls").iterdir()) == ["ca.crl", "root.crl"]
    assert len(TrustStore.from_folder(store).crls) == 2

    assert "root.crl: nothing newer" in run(*command).output
    server.files["/root.crl"] = root.crl(NOW - HOUR, NOW + 2 * HOUR)
    assert "root.crl: renewed" in run(*command).output
    assert stored_time(store) == NOW - HOUR
    # The replaced list is kept.
    assert stored_time(store, f"root-{NOW - 2 * HOUR:%Y%m%dT%H%M%SZ}.crl") == NOW - 2 * HOUR
    assert len(TrustStore.from_folder(store).crls) == 3
    assert run("status", "--store", store).output.count("\n") == 2
    server.files["/root.crl"] = root.crl(NOW, NOW + 2 * HOUR)
    assert run(*command, "--no-keep").exit_code == 0
    assert len(list((store / "crls").iterdir())) == 3


def test_what_is_not_accepted(store: Path, server: FileServer, root: Authority, ca: Authority) -> None:
    (store / "crls").mkdir()
    good = root.crl(NOW - HOUR)
    (store / "crls" / "root.crl").write_bytes(good)
    impostor = Authority(ca.key, root.certificate)
    for body, reason in (
        (root.crl(NOW - 2 * HOUR), "older than the stored one"),
        (root.crl(NOW + HOUR, NOW + 2 * HOUR), "from the future"),
        (impostor.crl(NOW), "not signed by"),
        (ca.crl(NOW), "the stored one by"),
        (good[:-1], "not a revocation list"),
        (b"<html>", "not a revocation list"),
        (b"", "not a revocation list"),
    ):
        server.files["/root.crl"] = body
        result = run("fetch", "--store", store, "--from", f"{server.url}/root.crl")
        assert result.exit_code == 1, result.output
        assert reason in result.output
        assert (store / "crls" / "root.crl").read_bytes() == good
    assert [path.name for path in (store / "crls").iterdir()] == ["root.crl"]


def test_a_failed_download_does_not_prevent_the_others(
    store: Path, server: FileServer, root: Authority
) -> None:
    server.files["/root.crl"] = root.crl(NOW)
    urls = [
        f"{server.url}/gone.crl",
        "http://127.0.0.1:9/x.crl",
        f"{server.url}/moved.crl",
        f"{server.url}/root.crl",
    ]
    result = run("fetch", "--store", store, *(part for url in urls for part in ("--from", url)))
    assert result.exit_code == 1
    assert "status 404" in result.output
    assert "status 302" in result.output
    assert "did not respond" in result.output
    assert stored_time(store) == NOW
    assert [path.name for path in (store / "crls").iterdir()] == ["root.crl"]


def test_a_broken_file_is_replaced(store: Path, server: FileServer, root: Authority) -> None:
    (store / "crls").mkdir()
    (store / "crls" / "root.crl").write_bytes(b"half")
    result = run("status", "--store", store)
    assert result.exit_code == 1
    assert "no revocation list" in result.output
    server.files["/root.crl"] = root.crl(NOW)
    assert run("fetch", "--store", store, "--from", f"{server.url}/root.crl").exit_code == 0
    assert stored_time(store) == NOW


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/a.crl", "file:///etc/passwd", "http://127.0.0.1/", "http://h/..", "x"]
)
def test_unusable_urls(url: str, store: Path) -> None:
    result = run("fetch", "--store", store, "--from", url)
    assert result.exit_code == 2
    assert "not the URL" in result.output


def test_urls_of_the_same_file_and_no_urls(store: Path) -> None:
    result = run("fetch", "--store", store, "--from", "http://a/x.crl", "--from", "http://b/x")
    assert result.exit_code == 2
    assert "the same file" in result.output
    assert run("fetch", "--store", store).exit_code == 2


def test_delta_lists_are_downloaded(store: Path, server: FileServer, root: Authority) -> None:
    base = root.crl(NOW - 5 * HOUR, NOW + HOUR)
    server.files["/ca.crl"] = base
    server.files["/ca_d.crl"] = root.crl(NOW - 4 * HOUR, NOW, since=base)
    command = (
        "fetch",
        "--store",
        store,
        "--from",
        f"{server.url}/ca.crl",
        "--from",
        f"{server.url}/ca_d.crl",
    )
    assert run(*command).exit_code == 0
    server.files["/ca.crl"] = newer = root.crl(NOW - 2 * HOUR, NOW + HOUR)
    server.files["/ca_d.crl"] = root.crl(NOW - HOUR, NOW + HOUR, since=newer)
    result = run(*command)
    assert result.exit_code == 0, result.output
    assert result.output.count("renewed") == 2
    result = run("status", "--store", store)
    assert (result.exit_code, result.output.count("fresh until")) == (0, 2), result.output
