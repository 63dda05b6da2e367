"""``egovdocs trust``: what trust needs day by day, revocation lists and time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
import requests
import waitress
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID

from egovdocs.signing import SigningError, TrustError, TrustStore, load_pkcs12
from egovdocs.signing.timestamping import EXAMPLE_POLICY, TimestampAuthority
from egovdocs.signing.timestamps import MAX_BYTES

from .files import FILE, read_password, replace_file

LONGEST_LIST = 64_000_000
TIMEOUT = 30
NOT_ALL_IN_ORDER = 1
_KINDS = (ExtensionOID.ISSUING_DISTRIBUTION_POINT, ExtensionOID.DELTA_CRL_INDICATOR)
_CLOCKS_DIFFER = timedelta(minutes=5)

STORE = click.option(
    "--store",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    envvar="EGOVDOCS_TRUST",
    show_envvar=True,
    required=True,
    help="The folder of the trust store: anchors/*.pem and crls/*.crl.",
)


class _NotTaken(Exception):  # noqa: N818 - an answer
    """Why a list was not put in the place of the one held."""


@click.group()
def trust() -> None:
    """Keep revocation lists fresh, and give time-stamps."""


@trust.command()
@click.option("--key", type=FILE, required=True, help="The authority's key file (.p12 or .pfx).")
@click.option(
    "--password-file", type=FILE, help="A file whose first line is the password; asked for when left out."
)
@click.option("--listen", metavar="HOST:PORT", default="127.0.0.1:3161", show_default=True)
@click.option(
    "--policy", metavar="OID", default=EXAMPLE_POLICY, show_default=True, help="The policy of the tokens."
)
def tsa(key: Path, password_file: Path | None, listen: str, policy: str) -> None:
    """Run a time-stamping authority (RFC 3161 over HTTP) until stopped."""
    try:
        authority = TimestampAuthority(load_pkcs12(key.read_bytes(), read_password(password_file)), policy)
    except (SigningError, UnicodeDecodeError) as problem:
        raise click.ClickException(str(problem)) from None
    try:
        server = waitress.create_server(
            authority, listen=listen, ident=None, max_request_body_size=MAX_BYTES + 1, threads=2
        )
    except (OSError, ValueError) as problem:
        raise click.ClickException(f"{listen}: {problem}") from None
    click.echo(f"Time-stamps at http://{server.effective_host}:{server.effective_port}/")
    server.run()


@trust.command()
@STORE
@click.option(
    "--addresses", type=FILE, help="A file of addresses, one a line; lines that begin with # are remarks."
)
@click.option("--from", "urls", metavar="URL", multiple=True, help="One address more.")
@click.option(
    "--keep/--no-keep",
    default=True,
    show_default=True,
    help="Keep the list that is replaced, named by its time: once a certificate has expired, only a list"
    " from before speaks of it.",
)
@click.pass_context
def fetch(
    context: click.Context, store: Path, addresses: Path | None, urls: tuple[str, ...], keep: bool
) -> None:
    """Fetch revocation lists from these addresses, and from no other: none out of a certificate.

    Each is kept in the store's crls/ under the last part of its address, in place of the one there when it is
    newer, by the same authority, and signed by it where its certificate is an anchor.

    Exit 0 when every list held is as new as its address has it, 1 when some could not be fetched.
    """
    targets = _targets(store / "crls", [*_listed(addresses), *urls])
    anchors = _opened(sorted(store.glob("anchors/*.pem"))).anchors
    (store / "crls").mkdir(exist_ok=True)
    code = 0
    for target, url in targets.items():
        try:
            click.echo(f"{target.name}: {_renew(target, _fetched(url), anchors, keep=keep)}")
        except _NotTaken as problem:
            click.echo(f"{target.name}: {problem}", err=True)
            code = NOT_ALL_IN_ORDER
        except OSError as problem:
            raise click.ClickException(f"{problem.filename}: {problem.strerror}") from None
    context.exit(code)


@trust.command()
@STORE
@click.pass_context
def status(context: click.Context, store: Path) -> None:
    """Tell how fresh the newest revocation list of each authority is, and of each kind (whole, delta, part).

    Exit 0 when all are, 1 when one is stale or cannot be read, or an authority trusted as an anchor has none.
    """
    now = datetime.now(UTC)
    opened = _opened(sorted(store.glob("anchors/*.pem")))
    code = 0
    newest: dict[object, tuple[Path, x509.CertificateRevocationList]] = {}
    for path in sorted(store.glob("crls/*.crl")):
        for crl in _opened([], [path]).crls:
            kind = _kind(crl)
            if kind not in newest or crl.last_update_utc > newest[kind][1].last_update_utc:
                newest[kind] = (path, crl)
    for path, crl in newest.values():
        if not _is_fresh(crl, now):
            code = NOT_ALL_IN_ORDER
        click.echo(f"{path.name}: {_freshness(crl, now)} ({_name(crl.issuer)})")
    known = {crl.issuer for _path, crl in newest.values()}
    for anchor in opened.anchors:
        if anchor not in opened.trusted_as_themselves and anchor.subject not in known:
            code = NOT_ALL_IN_ORDER
            click.echo(f"MISSING: a list by {_name(anchor.subject)}")
    context.exit(code)


def _opened(anchors: Sequence[Path], lists: Sequence[Path | bytes] = ()) -> TrustStore:
    try:
        return TrustStore.load(anchors, lists)
    except TrustError as problem:
        raise click.ClickException(str(problem)) from None
    except OSError as problem:
        raise click.ClickException(f"{problem.filename}: {problem.strerror}") from None


def _listed(addresses: Path | None) -> list[str]:
    if addresses is None:
        return []
    lines = (line.strip() for line in addresses.read_text("utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _targets(folder: Path, urls: Iterable[str]) -> dict[Path, str]:
    targets: dict[Path, str] = {}
    for url in urls:
        parts = urlsplit(url)
        name = unquote(parts.path).rpartition("/")[2]
        if parts.scheme not in ("http", "https") or not re.fullmatch(r"\w[\w.-]*", name):
            raise click.UsageError(f"{url!r} is no address of a file over http or https")
        target = folder / (name if name.endswith(".crl") else f"{name}.crl")
        if targets.setdefault(target, url) != url:
            raise click.UsageError(f"{url} and {targets[target]} would be kept in the same file")
    if not targets:
        raise click.UsageError("no addresses: name some with --addresses or --from")
    return targets


def _fetched(url: str) -> x509.CertificateRevocationList:
    try:
        with requests.get(url, timeout=TIMEOUT, stream=True, allow_redirects=False) as answer:
            if answer.status_code != requests.codes.ok:
                raise _NotTaken(f"{url} answered with status {answer.status_code}")
            data = bytearray()
            for piece in answer.iter_content(65_536):
                data += piece
                if len(data) > LONGEST_LIST:
                    raise _NotTaken(f"{url} gives more than a revocation list would be")
    except requests.RequestException as problem:
        raise _NotTaken(f"{url} did not answer: {problem}") from None
    return _parsed(bytes(data), url)


def _parsed(source: bytes | Path, name: str) -> x509.CertificateRevocationList:
    try:
        lists = TrustStore.load([], [source]).crls
    except TrustError:
        lists = ()
    if len(lists) != 1:
        raise _NotTaken(f"{name} is no revocation list")
    return lists[0]


def _renew(
    target: Path,
    crl: x509.CertificateRevocationList,
    anchors: Iterable[x509.Certificate],
    *,
    keep: bool,
) -> str:
    """Put the list in the held one's place, if it may be, and say what came of it."""
    now = datetime.now(UTC)
    issuers = [anchor for anchor in anchors if anchor.subject == crl.issuer]
    if issuers and not any(_signed(crl, issuer) for issuer in issuers):
        raise _NotTaken(f"the list is not signed by {_name(crl.issuer)}")
    if crl.last_update_utc > now + _CLOCKS_DIFFER:
        raise _NotTaken(f"the list is from the future, {_minute(crl.last_update_utc)}")
    try:
        held = _parsed(target, target.name) if target.exists() else None
    except _NotTaken:
        held = None
    if held is not None:
        if held.issuer != crl.issuer:
            raise _NotTaken(f"the list is by {_name(crl.issuer)}, the one held by {_name(held.issuer)}")
        if held.last_update_utc > crl.last_update_utc:
            raise _NotTaken("the list is older than the one held")
        if held.last_update_utc == crl.last_update_utc:
            return f"nothing newer, {_freshness(held, now)}"
        if keep:
            older = target.with_name(f"{target.stem}-{held.last_update_utc:%Y%m%dT%H%M%SZ}.crl")
            replace_file(older, held.public_bytes(Encoding.DER))
    replace_file(target, crl.public_bytes(Encoding.DER))
    return f"renewed, {_freshness(crl, now)}"


def _signed(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    try:
        return crl.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False


def _kind(crl: x509.CertificateRevocationList) -> object:
    """Whose list it is, and of what: of everything, of a part, or of what is new since another."""
    return crl.issuer, *(each.value.public_bytes() for each in crl.extensions if each.oid in _KINDS)


def _is_fresh(crl: x509.CertificateRevocationList, now: datetime) -> bool:
    return crl.next_update_utc is not None and now <= crl.next_update_utc


def _freshness(crl: x509.CertificateRevocationList, now: datetime) -> str:
    begun = f"of {_minute(crl.last_update_utc)}"
    if crl.next_update_utc is None:
        return f"STALE, {begun}, and it does not say until when it holds"
    until = _minute(crl.next_update_utc)
    if now > crl.next_update_utc:
        return f"STALE since {until}, {begun}"
    return f"fresh until {until}, {begun}"


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _name(name: x509.Name) -> str:
    return name.rfc4514_string()
