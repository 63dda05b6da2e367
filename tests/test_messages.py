"""Everything a user sees stands in Russian and Kazakh too; English is the code's own."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

import egovdocs
from egovdocs.i18n import LANGUAGES, _, translate

ROOT = Path(egovdocs.__file__).parent
PLACEHOLDER = re.compile(r"\$\{\w+\}|%\(\w+\)s|\{\w+\}")


@cache
def said() -> frozenset[str]:
    """Every message of the code and the templates; of a plural, the singular."""
    with (ROOT.parents[1] / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    found = extract_from_dir(ROOT, methods, options)
    return frozenset(m[0] if isinstance(m, tuple) else m for _file, _line, m, *_rest in found)


def catalogue(language: str) -> Catalog:
    with (ROOT / "locale" / language / "LC_MESSAGES" / "egovdocs.po").open("rb") as file:
        return read_po(file, locale=language)


def forms(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple) else [message.string]


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_no_message_is_missing_or_doubtful(language: str):
    messages = catalogue(language)
    missing = {text for text in said() if messages.get(text) is None}
    assert not missing, "run `make messages` and translate what it adds"
    empty = [m.id for m in messages if m.id and (m.fuzzy or not all(forms(m)))]
    assert not empty


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_no_message_is_left_over(language: str):
    ids = {m.id[0] if isinstance(m.id, tuple) else m.id for m in catalogue(language) if m.id}
    assert not ids - said(), "run `make messages`"


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_placeholders_survive_translation(language: str):
    for message in catalogue(language):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        wanted = {name for one in ids for name in PLACEHOLDER.findall(one)}
        for form in forms(message):
            assert set(PLACEHOLDER.findall(form)) <= wanted, form
        assert {name for form in forms(message) for name in PLACEHOLDER.findall(form)} == wanted, message.id


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_no_sentence_is_left_in_english_and_no_dash_is_short(language: str):
    said = [form for message in catalogue(language) if message.id for form in forms(message)]
    assert not [form for form in said if re.search(r"([A-Za-z’']+ ){3}[A-Za-z]", form)]
    assert not [form for form in said if re.search(r"\D – \D", form)]


def test_a_message_without_a_translation_is_said_in_english():
    message = _("Nobody translates ${this}.", mapping={"this": 7})
    assert {translate(message, language) for language in LANGUAGES} == {"Nobody translates 7."}
