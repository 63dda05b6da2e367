"""Validation of many files, in this process or in several."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from multiprocessing import get_context
from pathlib import Path

from egovdocs.cli.trust_options import load_trust_store
from egovdocs.signing import Coverage, Revocation, ValidationPolicy, ValidationReport, validate

_FILES_PER_TASK = 16


@dataclass(frozen=True)
class FileResult:
    """The result of a file, in values that can be passed between processes.

    :ivar text: the report as text or JSON.
    :ivar covered: the octets that the passing signatures cover, in canonical form.
    """

    passed: bool
    text: str
    covered: tuple[bytes, ...]


@dataclass(frozen=True)
class FileValidation:
    """How to validate files: the options of the command."""

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
        """The validation policy.

        :raises click.UsageError: a file of the trust store can't be read.
        """
        return ValidationPolicy(
            trust=load_trust_store(self.trust, self.crl, self.ocsp),
            revocation=self.revocation,
            coverage=self.coverage,
        )

    def validate_file(self, file: Path) -> FileResult | OSError:
        """Return the result of a file, or why it can't be read."""
        try:
            report = validate(_signed_xml(file.read_bytes()), self.policy, at=self.at)
        except OSError as problem:
            return problem
        text = f"{file}: {report.text(self.language)}"
        if self.as_json:
            text = json.dumps({"file": str(file), **report.as_dict(self.language)}, ensure_ascii=False)
        return FileResult(report.passed, text, _covered(report))

    def validate_files(self, files: Sequence[Path], processes: int) -> Iterator[FileResult | OSError]:
        """Yield the results in the order of the files."""
        if processes == 1 or len(files) == 1:
            yield from map(self.validate_file, files)
            return
        # replace() leaves out the cached policy: it can't be pickled, so each process loads its own.
        with ProcessPoolExecutor(
            processes, get_context("spawn"), initializer=_initialize, initargs=(replace(self),)
        ) as pool:
            yield from pool.map(_validate_in_process, files, chunksize=_FILES_PER_TASK)


_of_process: list[FileValidation] = []


def _initialize(validation: FileValidation) -> None:
    _of_process.append(validation)


def _validate_in_process(file: Path) -> FileResult | OSError:
    return _of_process[0].validate_file(file)


def _covered(report: ValidationReport) -> tuple[bytes, ...]:
    if report.content is not None:
        return (report.content,)
    return tuple(octets for each in report.signatures if each.passed for octets in each.covered)


def _signed_xml(data: bytes) -> bytes:
    if not data.startswith(b"%PDF-"):
        return data
    from egovdocs.rendering import embedded_xml  # only here, because the PDF reader is slow to import

    return embedded_xml(data) or data
