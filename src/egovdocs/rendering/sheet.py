"""One document in the one or two languages of its paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from egovdocs.rendering.readable import Section


def wording_of(section: Section, language: str) -> str:
    """Return a section's text in one line.

    Of a bilingual text, the one in this language (in English the Russian one); of any other group its values,
    separated by commas.
    """
    if section.leaf:
        return section.value
    if section.bilingual:
        return section.text(language if language != "en" else "ru")
    return ", ".join(texts for child in section.children if (texts := wording_of(child, language)))


class Sheet:
    """The same document, or a repeated part of it, read in each language."""

    def __init__(self, trees: Sequence[tuple[str, Section]]) -> None:
        self.trees = tuple(trees)
        self.languages = tuple(language for language, _ in trees)

    @property
    def title(self) -> tuple[str, ...]:
        """The document's name in each language."""
        return tuple(tree.label for _, tree in self.trees)

    def has(self, path: str) -> bool:
        """Whether the document has anything at a path."""
        return self.trees[0][1].find(path) is not None

    def labels(self, path: str) -> tuple[str, ...]:
        """Return the label of a path, in each language."""
        found = (tree.find(path) for _, tree in self.trees)
        return tuple(section.label if section else "" for section in found)

    def values(self, path: str) -> tuple[str, ...]:
        """Return the text at a path, in each language."""
        return tuple(
            "; ".join(wording_of(section, language) for section in tree.all(path))
            for language, tree in self.trees
        )

    def items(self, path: str) -> Iterator[Sheet]:
        """Yield each of the repeated elements at a path as a sheet of its own."""
        for sections in zip(*(tree.all(path) for _, tree in self.trees), strict=True):
            yield Sheet(tuple(zip(self.languages, sections, strict=True)))

    def rest(self, shown: frozenset[str]) -> Sheet:
        """Return the sheet without these paths and what is below them."""
        return Sheet([(language, _without(tree, shown)) for language, tree in self.trees])

    def only(self, paths: Sequence[str]) -> Sheet:
        """Return the sheet with only these paths and what is below them."""
        return Sheet([(language, _within(tree, paths)) for language, tree in self.trees])


def _without(section: Section, shown: frozenset[str]) -> Section:
    below = (child for child in section.children if child.path not in shown)
    kept = (child if child.leaf else _without(child, shown) for child in below)
    return replace(section, children=tuple(child for child in kept if child.leaf or child.children))


def _within(section: Section, paths: Sequence[str]) -> Section:
    kept = (child if child.path in paths else _within(child, paths) for child in section.children)
    return replace(section, children=tuple(child for child in kept if child.path in paths or child.children))
