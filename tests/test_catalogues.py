"""Every sentence of the site is said in Russian and Kazakh, with the same placeholders."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

import egovdocs
from egovdocs.i18n import LANGUAGES, _, translate

SOURCE = Path(egovdocs.__file__).parent
PLACEHOLDERS = re.compile(r"\$\{\w+\}|%\(\w+\)s|\{date\}")


@pytest.fixture(scope="module")
def messages() -> set[str | tuple[str, ...]]:
    with (SOURCE.parents[1] / "babel.cfg").open() as config:
        methods, options = parse_mapping_cfg(config)
    return {found[2] for found in extract_from_dir(SOURCE, methods, options)}


def catalogue(language: str) -> Catalog:
    with (SOURCE / "locale" / language / "LC_MESSAGES" / "egovdocs.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_no_sentence_is_missing(messages, language):
    said = {message.id: message.string for message in catalogue(language) if message.id}
    assert messages, "the sources hold no message: babel.cfg is wrong"
    missing = [
        message
        for message in messages
        if not (text := said.get(message)) or (isinstance(text, tuple) and not all(text))
    ]
    assert not missing, "run `make messages` and fill them in"


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_placeholders_are_the_same(language):
    for message in catalogue(language):
        if not message.id:
            continue
        wanted = message.id[-1] if isinstance(message.id, tuple) else message.id
        for text in message.string if isinstance(message.string, tuple) else (message.string,):
            assert set(PLACEHOLDERS.findall(text)) == set(PLACEHOLDERS.findall(wanted)), text


def test_a_message_without_a_translation_is_said_in_english():
    for language in LANGUAGES:
        message = _("Nobody translates ${this}.", mapping={"this": 7})
        assert translate(message, language) == "Nobody translates 7."
    assert translate("", "ru") == ""
