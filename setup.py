"""Build step of the package: refuses to make one that lacks the front end or the translations.

Git holds neither. Both are built by ``make setup``, which needs Node's and npm's packages; a package without
them would serve a site without style sheet and signing script, and without a word of Russian or Kazakh.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

FRONT_END = ("site.css", "site.js", "signing.js", "signing-worker.js")


def problems(project: Path) -> Iterator[str]:
    """Name each built file that is missing or older than what it is built from."""
    package = project / "src" / "egovdocs"
    sources = [path for path in (project / "assets").rglob("*") if path.is_file()]
    changed = max(
        (path.stat().st_mtime for path in [*sources, *project.glob("package-lock.json")]), default=0.0
    )
    for name in FRONT_END:
        yield from _problem(package / "static" / name, changed)
    catalogues = sorted((package / "locale").glob("*/LC_MESSAGES/*.po"))
    if not catalogues:
        yield "no catalogue of translations"
    for catalogue in catalogues:
        yield from _problem(catalogue.with_suffix(".mo"), catalogue.stat().st_mtime)


def _problem(built: Path, changed: float) -> Iterator[str]:
    if not built.exists():
        yield f"{built} is missing"
    elif built.stat().st_mtime < changed:
        yield f"{built} is older than what it is built from"


class Build(build_py):
    """Collects the package's files once everything built is there."""

    def run(self) -> None:
        # An editable installation comes first: what builds the front end is installed with it.
        if not self.editable_mode and (found := list(problems(Path(__file__).parent))):
            raise SystemExit("\n".join([*found, "The package is not built: run `make setup` first."]))
        super().run()


if __name__ == "__main__":
    setup(cmdclass={"build_py": Build})
