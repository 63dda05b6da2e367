"""What the documentation says is there, is there: files, settings, and the words of the interface."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import egovdocs
from egovdocs.cli import COMMANDS
from egovdocs.settings import Settings

PACKAGE = Path(egovdocs.__file__).parent
PROJECT = PACKAGE.parents[1]
DOCS = PROJECT / "docs"
PAGES = sorted([*PROJECT.glob("*.md"), *DOCS.rglob("*.md")])
GUIDES = sorted((DOCS / "guide").glob("*.md"))


def name(page: Path) -> str:
    return page.relative_to(PROJECT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path):
    targets = re.findall(r"\]\(([^)\s#]+)[^)]*\)", page.read_text("utf-8"))
    lost = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert lost == []


def test_the_tour_names_what_is_there():
    text = (DOCS / "tour.md").read_text("utf-8")
    named = re.findall(r"`([\w./-]+\.(?:py|ini|toml|xsd|xsl|js|mjs|jinja2|md)|[\w.-]+/[\w./-]*)`", text)
    rooms = [PROJECT, PACKAGE, PROJECT / "tests", *(room for room in PACKAGE.iterdir() if room.is_dir())]
    there = {*PACKAGE.rglob("*"), *(PROJECT / "tests").rglob("*")}
    lost = [
        path
        for path in named
        if not any((room / path).exists() for room in rooms)
        and not ("/" not in path and path in {file.name for file in there})
    ]
    assert named
    assert lost == []


def test_every_setting_is_explained():
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", (DOCS / "operations.md").read_text("utf-8"), re.M))
    assert set(rows) == {setting.name for setting in fields(Settings)}
    for setting in fields(Settings):
        assert rows[setting.name].startswith(setting.metadata["about"])


def test_every_command_is_explained():
    told = "".join(page.read_text("utf-8") for page in PAGES)
    assert [command for command in COMMANDS if f"egovdocs {command}" not in told] == []


def said() -> str:
    """All that the interface says in Russian."""
    with (PACKAGE / "locale" / "ru" / "LC_MESSAGES" / "egovdocs.po").open("rb") as file:
        messages = [message.string for message in read_po(file, locale="ru")]
    words = [one for string in messages for one in (string if isinstance(string, tuple) else [string])]
    schemas = [
        file.read_text("utf-8")
        for pattern in ("*/*/*.toml", "*/*/*.xsd")
        for file in (PACKAGE / "schemas" / "services").glob(pattern)
    ]
    return "\n".join([*words, *schemas])


@pytest.mark.parametrize("page", GUIDES, ids=name)
def test_guides_quote_the_interface(page: Path):
    """In the guides **«…»** is always a button, a heading or a message, word for word."""
    quoted = re.findall(r"\*\*«(.+?)»\*\*", page.read_text("utf-8"))
    interface = said()
    assert [words for words in quoted if words.rstrip("…") not in interface] == []


def test_what_the_pages_import_is_there():
    """Whoever copies the lines of a page gets no ImportError."""
    lines = [
        line
        for page in PAGES
        for line in re.findall(r"^\s+(from egovdocs.* import .*)$", page.read_text("utf-8"), re.M)
    ]
    assert lines
    for line in lines:
        exec(line, {})
