"""``egovdocs trust``: what trust needs day by day, revocation lists and time."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import click
import requests
import waitress
from asn1crypto import core
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from egovdocs.cli.files import FILE, read_password, replace_file, told
from egovdocs.signing import SigningError, TrustError, TrustStore, load_pkcs12
from egovdocs.signing.timestamps.tokens import MAX_BYTES
from egovdocs.signing.timestamps.tsa import EXAMPLE_POLICY, TimestampAuthority
from egovdocs.signing.trust.certificates import issued_by
from egovdocs.signing.trust.revocation import OcspAnswer, OcspResponse, RevocationList, continues

LONGEST_LIST = 64_000_000
LONGEST_RESPONSE = 65_536
NONCE_BYTES = 16
TIMEOUT = 30
NOT_ALL_IN_ORDER = 1
_CLOCKS_DIFFER = timedelta(minutes=5)

STORE = click.option(
    "--store",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    envvar="EGOVDOCS_TRUST",
    show_envvar=True,
    required=True,
    help="The folder of the trust store: anchors/*.pem, crls/*.crl and ocsp/*.ocsp.",
)


class _NotTaken(Exception):  # noqa: N818 - an answer
    """Why a list was not put in the place of the one held."""


@click.group()
def trust() -> None:
    """Keep revocation lists fresh, ask about certificates, and give time-stamps."""


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
    with told(SigningError, UnicodeDecodeError):
        authority = TimestampAuthority(load_pkcs12(key.read_bytes(), read_password(password_file)), policy)
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
    """Fetch revocation lists, deltas too, from these addresses, and from no other: none out of a certificate.

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
            with told():
                click.echo(f"{target.name}: {_renew(target, _fetched(url), anchors, keep=keep)}")
        except _NotTaken as problem:
            click.echo(f"{target.name}: {problem}", err=True)
            code = NOT_ALL_IN_ORDER
    context.exit(code)


@trust.command()
@STORE
@click.pass_context
def status(context: click.Context, store: Path) -> None:
    """Tell how fresh the newest revocation list of each authority is, and of each kind (whole, delta, part),
    and what each OCSP response held says.

    Exit 0 when all lists are, 1 when one is stale and no delta continues it, or cannot be read, or an
    authority trusted as an anchor has none. A response is about one certificate, when somebody asked: it may
    be stale.
    """
    now = datetime.now(UTC)
    opened = _opened(sorted(store.glob("anchors/*.pem")))
    code = 0
    newest: dict[object, tuple[Path, RevocationList]] = {}
    for path in sorted(store.glob("crls/*.crl")):
        for each in _opened([], [path]).knowledge.lists:
            kind = each.kind, each.base is None
            if kind not in newest or each.made > newest[kind][1].made:
                newest[kind] = (path, each)
    held = list(newest.values())
    for path, each in held:
        remark = ""
        continuing = [name for name, other in held if continues(other, each) and _is_fresh(other.crl, now)]
        if continuing:
            remark = f", continued by {continuing[0].name}"
        elif not _is_fresh(each.crl, now):
            code = NOT_ALL_IN_ORDER
        if each.base is not None and not any(continues(each, other) for _name_, other in held):
            remark = f", DELTA to a list that is not held, number {each.base} or later"
            code = NOT_ALL_IN_ORDER
        click.echo(f"{path.name}: {_freshness(each.crl, now)}{remark} ({_name(each.crl.issuer)})")
    known = {each.crl.issuer for _path, each in held}
    for anchor in opened.anchors:
        if anchor not in opened.trusted_as_themselves and anchor.subject not in known:
            code = NOT_ALL_IN_ORDER
            click.echo(f"MISSING: a list by {_name(anchor.subject)}")
    for path in sorted([*store.glob("ocsp/*.ocsp"), *store.glob("ocsp/*.der")]):
        for answer in _opened([], [], [path]).ocsps[0].answers:
            click.echo(f"{path.name}: {_said(answer, now)}")
    context.exit(code)


