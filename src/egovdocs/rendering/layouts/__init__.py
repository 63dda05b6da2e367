"""How each kind of document is laid out on paper: a TOML file each, chosen by the document's namespace."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

Words = Mapping[str, str]
"""One wording by language."""


@dataclass(frozen=True)
class Block:
    """One part of the paper, from top to bottom.

    :ivar kind: the painter's name in ``blocks``: masthead, title, key, facts, table …
    :ivar paths: the elements it shows, as paths from the document's root; in an ``each`` from the repeated
        element, or with a ``/`` before it from the root.
    :ivar columns: of a table, paths from the repeated element; ``widths`` are their shares.
    :ivar of: of a ``heading``, what stands below it; it is left out when the document has none. Of
        ``questions``, the checksum whose beginning is the code.
    :ivar text: its own wording, where the schema's labels don't serve.
    :ivar blocks: of an ``each``, what is painted for each repeated element.
    """

    kind: str
    paths: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    widths: tuple[float, ...] = ()
    of: str = ""
    text: Words | None = None
    blocks: tuple[Block, ...] = ()

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Block:
        """A block as the file has it."""
        parts = tuple(cls.read(part) for part in data.get("blocks", ()))
        lists = {name: tuple(data.get(name, ())) for name in ("paths", "columns", "widths")}
        return cls(data["kind"], **lists, of=data.get("of", ""), text=data.get("text"), blocks=parts)

    def shows(self, above: str = "") -> Iterator[str]:
        """The paths, from the document's root, of all it shows."""
        for path in self.paths:
            if not self.blocks:
                yield path[1:] if path.startswith("/") else f"{above}{path}"
            for block in self.blocks:
                yield from block.shows(f"{above}{path}/")


@dataclass(frozen=True)
class Layout:
    """A paper.

    :ivar languages: those that stand side by side; none: the reader's own.
    :ivar framed: has it the frame of a security?
    :ivar stamp: what stands in the upper right corner of each page when the document has ``stamped_by``.
    :ivar known_by: the path of the number at the head of each further page.
    :ivar verified_by: the path of the number under which anyone can look it up; none: it has to be uploaded.
    """

    blocks: tuple[Block, ...]
    languages: tuple[str, ...] = ()
    framed: bool = False
    stamp: Words | None = None
    stamped_by: str = ""
    known_by: str | None = None
    verified_by: str | None = None

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Layout:
        """A layout as the file has it."""
        return cls(
            tuple(Block.read(block) for block in data["blocks"]),
            tuple(data.get("languages", ())),
            data.get("framed", False),
            data.get("stamp"),
            data.get("stamped_by", ""),
            data.get("known_by"),
            data.get("verified_by"),
        )

    @property
    def shown(self) -> frozenset[str]:
        """The paths of all that some block shows; what stands elsewhere is for ``rest`` or ``details``."""
        shown = frozenset(path for block in self.blocks for path in block.shows())
        return shown | {self.stamped_by} if self.stamp else shown


def layout_of(namespace: str) -> Layout:
    """The layout made for a namespace, or the generic one, which shows everything."""
    layouts = _layouts()
    return layouts.get(namespace) or layouts[""]


@cache
def wording() -> Mapping[str, Words]:
    """The phrases that every paper shares."""
    return MappingProxyType(tomllib.loads(files(__name__).joinpath("wording.toml").read_text("utf-8")))


@cache
def _layouts() -> Mapping[str, Layout]:
    sources = (file for file in files(__name__).iterdir() if file.name.endswith(".toml"))
    read = (tomllib.loads(file.read_text("utf-8")) for file in sources if file.name != "wording.toml")
    return {data.get("namespace", ""): Layout.read(data) for data in read}
