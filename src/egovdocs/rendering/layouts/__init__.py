"""The layout of each kind of document on paper: one TOML file each, chosen by the document's namespace."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

Wording = Mapping[str, str]
"""One wording by language."""


@dataclass(frozen=True)
class Block:
    """One part of the paper, from top to bottom.

    :ivar kind: the name of its drawing function in ``blocks``: masthead, title, key, facts, table …
    :ivar paths: the elements it shows, as paths from the document's root; in an ``each`` from the repeated
        element, or with a ``/`` before it from the root.
    :ivar columns: of a table, paths from the repeated element; ``widths`` are their shares.
    :ivar of: of a ``heading``, the path of what follows; without it in the document the heading is left out.
        Of ``questions``, the path of the checksum whose beginning is the code.
    :ivar text: its own wording, instead of the schema's labels.
    :ivar blocks: of an ``each``, the blocks drawn for each repeated element.
    """

    kind: str
    paths: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    widths: tuple[float, ...] = ()
    of: str = ""
    text: Wording | None = None
    blocks: tuple[Block, ...] = ()

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Block:
        """Read a block of a layout file."""
        parts = tuple(cls.read(part) for part in data.get("blocks", ()))
        lists = {name: tuple(data.get(name, ())) for name in ("paths", "columns", "widths")}
        return cls(data["kind"], **lists, of=data.get("of", ""), text=data.get("text"), blocks=parts)

    def shows(self, above: str = "") -> Iterator[str]:
        """Yield the paths, from the document's root, of all that the block shows."""
        for path in self.paths:
            if not self.blocks:
                yield path[1:] if path.startswith("/") else f"{above}{path}"
            for block in self.blocks:
                yield from block.shows(f"{above}{path}/")


@dataclass(frozen=True)
class PaperLayout:
    """The layout of a paper.

    :ivar languages: those printed side by side; none for the reader's own.
    :ivar framed: whether each page has an ornamental frame.
    :ivar stamp: the text in the upper right corner of each page when the document has ``stamped_by``.
    :ivar known_by: the path of the number at the head of each further page.
    :ivar verified_by: the path of the number by which anyone can look it up; none when it has to be uploaded.
    """

    blocks: tuple[Block, ...]
    languages: tuple[str, ...] = ()
    framed: bool = False
    stamp: Wording | None = None
    stamped_by: str = ""
    known_by: str | None = None
    verified_by: str | None = None

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> PaperLayout:
        """Read a layout file."""
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
        """The paths that some block shows; the others are shown by ``rest`` or ``details``."""
        shown = frozenset(path for block in self.blocks for path in block.shows())
        return shown | {self.stamped_by} if self.stamp else shown


def layout_of(namespace: str) -> PaperLayout:
    """Return the layout of a namespace, or the generic one, which shows everything."""
    layouts = _layouts()
    return layouts.get(namespace) or layouts[""]


@cache
def wording() -> Mapping[str, Wording]:
    """Return the phrases that all papers share."""
    return MappingProxyType(tomllib.loads(files(__name__).joinpath("wording.toml").read_text("utf-8")))


@cache
def _layouts() -> Mapping[str, PaperLayout]:
    sources = (file for file in files(__name__).iterdir() if file.name.endswith(".toml"))
    read = (tomllib.loads(file.read_text("utf-8")) for file in sources if file.name != "wording.toml")
    return {data.get("namespace", ""): PaperLayout.read(data) for data in read}
