"""``egovdocs trust fetch``: download revocation lists into a trust store."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from egovdocs.cli.command_errors import report_errors
from egovdocs.cli.command_files import FILE, replace_file
from egovdocs.cli.trust.http_download import download
from egovdocs.cli.trust.store_folder import (
    MAX_CLOCK_DIFFERENCE,
    NOT_ALL_IN_ORDER,
    NotAccepted,
    describe_freshness,
    format_minute,
    format_name,
    load_anchors,
    store_option,
)
from egovdocs.signing import TrustError, TrustStore

_MAX_LIST_BYTES = 64_000_000


@click.command()
@store_option
@click.option(
    "--addresses", type=FILE, help="A file of URLs, one per line; lines that begin with # are comments."
)
@click.option("--from", "urls", metavar="URL", multiple=True, help="Another URL.")
@click.option(
    "--keep/--no-keep",
    default=True,
    show_default=True,
    help="Keep the replaced list under a name with its time: once a certificate has expired, newer lists"
    " may not contain it.",
)
@click.pass_context
def fetch(
    context: click.Context, store: Path, addresses: Path | None, urls: tuple[str, ...], keep: bool
) -> None:
    """Download revocation lists and delta lists from these URLs only, never from URLs in certificates.

    Each is stored in the store's crls/ under the last part of its URL. It replaces a list there if it is
    newer, by the same authority, and signed by it where its certificate is an anchor.

    Exit code 0: every list is as new as the one at its URL; 1: some could not be downloaded.
    """
    targets = _targets(store / "crls", [*_read_addresses(addresses), *urls])
    anchors = load_anchors(store)
    (store / "crls").mkdir(exist_ok=True)
    code = 0
    for target, url in targets.items():
        try:
            with report_errors():
                crl = _parse(download("GET", url, _MAX_LIST_BYTES), url)
                click.echo(f"{target.name}: {_store(target, crl, anchors, keep=keep)}")
        except NotAccepted as problem:
            click.echo(f"{target.name}: {problem}", err=True)
            code = NOT_ALL_IN_ORDER
    context.exit(code)


def _read_addresses(file: Path | None) -> list[str]:
    if file is None:
        return []
    lines = (line.strip() for line in file.read_text("utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _targets(folder: Path, urls: Iterable[str]) -> dict[Path, str]:
    """Return the URLs by the file to store the list in.

    :raises click.UsageError: there is no URL, one is not usable, or two have the same file.
    """
    targets: dict[Path, str] = {}
    for url in urls:
        parts = urlsplit(url)
        name = unquote(parts.path).rpartition("/")[2]
        if parts.scheme not in ("http", "https") or not re.fullmatch(r"\w[\w.-]*", name):
            raise click.UsageError(f"{url!r} is not the URL of a file over http or https")
        target = folder / (name if name.endswith(".crl") else f"{name}.crl")
        if targets.setdefault(target, url) != url:
            raise click.UsageError(f"{url} and {targets[target]} would be stored in the same file")
    if not targets:
        raise click.UsageError("no URLs: give them with --addresses or --from")
    return targets


def _parse(source: bytes | Path, name: str) -> x509.CertificateRevocationList:
    """:raises NotAccepted: it is not a revocation list."""
    try:
        lists = TrustStore.load([], [source]).crls
    except TrustError:
        lists = ()
    if len(lists) != 1:
        raise NotAccepted(f"{name} is not a revocation list")
    return lists[0]


def _store(
    target: Path, crl: x509.CertificateRevocationList, anchors: Iterable[x509.Certificate], *, keep: bool
) -> str:
    """Store a list, if it may replace the stored one.

    :returns: a description of the result.
    :raises NotAccepted: it may not.
    """
    now = datetime.now(UTC)
    issuers = [anchor for anchor in anchors if anchor.subject == crl.issuer]
    if issuers and not any(_is_signed_by(crl, issuer) for issuer in issuers):
        raise NotAccepted(f"the list is not signed by {format_name(crl.issuer)}")
    if crl.last_update_utc > now + MAX_CLOCK_DIFFERENCE:
        raise NotAccepted(f"the list is from the future, {format_minute(crl.last_update_utc)}")
    try:
        stored = _parse(target, target.name) if target.exists() else None
    except NotAccepted:
        stored = None
    if stored is not None:
        if stored.issuer != crl.issuer:
            issuer = format_name(stored.issuer)
            raise NotAccepted(f"the list is by {format_name(crl.issuer)}, the stored one by {issuer}")
        if stored.last_update_utc > crl.last_update_utc:
            raise NotAccepted("the list is older than the stored one")
        if stored.last_update_utc == crl.last_update_utc:
            return f"nothing newer, {describe_freshness(stored, now)}"
        if keep:
            older = target.with_name(f"{target.stem}-{stored.last_update_utc:%Y%m%dT%H%M%SZ}.crl")
            replace_file(older, stored.public_bytes(Encoding.DER))
    replace_file(target, crl.public_bytes(Encoding.DER))
    return f"renewed, {describe_freshness(crl, now)}"


def _is_signed_by(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    try:
        return crl.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False
