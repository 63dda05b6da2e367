"""Options that name certificates, revocation lists and OCSP responses to validate documents with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from egovdocs.cli.command_errors import report_errors
from egovdocs.signing import TrustError, TrustStore

_CERTIFICATE_SUFFIXES = (".pem", ".crt", ".cer", ".der")
_CRL_SUFFIXES = (".crl",)
_OCSP_SUFFIXES = (".ocsp",)

SOURCE = click.Path(path_type=Path, exists=True)
"""The type of an option that names a file or a folder of them."""

crl_option = click.option(
    "--crl", type=SOURCE, multiple=True, help="A revocation list (PEM or DER), or a folder of them (*.crl)."
)
ocsp_option = click.option(
    "--ocsp", type=SOURCE, multiple=True, help="An OCSP response (DER), or a folder of them (*.ocsp)."
)


class IsoTime(click.ParamType[datetime]):
    """An ISO 8601 date or time; without a zone it is UTC."""

    name = "ISO-8601"

    def convert(
        self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            time = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not an ISO 8601 time", param, ctx)
        return time if time.tzinfo else time.replace(tzinfo=UTC)


def load_trust_store(trust: Iterable[Path], crl: Iterable[Path], ocsp: Iterable[Path]) -> TrustStore:
    """Return the trust store of the files and folders of ``--trust``, ``--crl`` and ``--ocsp``.

    :raises click.UsageError: a file can't be read.
    """
    with report_errors(TrustError, exception=click.UsageError):
        return TrustStore.load(
            _files(trust, _CERTIFICATE_SUFFIXES), _files(crl, _CRL_SUFFIXES), _files(ocsp, _OCSP_SUFFIXES)
        )


def _files(sources: Iterable[Path], suffixes: tuple[str, ...]) -> Iterator[Path]:
    for source in sources:
        if not source.is_dir():
            yield source
            continue
        found = [each for each in sorted(source.iterdir()) if each.suffix.lower() in suffixes]
        if not found:
            patterns = " or ".join("*" + suffix for suffix in suffixes)
            raise click.UsageError(f"{source}: the folder has no file {patterns}")
        yield from found