@trust.command()
@STORE
@click.option("--from", "url", metavar="URL", required=True, help="The responder's address.")
@click.argument("certificates", metavar="CERTIFICATE...", nargs=-1, required=True, type=FILE)
@click.pass_context
def ask(context: click.Context, store: Path, url: str, certificates: tuple[Path, ...]) -> None:
    """Ask an OCSP responder (RFC 6960), at this address and no other, about certificates (PEM or DER).

    The certificate that issued one must stand after it in its file, or be an anchor. The answer is kept in
    the store's ocsp/ under the certificate's number, when it is by that authority or a responder of its, and
    answers this very question.

    Exit 0 when there is an answer for each, whatever it says, 1 when not.
    """
    anchors = _opened(sorted(store.glob("anchors/*.pem"))).anchors
    (store / "ocsp").mkdir(exist_ok=True)
    code = 0
    for file in certificates:
        try:
            with told():
                click.echo(f"{file.name}: {_asked(file, url, anchors, store / 'ocsp')}")
        except _NotTaken as problem:
            click.echo(f"{file.name}: {problem}", err=True)
            code = NOT_ALL_IN_ORDER
    context.exit(code)


def _opened(
    anchors: Sequence[Path], lists: Sequence[Path] = (), responses: Sequence[Path] = ()
) -> TrustStore:
    with told(TrustError):
        return TrustStore.load(anchors, lists, responses)


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
    return _parsed(_answered("GET", url, LONGEST_LIST), url)


def _answered(method: str, url: str, longest: int, **request: Any) -> bytes:
    try:
        with requests.request(
            method, url, timeout=TIMEOUT, stream=True, allow_redirects=False, **request
        ) as answer:
            if answer.status_code != requests.codes.ok:
                raise _NotTaken(f"{url} answered with status {answer.status_code}")
            data = bytearray()
            for piece in answer.iter_content(65_536):
                data += piece
                if len(data) > longest:
                    raise _NotTaken(f"{url} gives more than what was asked for would be")
    except requests.RequestException as problem:
        raise _NotTaken(f"{url} did not answer: {problem}") from None
    return bytes(data)


def _asked(file: Path, url: str, anchors: Iterable[x509.Certificate], folder: Path) -> str:
    """Ask about a file's first certificate, keep the answer, and say what it is."""
    now = datetime.now(UTC)
    certificate, *others = _opened([file]).anchors
    issuer = next((each for each in (*others, *anchors) if issued_by(certificate, each)), None)
    if issuer is None:
        raise _NotTaken("who issued it is neither in the file nor an anchor")
    nonce = secrets.token_bytes(NONCE_BYTES)
    # SHA-1 only names the issuer, and is what every responder knows (RFC 5019, 2.1.1).
    request = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, SHA1())  # noqa: S303
    request = request.add_extension(x509.OCSPNonce(nonce), critical=False)
    der = _answered(
        "POST",
        url,
        LONGEST_RESPONSE,
        data=request.build().public_bytes(Encoding.DER),
        headers={"Content-Type": "application/ocsp-request", "Accept": "application/ocsp-response"},
    )
    try:
        response = OcspResponse.load(der)
    except ValueError as problem:
        raise _NotTaken(f"{url} gave no answer: {problem}") from None
    answer = next((each for each in response.answers if each.is_about(certificate, issuer)), None)
    if answer is None:
        raise _NotTaken("the answer is about another certificate")
    if response.nonce not in (None, core.OctetString(nonce).dump()):
        raise _NotTaken("the answer is to another question")
    if not response.is_authorised(issuer):
        raise _NotTaken(f"the answer is not signed by {_name(issuer.subject)} or a responder of its")
    if not answer.is_known:
        raise _NotTaken("the responder does not know it")
    if not answer.made - _CLOCKS_DIFFER <= now <= answer.until:
        raise _NotTaken(f"the answer is not of now: {_said(answer, now)}")
    replace_file(folder / f"{certificate.serial_number:x}.ocsp", der)
    return _said(answer, now)


def _said(answer: OcspAnswer, now: datetime) -> str:
    of, until = _minute(answer.made), _minute(answer.until)
    holds = f"fresh until {until}, of {of}" if now <= answer.until else f"STALE since {until}, of {of}"
    what = "good" if answer.is_known else "unknown"
    if answer.revoked is not None:
        what = "revoked" if answer.revoked.for_good else "suspended"
        what += f" on {_minute(answer.revoked.when)}"
    return f"{what}, {holds} (certificate {answer.serial_number:x})"


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
