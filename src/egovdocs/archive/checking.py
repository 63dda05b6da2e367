"""Check a package: its fixity, and the signatures of its documents."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

import bagit

from egovdocs.casework.evidence.take_evidence import validate_kept
from egovdocs.signing import Evidence, ValidationPolicy, ValidationReport


@dataclass(frozen=True)
class BagVerdict:
    """The result of checking a package.

    :ivar problems: what is wrong with its files, one line each; empty when every byte is as it was packed.
    :ivar reports: the validation of each signed document, by its file in the package.
    """

    bag: Path
    problems: tuple[str, ...] = ()
    reports: Mapping[str, ValidationReport] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def sound(self) -> bool:
        """Whether every byte is as it was packed and every signature passed."""
        return not self.problems and all(report.passed for report in self.reports.values())


def check_bag(bag: Path, policy: ValidationPolicy | None, *, at: datetime | None = None) -> BagVerdict:
    """Check a package's fixity (RFC 8493, 3) and validate its documents again.

    :param bag: a folder from any source.
    :param policy: the checker's own trust, never the package's; None checks only fixity. Each document is
        validated at the time proven by its evidence in the package, or else at the moment of acceptance that
        the package names.
    :param at: the moment at which the evidence is judged; now by default.
    """
    problems = _fixity(bag)
    if problems or policy is None:
        return BagVerdict(bag, problems)
    try:
        facts = json.loads((bag / "data/metadata/case.json").read_bytes())
        signed = {
            str(each["file"]): datetime.fromisoformat(each["accepted"])
            for each in facts["documents"]
            if each["media_type"] == "application/xml"
        }
        there = {path.relative_to(bag).as_posix() for path in bag.glob("data/documents/*.xml")}
        if signed.keys() != there:
            raise ValueError(f"it lists {sorted(signed)} instead of {sorted(there)}")
        documents = {
            file: ((bag / file).read_bytes(), moment, _evidence(bag, file)) for file, moment in signed.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        return BagVerdict(bag, (f"data/metadata/case.json: {problem}",))
    return BagVerdict(bag, (), {file: validate_kept(*each, policy, at) for file, each in documents.items()})


def _evidence(bag: Path, file: str) -> Evidence | None:
    path = bag / "data/evidence" / f"{Path(file).stem}.json"
    return Evidence.load(json.loads(path.read_bytes())) if path.exists() else None


def _fixity(bag: Path) -> tuple[str, ...]:
    links = [path for path in bag.rglob("*") if path.is_symlink()]
    if links:
        return tuple(f"{path.relative_to(bag)}: a link, not a file" for path in links)
    try:
        opened = bagit.Bag(str(bag))
        missing, unexpected = opened.compare_manifests_with_fs()
        if missing or unexpected:
            return (
                *(f"{file}: missing" for file in missing),
                *(f"{file}: not packed" for file in unexpected),
            )
        opened.validate()
    except bagit.BagValidationError as problem:
        return tuple(str(detail) for detail in problem.details) or (str(problem),)
    except (bagit.BagError, OSError, ValueError) as problem:
        return (str(problem),)
    return ()
