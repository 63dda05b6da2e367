"""How each kind of document is laid out on paper: one TOML file a kind, chosen by the document's namespace."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
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

    :ivar kind: the painter's name: masthead, title, key, facts, table, heading, page, rest, proof.
    :ivar paths: the elements it shows, as paths from the document's root.
    :ivar columns: of a table, paths from the repeated element.
    :ivar text: its own wording, where the schema's labels don't serve.
    """

    kind: str
    paths: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    text: Words | None = None


@dataclass(frozen=True)
class Layout:
    """A paper: its blocks, the languages that stand side by side (none: the reader's own), its frame."""

    blocks: tuple[Block, ...]
    languages: tuple[str, ...] = ()
    framed: bool = False


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
    return {data.get("namespace", ""): _layout(data) for data in read}


def _layout(data: Mapping[str, Any]) -> Layout:
    blocks = tuple(
        Block(
            block["kind"],
            tuple(block.get("paths", ())),
            tuple(block.get("columns", ())),
            block.get("text"),
        )
        for block in data["blocks"]
    )
    return Layout(blocks, tuple(data.get("languages", ())), data.get("framed", False))
