"""The structure of the source: no circles, no large modules, one name for one thing."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import grimp

import egovdocs

ROOT = Path(egovdocs.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
MAX_LINES = 400

SAME_MODULES = {
    "errors.py",  # of each layer
    "documents.py",  # those that are stored, and their types
}
SAME_CLASSES = {"Mistake"}  # in a request, and in the folder of a service


def circles(graph: grimp.ImportGraph) -> Iterator[frozenset[str]]:
    """The strongly connected components of more than one module (Tarjan)."""
    index: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []

    def visit(module: str) -> Iterator[frozenset[str]]:
        index[module] = lowest[module] = len(index)
        stack.append(module)
        for imported in sorted(graph.find_modules_directly_imported_by(module)):
            if imported not in index:
                yield from visit(imported)
                lowest[module] = min(lowest[module], lowest[imported])
            elif imported in stack:
                lowest[module] = min(lowest[module], index[imported])
        if lowest[module] == index[module]:
            at = stack.index(module)
            found = frozenset(each.removeprefix("egovdocs.") for each in stack[at:])
            del stack[at:]
            if len(found) > 1:
                yield found

    for module in sorted(graph.modules):
        if module not in index:
            yield from visit(module)


def classes(module: Path) -> Iterator[str]:
    """The public classes of a module."""
    for node in ast.parse(module.read_text()).body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name


def repeated(names: Iterator[str]) -> set[str]:
    return {name for name, count in Counter(names).items() if count > 1}


def test_circles_are_found() -> None:
    graph = grimp.ImportGraph()
    for importer, imported in ("ab", "bc", "ca", "cd", "de"):
        graph.add_import(importer=importer, imported=imported)
    assert list(circles(graph)) == [frozenset("abc")]


def test_no_modules_import_each_other() -> None:
    """Imports for type checking count."""
    graph = grimp.build_graph("egovdocs", cache_dir=None)
    assert list(circles(graph)) == []


def test_modules_are_short() -> None:
    large = [
        module.relative_to(ROOT).as_posix()
        for module in MODULES
        if len(module.read_text().splitlines()) > MAX_LINES
    ]
    assert large == []


def test_each_module_has_a_name_of_its_own() -> None:
    names = (module.name for module in MODULES if module.name != "__init__.py")
    assert repeated(names) - SAME_MODULES == set()


def test_each_class_has_a_name_of_its_own() -> None:
    names = (name for module in MODULES for name in classes(module))
    assert repeated(names) - SAME_CLASSES == set()
