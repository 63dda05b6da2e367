"""``egovdocs verify``: check whether signed documents are genuine, offline and without a site."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import chain, count
from pathlib import Path

import click

from egovdocs.cli.file_validation import FileValidation
from egovdocs.cli.trust_options import SOURCE, IsoTime, crl_option, ocsp_option
from egovdocs.signing import Coverage, Revocation

NOT_ALL_PASSED = 1
CANNOT_READ = 2


@click.command()
@click.option(
    "--trust",
    type=SOURCE,
    multiple=True,
    help="A file or folder of trusted certificates (PEM or DER): of authorities, or a signer's own.",
)
@crl_option
@ocsp_option
@click.option(
    "--revocation",
    type=click.Choice([each.value for each in Revocation]),
    default=Revocation.REQUIRE.value,
    show_default=True,
    help="Whether fresh revocation data are required.",
)
@click.option("--at", type=IsoTime(), help="Validate certificates at this time. [default: now]")
@click.option(
    "--coverage",
    type=click.Choice([each.value for each in Coverage]),
    default=Coverage.WHOLE.value,
    show_default=True,
    help="How much of the document must be signed.",
)
@click.option(
    "--language",
    type=click.Choice(["ru", "kk", "en"]),
    default="en",
    show_default=True,
    help="The language of the reasons.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per file, each on one line.")
@click.option(
    "--content",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write what the passing signatures cover to this folder, in canonical form.",
)
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="The number of processes; the results are printed in the order of the files.",
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.pass_context
def verify(
    context: click.Context,
    trust: tuple[Path, ...],
    crl: tuple[Path, ...],
    ocsp: tuple[Path, ...],
    revocation: str,
    at: datetime | None,
    coverage: str,
    language: str,
    as_json: bool,
    content: Path | None,
    processes: int,
    files: tuple[Path, ...],
) -> None:
    """Check whether each FILE is genuine: a signed XML document, or a PDF with one in it.

    Exit code 0: all passed; 1: some did not; 2: a file could not be read.
    """
    validation = FileValidation(
        trust, crl, ocsp, Revocation(revocation), Coverage(coverage), at, language, as_json
    )
    validation.policy  # noqa: B018 - errors of the trust store are reported once, before any result
    folder = _ContentFolder(content) if content else None
    status = 0
    for file, result in zip(files, validation.validate_files(files, processes), strict=True):
        try:
            if isinstance(result, OSError):
                raise result
            if folder is not None:
                folder.write(result.covered, file.stem)
        except OSError as problem:
            click.echo(f"{problem.filename}: {problem.strerror}", err=True)
            status = CANNOT_READ
            continue
        if not result.passed:
            status = max(status, NOT_ALL_PASSED)
        click.echo(result.text)
    context.exit(status)


class _ContentFolder:
    """The folder of the covered octets; within one run no file is overwritten."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._taken: set[str] = set()

    def write(self, covered: Iterable[bytes], stem: str) -> None:
        """Write each covered part to a file named after ``stem``."""
        self._path.mkdir(parents=True, exist_ok=True)
        for octets in covered:
            suffix = ".xml" if octets.startswith(b"<") else ".bin"
            names = chain([f"{stem}{suffix}"], (f"{stem}-{number}{suffix}" for number in count(2)))
            name = next(name for name in names if name not in self._taken)
            self._taken.add(name)
            (self._path / name).write_bytes(octets)
