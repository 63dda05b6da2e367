"""What is imported is declared, and a package is whole or is not made."""

from __future__ import annotations

import ast
import importlib.util
import os
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from types import ModuleType

import pytest

PROJECT = Path(__file__).parents[1]
PACKAGE = PROJECT / "src" / "egovdocs"
SETTINGS = tomllib.loads((PROJECT / "pyproject.toml").read_text())

# Declared and never imported by name: data files, and what Pyramid's configuration includes.
BY_OTHER_MEANS = {"tzdata", "pyramid_retry", "pyramid_tm", "govuk_frontend_jinja"}


def normal(name: str) -> str:
    """A distribution's name as PEP 503 spells it."""
    return name.lower().replace("_", "-").replace(".", "-")


def names(requirements: list[str]) -> set[str]:
    return {normal(requirement.partition(">")[0].strip()) for requirement in requirements}


DECLARED = names(SETTINGS["project"]["dependencies"])


def imported() -> dict[str, Path]:
    """The top-level modules that the code imports from elsewhere, each with a file that does."""
    found = {}
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            modules: list[str] = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                modules = [node.module or ""]
            found |= {module.partition(".")[0]: file for module in modules}
    known = sys.stdlib_module_names | {"egovdocs", "_typeshed"}
    return {module: file for module, file in found.items() if module not in known}


def test_what_is_imported_is_declared() -> None:
    modules = imported()
    assert len(modules) > 20
    providers = packages_distributions()
    undeclared = {
        module: str(file.relative_to(PROJECT))
        for module, file in modules.items()
        if not DECLARED & {normal(name) for name in providers.get(module, [])}
    }
    assert undeclared == {}


def test_what_is_declared_is_used() -> None:
    providers = packages_distributions()
    used = {normal(name) for module in {*imported(), *BY_OTHER_MEANS} for name in providers.get(module, [])}
    assert DECLARED - used == set()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_has_hashes_and_no_addresses(name: str) -> None:
    lines = (PROJECT / name).read_text().splitlines()
    assert not [line for line in lines if "://" in line or line.startswith("-")]
    packages = [line for line in lines if line and not line.startswith((" ", "#"))]
    assert all("==" in line and line.endswith("\\") for line in packages)
    assert {normal(line.partition("==")[0]) for line in packages} >= DECLARED


def locked(name: str) -> set[str]:
    lines = (PROJECT / name).read_text().splitlines()
    return {line.partition(" ")[0] for line in lines if "==" in line}


def test_a_server_installs_no_tools() -> None:
    tools = names(SETTINGS["dependency-groups"]["dev"]) - {"setuptools"}  # Pyramid asks for it
    assert not tools & {normal(line.partition("==")[0]) for line in locked("requirements.txt")}


def test_what_develops_is_what_runs_and_more() -> None:
    assert locked("requirements.txt") < locked("requirements-dev.txt")


def test_the_package_is_typed() -> None:
    assert (PACKAGE / "py.typed").exists()


@pytest.fixture
def build() -> ModuleType:
    """setup.py, not run."""
    spec = importlib.util.spec_from_file_location("egovdocs_setup", PROJECT / "setup.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path: Path, build: ModuleType) -> Path:
    """What a wheel is made from, built after its sources changed."""
    package = tmp_path / "src" / "egovdocs"
    sources = [tmp_path / "assets" / "site.js", package / "locale" / "ru" / "LC_MESSAGES" / "egovdocs.po"]
    built = [package / "static" / name for name in build.FRONT_END] + [sources[1].with_suffix(".mo")]
    for file in [*sources, *built]:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
        os.utime(file, (1000, 1000))
    return tmp_path


def files(project: Path) -> Iterator[Path]:
    return (file for file in project.rglob("*") if file.is_file())


def test_a_package_is_made_when_everything_is_built(project: Path, build: ModuleType) -> None:
    assert list(build.problems(project)) == []


@pytest.mark.parametrize("pattern", ["site.css", "signing-worker.js", "*.mo", "*.po"])
def test_no_package_is_made_when_something_is_missing(pattern: str, project: Path, build: ModuleType) -> None:
    (file,) = project.rglob(pattern)
    file.unlink()
    (problem,) = build.problems(project)
    assert file.name in problem or pattern == "*.po"


@pytest.mark.parametrize("name", ["site.js", "egovdocs.po"])
def test_no_package_is_made_of_something_out_of_date(name: str, project: Path, build: ModuleType) -> None:
    source = next(file for file in files(project) if file.name == name and "static" not in file.parts)
    os.utime(source, (2000, 2000))
    assert any("older" in problem for problem in build.problems(project))
