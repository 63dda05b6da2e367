"""Read and check one edition of a service from its folder."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from egovdocs.schemas import identifiers
from egovdocs.schemas.common_edition import CommonEdition, check_edition_name
from egovdocs.schemas.documents import DocumentType
from egovdocs.schemas.editions import Editions, ServiceEdition, UnknownEdition
from egovdocs.schemas.file_checks import (
    form_mistakes,
    reference_mistakes,
    schema_mistakes,
    stylesheet_mistakes,
)
from egovdocs.schemas.fingerprints import fingerprint
from egovdocs.schemas.model import (
    Action,
    AttachmentKind,
    Fee,
    Ground,
    Indicator,
    Procedure,
    Provider,
    Remarks,
    Requirement,
)
from egovdocs.schemas.rules import own_service, request_rule
from egovdocs.schemas.tables import check_wordings, read_channels
from egovdocs.schemas.text import Text
from egovdocs.schemas.toml import Reader, ServiceError, Where
from egovdocs.schemas.xml_files import COMMON

_KEYS = (
    *(
        "common",
        "title",
        "description",
        "applicants",
        "licence_series",
        "one_in_force",
        "provider",
        "actions",
        "channels",
    ),
    *("attachments", "requirements", "grounds", "indicators", "remarks", "wording", "renamed"),
)
_IN_REQUEST = {"service", "action", "channel", "reference", "language", "applicant", "payment", "attachments"}
_OUTCOMES = {"{urn:egovdocs:licence:1}licence", "{urn:egovdocs:certificate:1}certificate"}
_IN_OUTCOME = {"service", "number", "request"}
_LICENCE = {"{urn:egovdocs:licence:1}licence"}
_IN_LICENCE = {*_IN_OUTCOME, "licensee"}
_CODE = re.compile(r"(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*")
_MEDIA_TYPES = ("application/pdf", "image/png", "image/jpeg")


def load_edition(folder: Path, commons: Editions[CommonEdition]) -> ServiceEdition:
    """Load and check one edition of a service.

    The folder's name is the edition's id, the name of the folder above it the service's.

    :raises ServiceError: with file, line and rule of each mistake.
    """
    check_edition_name(folder)
    service_id = folder.parent.name
    reader = Reader(folder / "service.toml")
    reader.table((), _KEYS)
    common = _common(reader, commons)
    actions = _actions(reader)
    channels = read_channels(reader, actions.values(), common)
    attachments = tuple(_attachments(reader, actions, channels))
    applicants = reader.strings(("applicants",))
    for kind in set(applicants) - {"natural", "legal"}:
        reader.wrong(("applicants",), f"applicants: “{kind}” is neither natural nor legal")
    series = reader.string(("licence_series",), optional=True) or None
    if series is not None and not (len(series) == 3 and series.isascii() and series.isupper()):
        reader.wrong(("licence_series",), "licence_series: three capital letters are required")
    if reader.get(("grounds",)) is None:
        reader.wrong(("grounds",), "grounds: at least one is required, for a refusal to name")
    check_wordings(reader)
    request = DocumentType(
        folder / "request.xsd",
        [request_rule(service_id, applicants, actions, channels, attachments)],
    )
    outcome = DocumentType(folder / "outcome.xsd", [own_service(service_id)])
    edition = ServiceEdition(
        service_id=service_id,
        edition=folder.name,
        folder=folder,
        common=common,
        title=reader.text(("title",)),
        description=reader.text(("description",)),
        provider=_provider(reader),
        applicants=applicants,
        licence_series=series,
        one_in_force=reader.boolean(("one_in_force",), False),
        actions=actions,
        channels=channels,
        attachments=attachments,
        requirements=tuple(Requirement(*item) for item in _coded(reader, "requirements")),
        grounds=tuple(Ground(*item) for item in _coded(reader, "grounds")),
        indicators=tuple(_indicators(reader, common)),
        remarks=_remarks(reader),
        renamed=_renamed(reader),
        request=request,
        outcome=outcome,
        fingerprint=fingerprint(folder, common.folder),
    )
    mistakes = [
        *reader.mistakes,
        *schema_mistakes(
            request,
            {"{urn:egovdocs:request:1}request"},
            _IN_REQUEST,
            {"action": actions, "channel": channels},
        ),
        *schema_mistakes(outcome, _LICENCE if series else _OUTCOMES, _IN_LICENCE if series else _IN_OUTCOME),
        *form_mistakes(folder),
        *reference_mistakes(folder, common.edition),
        *stylesheet_mistakes(edition.outcome_stylesheet),
    ]
    if not mistakes:
        _check_renamed(reader, edition)
        mistakes = reader.mistakes
    if mistakes:
        raise ServiceError(dict.fromkeys(mistakes))
    return edition


def _common(reader: Reader, commons: Editions[CommonEdition]) -> CommonEdition:
    """Return the common edition that a service.toml names; the newest one, after a mistake."""
    name = reader.string(("common",))
    try:
        return commons.edition(name)
    except UnknownEdition:
        if name:
            known = ", ".join(each.edition for each in commons)
            reader.wrong(("common",), f"common: no edition “{name}” in {COMMON}, which has {known}")
        return commons.newest


def _renamed(reader: Reader) -> Mapping[str, Mapping[str, str]]:
    """Read ``[renamed.<type>]``: former codes and their present ones."""
    where: Where = ("renamed",)
    if reader.get(where) is None:
        return MappingProxyType({})
    return MappingProxyType(
        {
            name: MappingProxyType(
                {former: reader.string((*where, name, former)) for former in reader.table((*where, name))}
            )
            for name in reader.table(where)
        }
    )


def _check_renamed(reader: Reader, edition: ServiceEdition) -> None:
    """Check that codes are renamed to ones that exist, and that the former ones exist no more."""
    choices: dict[str, set[str]] = {
        "actions": set(edition.actions),
        "attachments": {kind.code for kind in edition.attachments},
    }
    for field in (*edition.request.walk(), *edition.outcome.walk()):
        choices.setdefault(field.type_name, set()).update(code for code, _label in field.choices)
    for name, codes in edition.renamed.items():
        if not choices.get(name):
            reader.wrong(("renamed", name), f"renamed.{name}: no field has a list of choices of this type")
            continue
        for former, code in codes.items():
            where: Where = ("renamed", name, former)
            if code not in choices[name]:
                reader.wrong(where, f"renamed.{name}: there is no “{code}”")
            if former in choices[name]:
                reader.wrong(where, f"renamed.{name}: “{former}” still is a choice")


def _check_code(reader: Reader, where: Where, code: str) -> None:
    """Check a code that documents will contain against the pattern of their XSDs."""
    if code and not _CODE.fullmatch(code):
        reader.wrong(where, f"“{code}”: a code is of small Latin letters, digits and single hyphens between")


def _provider(reader: Reader) -> Provider:
    reader.table(("provider",), ("bin", "title", "place", "position"))
    number = reader.string(("provider", "bin"))
    if number and not identifiers.is_bin(number):
        reader.wrong(("provider", "bin"), f"provider.bin: “{number}” is not a BIN")
    return Provider(
        bin=number,
        title=reader.text(("provider", "title")),
        place=reader.text(("provider", "place")),
        position=reader.text(("provider", "position")),
    )


def _actions(reader: Reader) -> Mapping[str, Action]:
    actions = {}
    if not reader.table(("actions",)):
        reader.wrong(("actions",), "actions: at least one is required")
    for name in reader.table(("actions",)):
        where: Where = ("actions", name)
        _check_code(reader, where, name)
        reader.table(where, ("title", "working_days", "fee"))
        actions[name] = Action(
            id=name,
            title=reader.text((*where, "title")),
            working_days=reader.integer((*where, "working_days")),
            fee=_fee(reader, name),
        )
    return MappingProxyType(actions)


def _fee(reader: Reader, action: str) -> Fee | None:
    """``indices``, or ``percent`` of another action's fee with ``of`` and ``at_most``."""
    where: Where = ("actions", action, "fee")
    if reader.get(where) is None:
        return None
    fee = reader.table(where, ("indices", "percent", "of", "at_most"))
    try:
        numbers = {key: Decimal(str(value)) for key, value in fee.items() if key != "of"}
        if not all(number.is_finite() and number > 0 for number in numbers.values()):
            raise ArithmeticError
    except ArithmeticError:
        reader.wrong(where, f"actions.{action}.fee: numbers above zero are required")
        return None
    if fee.keys() == {"indices"}:
        return Fee(numbers["indices"])
    base = reader.get(("actions", str(fee.get("of")), "fee", "indices"))
    if "percent" not in numbers or "indices" in numbers or not isinstance(base, int | float):
        reader.wrong(
            where, f"actions.{action}.fee: indices, or percent of an action with indices, is required"
        )
        return None
    indices = Decimal(str(base)) * numbers["percent"] / 100
    return Fee(min(indices, numbers.get("at_most", indices)))


