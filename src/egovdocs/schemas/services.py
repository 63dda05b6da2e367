"""Loading the services: every folder that has a ``service.toml``, read and checked at start."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType

from lxml import etree

from egovdocs.schemas import identifiers, wording
from egovdocs.schemas.documents import COMMON, DocumentProblems, DocumentType, Problem, parse
from egovdocs.schemas.files import form_mistakes, schema_mistakes, stylesheet_mistakes
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
    Service,
)
from egovdocs.schemas.outcomes import DECISION, REFUSAL, maker
from egovdocs.schemas.rules import own_service, request_rule
from egovdocs.schemas.tables import check_wordings, read_channels
from egovdocs.schemas.text import Text
from egovdocs.schemas.toml import Mistake, Reader, ServiceError, Where
from egovdocs.schemas.trials import trial_mistakes

HERE = Path(__file__).parent

_COMMON = ("receipt", "order", "challenge", "report", "remark", "answer", "withdrawal")
DOCUMENT_TYPES: Mapping[str, DocumentType] = MappingProxyType(
    {"decision": DECISION, "refusal": REFUSAL}
    | {name: DocumentType(COMMON / f"{name}.xsd") for name in _COMMON}
)

_KEYS = (
    *(
        "title",
        "description",
        "applicants",
        "licence_series",
        "one_in_force",
        "provider",
        "actions",
        "channels",
    ),
    *("attachments", "requirements", "grounds", "indicators", "remarks", "wording"),
)
_IN_REQUEST = {"service", "action", "channel", "reference", "language", "applicant", "payment", "attachments"}
_OUTCOMES = {"{urn:egovdocs:licence:1}licence", "{urn:egovdocs:certificate:1}certificate"}
_IN_OUTCOME = {"service", "number", "request"}
_LICENCE = {"{urn:egovdocs:licence:1}licence"}
_IN_LICENCE = {*_IN_OUTCOME, "licensee"}
_CODE = re.compile(r"(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*")
_MEDIA_TYPES = ("application/pdf", "image/png", "image/jpeg")


def load_services(*folders: Path) -> Mapping[str, Service]:
    """Load and check every service: each folder with a ``service.toml`` here, and in the folders given.

    :raises ServiceError: names file, line and rule of each mistake.
    """
    files = sorted(file for folder in (HERE, *folders) for file in folder.glob("*/service.toml"))
    services: dict[str, Service] = {}
    mistakes: list[Mistake] = []
    for file in files:
        try:
            service = load_service(file.parent)
        except ServiceError as error:
            mistakes += error.mistakes
            continue
        if service.id in services:
            mistakes.append(Mistake(file, 1, f"there is another service “{service.id}”"))
        services[service.id] = service
    for document_type in DOCUMENT_TYPES.values():
        document_type.load()
    if mistakes:
        raise ServiceError(mistakes)
    return MappingProxyType(services)


def load_service(folder: Path) -> Service:
    """Load and check one service's folder; its name is the service's id.

    :raises ServiceError: names file, line and rule of each mistake.
    """
    reader = Reader(folder / "service.toml")
    reader.table((), _KEYS)
    actions = _actions(reader)
    channels = read_channels(reader, actions.values())
    attachments = tuple(_attachments(reader, actions, channels))
    applicants = reader.strings(("applicants",))
    for kind in set(applicants) - {"natural", "legal"}:
        reader.wrong(("applicants",), f"applicants: “{kind}” is neither natural nor legal")
    series = reader.string(("licence_series",), optional=True) or None
    if series is not None and not (len(series) == 3 and series.isascii() and series.isupper()):
        reader.wrong(("licence_series",), "licence_series: three capital letters are wanted")
    if reader.get(("grounds",)) is None:
        reader.wrong(("grounds",), "grounds: one at least is wanted, for a refusal to name")
    check_wordings(reader)
    request = DocumentType(
        folder / "request.xsd",
        [request_rule(folder.name, applicants, actions, channels, attachments)],
    )
    outcome = DocumentType(folder / "outcome.xsd", [own_service(folder.name)])
    service = Service(
        id=folder.name,
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
        indicators=tuple(_indicators(reader)),
        remarks=_remarks(reader),
        request=request,
        outcome=outcome,
        _make_outcome=maker(folder / "outcome.xsl", outcome, grants=True),
        _make_refusal=maker(COMMON / "refusal.xsl", REFUSAL, grants=False),
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
        *stylesheet_mistakes(folder / "outcome.xsl"),
    ]
    if mistakes := mistakes or trial_mistakes(service, folder / "outcome.xsl"):
        raise ServiceError(dict.fromkeys(mistakes))
    return service


def document_type_of(content: bytes, services: Mapping[str, Service]) -> DocumentType:
    """What kind of document it is, by its root element and the service it names.

    :param content: what a signature covers.
    :raises DocumentProblems: it is no XML, or no document of ours.
    """
    root = parse(content)
    for document_type in DOCUMENT_TYPES.values():
        if root.tag == document_type.tag:
            return document_type
    service = services.get(root.findtext(f"{{{etree.QName(root).namespace}}}service") or "")
    if service is not None:
        for document_type in (service.request, service.outcome):
            if root.tag == document_type.tag:
                return document_type
    raise DocumentProblems([Problem("", wording.UNKNOWN_DOCUMENT)])


def _check_code(reader: Reader, where: Where, code: str) -> None:
    """A code stands in documents, where their XSDs want it so."""
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
        reader.wrong(where, f"actions.{action}.fee: numbers above zero are wanted")
        return None
    if fee.keys() == {"indices"}:
        return Fee(numbers["indices"])
    base = reader.get(("actions", str(fee.get("of")), "fee", "indices"))
    if "percent" not in numbers or "indices" in numbers or not isinstance(base, int | float):
        reader.wrong(where, f"actions.{action}.fee: indices, or percent of an action with indices, is wanted")
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
            reader.wrong(where, f"attachments: “{kind.code}” stands there twice")
        seen.add(kind.code)
        yield kind


def _attachment(
    reader: Reader, where: Where, actions: Mapping[str, Action], channels: Mapping[str, Procedure]
) -> AttachmentKind:
    reader.table(where, _ATTACHMENT)
    asked = reader.strings((*where, "actions"), tuple(actions))
    for name in set(asked) - set(actions):
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
        actions=asked,
        channels=ways,
    )


def _coded(reader: Reader, name: str) -> Iterator[tuple[str, Text]]:
    seen = set()
    for where in reader.tables((name,)):
        reader.table(where, ("code", "title"))
        code = reader.string((*where, "code"))
        _check_code(reader, (*where, "code"), code)
        if code in seen:
            reader.wrong(where, f"{name}: “{code}” stands there twice")
        seen.add(code)
        yield code, reader.text((*where, "title"))


def _indicators(reader: Reader) -> Iterator[Indicator]:
    known = _questionnaire()
    codes = reader.strings(("indicators",), ())
    if len(set(codes)) < len(codes):
        reader.wrong(("indicators",), "indicators: one stands there twice")
    for code in dict.fromkeys(codes):
        if code in known:
            yield known[code]
        else:
            reader.wrong(("indicators",), f"indicators: no “{code}” in common/questionnaire.toml")


def _remarks(reader: Reader) -> Remarks:
    where: Where = ("remarks",)
    if reader.get(where) is None:
        return Remarks()
    reader.table(where, ("stop_clock", "working_days"))
    stops = reader.boolean((*where, "stop_clock"), False)
    if reader.get((*where, "working_days")) is not None:
        return Remarks(stops, reader.integer((*where, "working_days")))
    if stops:
        reader.wrong(where, "remarks: a clock that stops needs working_days until it goes on by itself")
    return Remarks()


@cache
def _questionnaire() -> Mapping[str, Indicator]:
    """The indicators that services may name."""
    reader = Reader(COMMON / "questionnaire.toml")
    answers = tuple((code, reader.text(("answers", code))) for code in reader.table(("answers",)))
    indicators = {
        code: Indicator(
            code,
            reader.text(("indicators", code, "title")),
            reader.text(("indicators", code, "question")),
            answers,
        )
        for code in reader.table(("indicators",))
    }
    return reader.sound(indicators)
