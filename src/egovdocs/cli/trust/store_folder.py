"""What the commands on a trust store's folder share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import click
from cryptography import x509

from egovdocs.cli.command_errors import report_errors
from egovdocs.signing import TrustError, TrustStore

NOT_ALL_IN_ORDER = 1  # the exit code
MAX_CLOCK_DIFFERENCE = timedelta(minutes=5)

store_option = click.option(
    "--store",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    envvar="EGOVDOCS_TRUST",
    show_envvar=True,
    required=True,
    help="The folder of the trust store: anchors/*.pem, crls/*.crl and ocsp/*.ocsp.",
)


class NotAccepted(Exception):  # noqa: N818 - says what is wrong
    """What was downloaded is not stored; the text says why."""


def load_store(
    anchors: Sequence[Path], lists: Sequence[Path] = (), responses: Sequence[Path] = ()
) -> TrustStore:
    """Return a trust store of these files.

    :raises click.ClickException: a file can't be read.
    """
    with report_errors(TrustError):
        return TrustStore.load(anchors, lists, responses)


def load_anchors(store: Path) -> tuple[x509.Certificate, ...]:
    """Return the anchors in the folder of a trust store.

    :raises click.ClickException: a file can't be read.
    """
    return tuple(load_store(sorted(store.glob("anchors/*.pem"))).anchors)


def is_fresh(crl: x509.CertificateRevocationList, now: datetime) -> bool:
    """Whether the next update of a list is still due."""
    return crl.next_update_utc is not None and now <= crl.next_update_utc


def describe_freshness(crl: x509.CertificateRevocationList, now: datetime) -> str:
    issued = f"of {format_minute(crl.last_update_utc)}"
    if crl.next_update_utc is None:
        return f"STALE, {issued}, without a time of its next update"
    until = format_minute(crl.next_update_utc)
    if now > crl.next_update_utc:
        return f"STALE since {until}, {issued}"
    return f"fresh until {until}, {issued}"


def format_minute(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC"


def format_name(name: x509.Name) -> str:
    return name.rfc4514_string()
