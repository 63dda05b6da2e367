"""The wording in three languages: nothing missing, nothing in the wrong alphabet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from egovdocs.schemas import CommonEdition, DocumentType, Services, Text, wording
from egovdocs.schemas.common_edition import DOCUMENT_NAMES
from egovdocs.schemas.fields import unlabelled

SCHEMAS = Path(wording.__file__).parent
KAZAKH_LETTERS = set("әғқңөұүһі")
LATIN_AND_CYRILLIC = re.compile(r"[a-z][а-яёәғқңөұүһі]|[а-яёәғқңөұүһі][a-z]", re.IGNORECASE)
PROPER_NAMES = ("Жетісу", "Ұлытау")


def texts_of_services(services: Services) -> Iterator[Text]:
    for service in (edition for each in services.values() for edition in each):
        yield from (service.title, service.description, service.provider.title, service.provider.place)
        yield from (action.title for action in service.actions.values())
        yield from (item.title for item in (*service.attachments, *service.requirements, *service.grounds))
        for indicator in service.indicators:
            yield from (indicator.title, indicator.question, *(text for _, text in indicator.answers))
        for procedure in service.channels.values():
            yield procedure.title
            for step in procedure.steps.values():
                yield from (step.text, step.unit_title)
        yield from texts_of_document(service.request)
        yield from texts_of_document(service.outcome)


def texts_of_document(document_type: DocumentType) -> Iterator[Text]:
    yield document_type.title
    for top in document_type.fields:
        for field in top.walk():
            yield field.label
            yield from (text for text in (field.hint, field.problem) if text is not None)
            yield from (label for _, label in field.choices)


@pytest.mark.parametrize("name", DOCUMENT_NAMES)
def test_common_documents_have_labels(name: str, common: CommonEdition) -> None:
    assert list(unlabelled(common.document_types[name].root)) == []


def test_texts_are_in_their_alphabets(services: Services, common: CommonEdition) -> None:
    texts = [*texts_of_services(services)]
    texts += [
        text for document_type in common.document_types.values() for text in texts_of_document(document_type)
    ]
    texts += [text for text in vars(wording).values() if isinstance(text, Text)]
    assert len(texts) > 300
    for text in texts:
        russian = text.ru.lower()
        for name in PROPER_NAMES:
            russian = russian.replace(name.lower(), "")
        assert not KAZAKH_LETTERS & set(russian), text
        assert not re.search("[а-яё]", text.en.lower()), text
        for language in ("ru", "kk"):
            assert not LATIN_AND_CYRILLIC.search(text[language]), text
            assert '"' not in text[language], text
            assert text[language] == text[language].strip(), text


def test_kazakh_is_not_a_copy_of_russian(services: Services) -> None:
    """Words of international medicine are the same in both; sentences never are."""
    for text in texts_of_services(services):
        if len(text.ru.split()) > 2:
            assert text.ru != text.kk


@pytest.mark.parametrize(
    "file", sorted(SCHEMAS.rglob("*.xsd")), ids=lambda file: str(file.relative_to(SCHEMAS))
)
def test_documentation_always_has_three_languages(file: Path) -> None:
    annotations = etree.parse(str(file)).iter("{http://www.w3.org/2001/XMLSchema}annotation")
    for annotation in annotations:
        languages: dict[str | None, list[str | None]] = {}
        for documentation in annotation:
            language = documentation.get("{http://www.w3.org/XML/1998/namespace}lang")
            languages.setdefault(documentation.get("source"), []).append(language)
            assert (documentation.text or "").strip(), f"{file}:{documentation.sourceline}"
        for found in languages.values():
            assert found == ["ru", "kk", "en"], f"{file}:{annotation.sourceline}"