_ATTACHMENT = ("code", "title", "hint", "required", "media_types", "max_megabytes", "actions", "channels")


def _attachments(
    reader: Reader, actions: Mapping[str, Action], channels: Mapping[str, Procedure]
) -> Iterator[AttachmentKind]:
    seen = set()
    for where in reader.tables(("attachments",)):
        kind = _attachment(reader, where, actions, channels)
        _check_code(reader, (*where, "code"), kind.code)
        if kind.code in seen:
            reader.wrong(where, f"attachments: “{kind.code}” occurs twice")
        seen.add(kind.code)
        yield kind


def _attachment(
    reader: Reader, where: Where, actions: Mapping[str, Action], channels: Mapping[str, Procedure]
) -> AttachmentKind:
    reader.table(where, _ATTACHMENT)
    named = reader.strings((*where, "actions"), tuple(actions))
    for name in set(named) - set(actions):
        reader.wrong((*where, "actions"), f"attachments: no action “{name}”")
    ways = reader.strings((*where, "channels"), tuple(channels))
    for name in set(ways) - set(channels):
        reader.wrong((*where, "channels"), f"attachments: no channel “{name}”")
    hint = reader.text((*where, "hint"), optional=True)
    media_types = reader.strings((*where, "media_types"), _MEDIA_TYPES)
    for name in set(media_types) - set(_MEDIA_TYPES):
        reader.wrong((*where, "media_types"), f"attachments: “{name}” is none of {', '.join(_MEDIA_TYPES)}")
    return AttachmentKind(
        code=reader.string((*where, "code")),
        title=reader.text((*where, "title")),
        hint=hint if hint.ru else None,
        required=reader.boolean((*where, "required"), True),
        media_types=media_types,
        max_bytes=(reader.integer((*where, "max_megabytes")) if reader.get((*where, "max_megabytes")) else 10)
        * 1024
        * 1024,
        actions=named,
        channels=ways,
    )


