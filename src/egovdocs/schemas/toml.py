"""Read a service's TOML and report every mistake with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from egovdocs.schemas.text import LANGUAGES, Text

Where = tuple[str | int, ...]

T = TypeVar("T")

_HEADER = re.compile(r"\[(\[?)\s*([\w.\- ]+?)\s*\]")
_KEY = re.compile(r"([\w.\-]+)\s*=\s*(\[\s*(#.*)?$)?")


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake in a service's folder."""

    file: Path
    line: int
    rule: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}"


class ServiceError(ValueError):
    """A service's folder has mistakes: one line for each, with file, line and rule."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(map(str, self.mistakes)))


class Reader:
    """Reads values out of a TOML file, collecting all mistakes, so that an author sees them at once.

    A place is a tuple of keys and indexes: ``("channels", "portal", "steps", 3)``. Where a value is wrong an
    empty one is returned; the caller checks ``mistakes`` before it uses any.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.mistakes: list[Mistake] = []
        self.data: dict[str, Any] = {}
        self._lines: dict[Where, int] = {}
        try:
            text = file.read_text("utf-8")
            self.data = tomllib.loads(text)
        except (OSError, UnicodeDecodeError) as problem:
            raise ServiceError([Mistake(file, 1, str(problem))]) from None
        except tomllib.TOMLDecodeError as problem:
            line = re.search(r"line (\d+)", str(problem))
            raise ServiceError([Mistake(file, int(line[1]) if line else 1, str(problem))]) from None
        self._lines = line_numbers(text)

    def sound(self, read: T) -> T:
        """Return what was read, if there was no mistake in it.

        :raises ServiceError: there was.
        """
        if self.mistakes:
            raise ServiceError(self.mistakes)
        return read

    def wrong(self, where: Where, rule: str) -> None:
        """Note a mistake at the nearest place whose line is known."""
        while where and where not in self._lines:
            where = where[:-1]
        self.mistakes.append(Mistake(self.file, self._lines.get(where, 1), rule))

    def get(self, where: Where) -> Any:
        found: Any = self.data
        for key in where:
            try:
                found = found[key]
            except (KeyError, IndexError, TypeError):
                return None
        return found

    def string(self, where: Where, *, optional: bool = False) -> str:
        value = self.get(where)
        if isinstance(value, str) and value.strip():
            return value
        if value is not None or not optional:
            self.wrong(where, f"{_name(where)}: a text is required")
        return ""

    def integer(self, where: Where) -> int:
        value = self.get(where)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        self.wrong(where, f"{_name(where)}: a whole number above zero is required")
        return 1

    def boolean(self, where: Where, default: bool) -> bool:
        value = self.get(where)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.wrong(where, f"{_name(where)}: true or false is required")
        return default

    def strings(self, where: Where, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        value = self.get(where)
        if value is None and default is not None:
            return default
        if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.wrong(where, f"{_name(where)}: a list of texts is required")
        return ()

    def table(self, where: Where, allowed: Iterable[str] | None = None) -> dict[str, Any]:
        """Return a table; with ``allowed``, any other key in it is a mistake."""
        value = self.get(where) if where else self.data
        if not isinstance(value, dict):
            self.wrong(where, f"{_name(where)}: a table is required")
            return {}
        if allowed is not None:
            for key in value.keys() - set(allowed):
                self.wrong((*where, key), f"{_name((*where, key))}: unknown key")
        return value

    def tables(self, where: Where) -> list[Where]:
        """Return the places of a list of tables; none when it is absent."""
        value = self.get(where)
        if value is None:
            return []
        if isinstance(value, list) and all(isinstance(item, dict) for item in value):
            return [(*where, index) for index in range(len(value))]
        self.wrong(where, f"{_name(where)}: a list of tables is required")
        return []

    def text(self, where: Where, *, optional: bool = False) -> Text:
        """Return a text in every language."""
        value = self.get(where)
        if value is None and optional:
            return Text("", "", "")
        if not isinstance(value, dict):
            self.wrong(where, f"{_name(where)}: a text in ru, kk and en is required")
            return Text("", "", "")
        if where[:1] != ("wording",):  # there it is beside the duties of the step
            self.table(where, LANGUAGES)
        for language in LANGUAGES:
            if not isinstance(value.get(language), str) or not value[language].strip():
                self.wrong((*where, language), f"{_name(where)}: no text in “{language}”")
        return Text(**{language: str(value.get(language, "")) for language in LANGUAGES})


def line_numbers(text: str) -> dict[Where, int]:
    """Return the line of every table, key and list item that begins a line."""
    lines: dict[Where, int] = {}
    counts: dict[Where, int] = {}
    table: Where = ()
    items: Where | None = None
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if items is not None:
            if line.startswith("{"):
                index = counts[items] = counts.get(items, -1) + 1
                lines[(*items, index)] = number
            elif line.startswith("]"):
                items = None
        elif header := _HEADER.match(line):
            table = tuple(part.strip() for part in header[2].split("."))
            if header[1]:
                lines.setdefault(table, number)
                index = counts[table] = counts.get(table, -1) + 1
                table = (*table, index)
            lines[table] = number
        elif key := _KEY.match(line):
            where = (*table, *key[1].split("."))
            for depth in range(len(table) + 1, len(where) + 1):
                lines.setdefault(where[:depth], number)
            if key[2] is not None:
                items = where
    return lines


def _name(where: Where) -> str:
    return ".".join(map(str, where))
