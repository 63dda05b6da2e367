"""``egovdocs trust ask``: query an OCSP responder about certificates."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import click
from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from egovdocs.cli.command_errors import report_errors
from egovdocs.cli.command_files import FILE, replace_file
from egovdocs.cli.trust.http_download import download
from egovdocs.cli.trust.store_folder import (
    MAX_CLOCK_DIFFERENCE,
    NOT_ALL_IN_ORDER,
    NotAccepted,
    format_minute,
    format_name,
    load_anchors,
    load_store,
    store_option,
)
from egovdocs.signing.trust.certificates import issued_by
from egovdocs.signing.trust.ocsp import OcspResponse, SingleResponse

_MAX_RESPONSE_BYTES = 65_536
_NONCE_BYTES = 16


@click.command()
@store_option
@click.option("--from", "url", metavar="URL", required=True, help="The responder's URL.")
@click.argument("certificates", metavar="CERTIFICATE...", nargs=-1, required=True, type=FILE)
@click.pass_context
def ask(context: click.Context, store: Path, url: str, certificates: tuple[Path, ...]) -> None:
    """Query an OCSP responder (RFC 6960), at this URL only, about certificates (PEM or DER).

    The issuer's certificate must follow a certificate in its file, or be an anchor. The response is stored in
    the store's ocsp/ under the certificate's serial number, if it is signed by the issuer or a responder
    authorised by it, and belongs to this request.

    Exit code 0: there is a response for each certificate, whatever it says; 1: for some there is none.
    """
    anchors = load_anchors(store)
    (store / "ocsp").mkdir(exist_ok=True)
    code = 0
    for file in certificates:
        try:
            with report_errors():
                click.echo(f"{file.name}: {_query(file, url, anchors, store / 'ocsp')}")
        except NotAccepted as problem:
            click.echo(f"{file.name}: {problem}", err=True)
            code = NOT_ALL_IN_ORDER
    context.exit(code)


def describe_answer(answer: SingleResponse, now: datetime) -> str:
    """Return what an OCSP response says about a certificate, as a line of text."""
    made, until = format_minute(answer.this_update), format_minute(answer.next_update)
    freshness = (
        f"fresh until {until}, of {made}" if now <= answer.next_update else f"STALE since {until}, of {made}"
    )
    verdict = "good" if answer.is_known else "unknown"
    if answer.entry is not None:
        verdict = "revoked" if answer.entry.is_permanent else "suspended"
        verdict += f" on {format_minute(answer.entry.when)}"
    return f"{verdict}, {freshness} (certificate {answer.serial_number:x})"


def _query(file: Path, url: str, anchors: Iterable[x509.Certificate], folder: Path) -> str:
    """Query about a file's first certificate and store the response.

    :returns: what the response says.
    :raises NotAccepted: there is no acceptable response.
    """
    now = datetime.now(UTC)
    certificate, *others = load_store([file]).anchors
    issuer = next((each for each in (*others, *anchors) if issued_by(certificate, each)), None)
    if issuer is None:
        raise NotAccepted("its issuer is neither in the file nor an anchor")
    nonce = secrets.token_bytes(_NONCE_BYTES)
    # SHA-1 only identifies the issuer; every responder supports it (RFC 5019, 2.1.1).
    request = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, SHA1())  # noqa: S303
    request = request.add_extension(x509.OCSPNonce(nonce), critical=False)
    der = download(
        "POST",
        url,
        _MAX_RESPONSE_BYTES,
        data=request.build().public_bytes(Encoding.DER),
        headers={"Content-Type": "application/ocsp-request", "Accept": "application/ocsp-response"},
    )
    try:
        response = OcspResponse.load(der)
    except ValueError as problem:
        raise NotAccepted(f"{url} sent no OCSP response: {problem}") from None
    answer = next((each for each in response.single_responses if each.concerns(certificate, issuer)), None)
    if answer is None:
        raise NotAccepted("the response is about another certificate")
    if response.nonce not in (None, core.OctetString(nonce).dump()):
        raise NotAccepted("the response is to another request")
    if not response.is_authorised(issuer):
        raise NotAccepted(f"the response is not signed by {format_name(issuer.subject)} or its responder")
    if not answer.is_known:
        raise NotAccepted("the certificate is unknown to the responder")
    if not answer.this_update - MAX_CLOCK_DIFFERENCE <= now <= answer.next_update:
        raise NotAccepted(f"the response is not current: {describe_answer(answer, now)}")
    replace_file(folder / f"{certificate.serial_number:x}.ocsp", der)
    return describe_answer(answer, now)
