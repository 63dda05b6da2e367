"""``egovdocs verify``: tell whether signed documents are genuine, offline and without a site."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import chain, count
from multiprocessing import get_context
from pathlib import Path

import click

from egovdocs.cli.files import told
from egovdocs.signing import (
    Coverage,
    Revocation,
    TrustError,
    TrustStore,
    ValidationPolicy,
    ValidationReport,
    validate,
)

CERTIFICATE_NAMES = (".pem", ".crt", ".cer", ".der")
CRL_NAMES = (".crl",)
OCSP_NAMES = (".ocsp",)
SOURCE = click.Path(path_type=Path, exists=True)
NOT_ALL_PASSED = 1
CANNOT_READ = 2
_FILES_AT_A_TIME = 16


class Moment(click.ParamType[datetime]):
    """An ISO 8601 date or time; without a zone it is UTC."""

    name = "ISO-8601"

    def convert(
        self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not an ISO 8601 time", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


CRL = click.option(
    "--crl", type=SOURCE, multiple=True, help="A revocation list (PEM or DER), or a folder of them (*.crl)."
)
OCSP = click.option(
    "--ocsp", type=SOURCE, multiple=True, help="An OCSP response (DER), or a folder of them (*.ocsp)."
)


@click.command()
@click.option(
    "--trust",
    type=SOURCE,
    multiple=True,
    help="A file or a folder with certificates to trust (PEM or DER): authorities, or a signer's own.",
)
@CRL
@OCSP
@click.option(
    "--revocation",
    type=click.Choice([each.value for each in Revocation]),
    default=Revocation.REQUIRE.value,
    show_default=True,
    help="Whether an answer about revocation must be at hand.",
)
@click.option("--at", type=Moment(), help="Judge certificates at this moment. [default: now]")
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
    help="What the reasons are said in.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line, one line a file.")
@click.option(
    "--content",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write what the passing signatures cover into this folder, in canonical form.",
)
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="How many processes look at the files side by side; what they find is told in the files' order.",
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
    """Tell of each FILE, a signed XML document or a PDF of ours, whether it is genuine.

    Exit 0 when all passed, 1 when some did not, 2 when something could not be read.
    """
    examination = _Examination(
        trust, crl, ocsp, Revocation(revocation), Coverage(coverage), at, language, as_json
    )
    examination.policy  # noqa: B018 - what is wrong with the trust is said once, and before anything else
    folder = _Folder(content) if content else None
    status = 0
    for file, finding in zip(files, _examined(files, examination, processes), strict=True):
        try:
            if isinstance(finding, OSError):
                raise finding
            if folder is not None:
                folder.write(finding.covered, file.stem)
        except OSError as problem:
            click.echo(f"{problem.filename}: {problem.strerror}", err=True)
            status = CANNOT_READ
            continue
        if not finding.passed:
            status = max(status, NOT_ALL_PASSED)
        click.echo(finding.text)
    context.exit(status)


@dataclass(frozen=True)
class _Finding:
    """What was found out about a file: plain words and octets, which can go from one process to another."""

    passed: bool
    text: str
    covered: tuple[bytes, ...]


@dataclass(frozen=True)
class _Examination:
    """How files are to be looked at, in this process or another."""

    trust: tuple[Path, ...]
    crl: tuple[Path, ...]
    ocsp: tuple[Path, ...]
    revocation: Revocation
    coverage: Coverage
    at: datetime | None
    language: str
    as_json: bool

    @cached_property
    def policy(self) -> ValidationPolicy:
        return ValidationPolicy(
            trust=trust_store(self.trust, self.crl, self.ocsp),
            revocation=self.revocation,
            coverage=self.coverage,
        )

    def find(self, file: Path) -> _Finding | OSError:
        try:
            report = validate(_signed_xml(file.read_bytes()), self.policy, at=self.at)
        except OSError as problem:
            return problem
        text = f"{file}: {report.text(self.language)}"
        if self.as_json:
            text = json.dumps({"file": str(file), **report.as_dict(self.language)}, ensure_ascii=False)
        return _Finding(report.passed, text, _covered(report))


_here: list[_Examination] = []


def _prepare(examination: _Examination) -> None:
    _here.append(examination)


def _find(file: Path) -> _Finding | OSError:
    return _here[0].find(file)


def _examined(
    files: tuple[Path, ...], examination: _Examination, processes: int
) -> Iterator[_Finding | OSError]:
    """What is found of each file, in their order."""
    if processes == 1 or len(files) == 1:
        yield from map(examination.find, files)
        return
    # Each reads the trust for itself, once: it cannot be handed over.
    with ProcessPoolExecutor(
        processes, get_context("spawn"), initializer=_prepare, initargs=(replace(examination),)
    ) as pool:
        yield from pool.map(_find, files, chunksize=_FILES_AT_A_TIME)


def _covered(report: ValidationReport) -> tuple[bytes, ...]:
    if report.content is not None:
        return (report.content,)
    return tuple(octets for each in report.signatures if each.passed for octets in each.covered)


def trust_store(trust: Iterable[Path], crl: Iterable[Path], ocsp: Iterable[Path]) -> TrustStore:
    """What ``--trust``, ``--crl`` and ``--ocsp`` name, files or folders.

    :raises click.UsageError: something named there can't be read.
    """
    with told(TrustError, by=click.UsageError):
        return TrustStore.load(
            _files(trust, CERTIFICATE_NAMES), _files(crl, CRL_NAMES), _files(ocsp, OCSP_NAMES)
        )


def _files(sources: Iterable[Path], suffixes: tuple[str, ...]) -> Iterator[Path]:
    for source in sources:
        if not source.is_dir():
            yield source
            continue
        found = [each for each in sorted(source.iterdir()) if each.suffix.lower() in suffixes]
        if not found:
            raise click.UsageError(
                f"{source}: no file there is named {' or '.join('*' + s for s in suffixes)}"
            )
        yield from found


def _signed_xml(data: bytes) -> bytes:
    if not data.startswith(b"%PDF-"):
        return data
    from egovdocs.rendering import embedded_xml  # a PDF reader is slow to import, and rarely needed

    return embedded_xml(data) or data


class _Folder:
    """Where the covered bytes go; within one run no file overwrites another."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.taken: set[str] = set()

    def write(self, covered: Iterable[bytes], stem: str) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        for octets in covered:
            self._write(stem, octets)

    def _write(self, stem: str, octets: bytes) -> None:
        suffix = ".xml" if octets.startswith(b"<") else ".bin"
        names = chain([f"{stem}{suffix}"], (f"{stem}-{number}{suffix}" for number in count(2)))
        name = next(name for name in names if name not in self.taken)
        self.taken.add(name)
        (self.path / name).write_bytes(octets)
