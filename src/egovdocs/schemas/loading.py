"""Load all services: every folder that has editions, read and checked when the program starts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from egovdocs.schemas.common_edition import CommonEdition, load_common_edition
from egovdocs.schemas.editions import Editions, Service, ServiceEdition, Services
from egovdocs.schemas.file_checks import reference_mistakes
from egovdocs.schemas.service_reader import load_edition
from egovdocs.schemas.toml import Mistake, ServiceError
from egovdocs.schemas.trials import trial_mistakes
from egovdocs.schemas.xml_files import COMMON, SERVICES


def load_services(*folders: Path) -> Services:
    """Load and check every edition of every service: the shipped ones, and those in the folders given.

    :param folders: each with ``<service>/<edition>/service.toml``, and perhaps ``common/<edition>/``. They
        may add editions to a shipped service.
    :raises ServiceError: with file, line and rule of each mistake.
    """
    mistakes: list[Mistake] = []
    common = load_common(*folders)
    editions: dict[str, list[ServiceEdition]] = {}
    for folder in _edition_folders((SERVICES, *folders), mistakes):
        try:
            edition = load_edition(folder, common)
        except ServiceError as error:
            mistakes += error.mistakes
            continue
        known = editions.setdefault(edition.service_id, [])
        if any(each.edition == edition.edition for each in known):
            rule = f"there is another edition {edition.edition} of “{edition.service_id}”"
            mistakes.append(Mistake(folder / "service.toml", 1, rule))
        known.append(edition)
    services = [Service(service_id, found) for service_id, found in sorted(editions.items())]
    if not mistakes:
        mistakes = [mistake for service in services for mistake in trial_mistakes(service)]
    if mistakes:
        raise ServiceError(dict.fromkeys(mistakes))
    return Services(services, common)


def load_common(*folders: Path) -> Editions[CommonEdition]:
    """Load and check the common editions: the shipped ones, and those in the folders given.

    :raises ServiceError: with file, line and rule of each mistake.
    """
    editions: dict[str, CommonEdition] = {}
    mistakes: list[Mistake] = []
    for folder in sorted(each for parent in (SERVICES, *folders) for each in (parent / COMMON).glob("*/")):
        try:
            edition = _load_common_edition(folder)
        except ServiceError as error:
            mistakes += error.mistakes
            continue
        if edition.edition in editions:
            mistakes.append(Mistake(folder, 1, f"there is another edition {edition.edition} of {COMMON}"))
        editions[edition.edition] = edition
    if mistakes:
        raise ServiceError(mistakes)
    return Editions(editions.values())


def _load_common_edition(folder: Path) -> CommonEdition:
    return _shipped_common_edition(folder) if folder.is_relative_to(SERVICES) else _checked_common(folder)


def _checked_common(folder: Path) -> CommonEdition:
    if mistakes := list(reference_mistakes(folder, None)):
        raise ServiceError(mistakes)
    return load_common_edition(folder)


_shipped_common_edition = cache(_checked_common)


def _edition_folders(parents: Iterable[Path], mistakes: list[Mistake]) -> Iterator[Path]:
    """Yield the folder of each edition of a service; note what is no edition."""
    for parent in parents:
        for file in sorted(parent.glob("*/service.toml")):
            rule = (
                "the files of a service are in the folder of an edition: my-service/2013-01-03/service.toml"
            )
            mistakes.append(Mistake(file, 1, rule))
        for file in sorted(parent.glob("*/*/service.toml")):
            if file.parent.parent.name != COMMON:
                yield file.parent