def _coded(reader: Reader, name: str) -> Iterator[tuple[str, Text]]:
    seen = set()
    for where in reader.tables((name,)):
        reader.table(where, ("code", "title"))
        code = reader.string((*where, "code"))
        _check_code(reader, (*where, "code"), code)
        if code in seen:
            reader.wrong(where, f"{name}: “{code}” occurs twice")
        seen.add(code)
        yield code, reader.text((*where, "title"))


def _indicators(reader: Reader, common: CommonEdition) -> Iterator[Indicator]:
    known = common.indicators
    codes = reader.strings(("indicators",), ())
    if len(set(codes)) < len(codes):
        reader.wrong(("indicators",), "indicators: one occurs twice")
    for code in dict.fromkeys(codes):
        if code in known:
            yield known[code]
        else:
            reader.wrong(("indicators",), f"indicators: no “{code}” in the common questionnaire.toml")


def _remarks(reader: Reader) -> Remarks:
    where: Where = ("remarks",)
    if reader.get(where) is None:
        return Remarks()
    reader.table(where, ("stop_clock", "working_days"))
    stops = reader.boolean((*where, "stop_clock"), False)
    if reader.get((*where, "working_days")) is not None:
        return Remarks(stops, reader.integer((*where, "working_days")))
    if stops:
        reader.wrong(where, "remarks: stop_clock needs working_days, after which the time limit continues")
    return Remarks()
