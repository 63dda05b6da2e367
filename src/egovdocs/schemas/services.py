"""Loading the services: every folder that has a ``service.toml``, read and checked at start."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from lxml import etree
from xmlschema import XMLSchemaException

from egovdocs.schemas import identifiers, wording
from egovdocs.schemas.documents import COMMON, DocumentProblems, DocumentType, Problem, parse
from egovdocs.schemas.fields import unlabelled
from egovdocs.schemas.limits import parse_limit
from egovdocs.schemas.model import (
    ANSWERS,
    DUTIES,
    END,
    NEEDED,
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
    Step,
)
from egovdocs.schemas.outcomes import DECISION, REFUSAL, compiled, maker
from egovdocs.schemas.text import LANGUAGES, Text
from egovdocs.schemas.toml import Mistake, Reader, ServiceError, Where

_T = TypeVar("_T")

HERE = Path(__file__).parent

DOCUMENT_TYPES: Mapping[str, DocumentType] = MappingProxyType(
    {
        "decision": DECISION,
        "refusal": REFUSAL,
        "receipt": DocumentType(COMMON / "receipt.xsd"),
        "order": DocumentType(COMMON / "order.xsd"),
        "challenge": DocumentType(COMMON / "challenge.xsd"),
        "report": DocumentType(COMMON / "report.xsd"),
        "remark": DocumentType(COMMON / "remark.xsd"),
        "answer": DocumentType(COMMON / "answer.xsd"),
        "withdrawal": DocumentType(COMMON / "withdrawal.xsd"),
    }
)

_KEYS = (
    "title",
    "description",
    "applicants",
    "licence_series",
    "one_in_force",
    "provider",
    "actions",
    "channels",
    "attachments",
    "requirements",
    "grounds",
    "indicators",
    "remarks",
    "wording",
)
_IN_REQUEST = {"service", "action", "channel", "reference", "language", "applicant", "payment", "attachments"}
_OUTCOMES = {"{urn:egovdocs:licence:1}licence", "{urn:egovdocs:certificate:1}certificate"}
_IN_OUTCOME = {"service", "number", "request"}
_LICENCE = {"{urn:egovdocs:licence:1}licence"}
_IN_LICENCE = {*_IN_OUTCOME, "licensee"}
_MEDIA_TYPES = ("application/pdf", "image/png", "image/jpeg")
_EVENTS = {"process": {"done"}, "condition": {"yes", "no"}}


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
    channels = _channels(reader, actions.values())
    attachments = tuple(_attachments(reader, actions, channels))
    applicants = reader.strings(("applicants",))
    for kind in set(applicants) - {"natural", "legal"}:
        reader.wrong(("applicants",), f"applicants: “{kind}” is neither natural nor legal")
    series = reader.string(("licence_series",), optional=True) or None
    if series is not None and not (len(series) == 3 and series.isascii() and series.isupper()):
        reader.wrong(("licence_series",), "licence_series: three capital letters are wanted")
    if reader.get(("grounds",)) is None:
        reader.wrong(("grounds",), "grounds: one at least is wanted, for a refusal to name")
    _check_wordings(reader)
    request = DocumentType(
        folder / "request.xsd",
        [_request_rule(folder.name, applicants, actions, channels, attachments)],
    )
    outcome = DocumentType(folder / "outcome.xsd", [_own(folder.name)])
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
        *_schema_mistakes(request, {"{urn:egovdocs:request:1}request"}, _IN_REQUEST),
        *_schema_mistakes(outcome, _LICENCE if series else _OUTCOMES, _IN_LICENCE if series else _IN_OUTCOME),
        *_stylesheet_mistakes(folder / "outcome.xsl"),
    ]
    if mistakes:
        raise ServiceError(mistakes)
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
    if "indices" in numbers:
        return Fee(numbers["indices"])
    base = reader.get(("actions", str(fee.get("of")), "fee", "indices"))
    if "percent" not in numbers or not isinstance(base, int | float):
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
        if code in seen:
            reader.wrong(where, f"{name}: “{code}” stands there twice")
        seen.add(code)
        yield code, reader.text((*where, "title"))


def _indicators(reader: Reader) -> Iterator[Indicator]:
    known = _questionnaire()
    for code in reader.strings(("indicators",), ()):
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


def _channels(reader: Reader, actions: Iterable[Action]) -> Mapping[str, Procedure]:
    actions = tuple(actions)
    channels: dict[str, Procedure] = {}
    for name in reader.table(("channels",)):
        where: Where = ("channels", name)
        if name not in _shared("channels"):
            reader.wrong(where, f"channels.{name}: portal, provider or centre is wanted")
        reader.table(where, ("table", "steps"))
        steps: dict[str, Step] = {}
        for at in reader.tables((*where, "steps")):
            step = _step(reader, at, actions)
            if step.number in steps:
                reader.wrong(at, f"step {step.number} stands there twice")
            steps[step.number] = step
        _check_ways(reader, (*where, "steps"), steps)
        if steps:
            fees = [action for action in actions if action.fee is not None and name == "portal"]
            _check_duties(reader, (*where, "steps"), steps, fees)
        table = reader.string((*where, "table"))
        if table in (other.table for other in channels.values()):
            reader.wrong((*where, "table"), f"channels.{name}.table: “{table}” is another channel's")
        channels[name] = Procedure(
            table=table,
            channel=name,
            title=_shared("channels").get(name, Text(name, name, name)),
            steps=MappingProxyType(steps),
        )
    return MappingProxyType(channels)


def _step(reader: Reader, where: Where, actions: tuple[Action, ...]) -> Step:
    row = reader.table(where, ("number", "unit", "what", "limit", "next"))
    number = reader.string((*where, "number"))
    kind = "condition" if number.startswith("C") else "process"
    way = row.get("next")
    if isinstance(way, str):
        way = {"done": way}
    if not isinstance(way, dict) or set(way) != _EVENTS[kind]:
        wanted = "next = { yes = …, no = … }" if kind == "condition" else "next = “step”"
        reader.wrong(where, f"step {number}: {wanted} is wanted")
        way = {}
    limit = None
    if "limit" in row:
        try:
            limit = parse_limit(reader.string((*where, "limit")), actions)
        except ValueError as problem:
            reader.wrong(where, f"step {number}: {problem}")
    text, does = _what(reader, where, number)
    unit = reader.string((*where, "unit"))
    if unit not in _shared("units"):
        reader.wrong(where, f"step {number}: no unit “{unit}” in common/steps.toml")
    return Step(
        number=number,
        kind="condition" if kind == "condition" else "process",
        unit=unit,
        unit_title=_shared("units").get(unit, Text("", "", "")),
        text=text,
        limit=limit,
        next=MappingProxyType({str(event): str(to) for event, to in way.items()}),
        does=does,
    )


def _what(reader: Reader, where: Where, number: str) -> tuple[Text, tuple[str, ...]]:
    """What happens in a step, and what it is for."""
    code = reader.string((*where, "what"))
    if reader.get(("wording", code)) is not None:
        return _wording(reader, code)
    if code not in _shared_wording():
        reader.wrong(where, f"step {number}: no wording “{code}”, here or in common/steps.toml")
        return Text("", "", ""), ()
    return _shared_wording()[code]


def _wording(reader: Reader, code: str) -> tuple[Text, tuple[str, ...]]:
    where: Where = ("wording", code)
    reader.table(where, (*LANGUAGES, "does"))
    does = reader.strings((*where, "does"))
    for unknown in set(does) - set(DUTIES):
        reader.wrong((*where, "does"), f"wording.{code}: “{unknown}” is none of {', '.join(DUTIES)}")
    return reader.text(where), does


def _check_wordings(reader: Reader) -> None:
    """Every wording of the service's own is used by a step."""
    channels = reader.get(("channels",))
    used = {
        str(reader.get((*where, "what")))
        for name in (channels if isinstance(channels, dict) else ())
        for where in reader.tables(("channels", name, "steps"))
    }
    for code in reader.table(("wording",)) if reader.get(("wording",)) is not None else ():
        if code not in used:
            reader.wrong(("wording", code), f"wording.{code} is used by no step")


def _check_duties(reader: Reader, where: Where, steps: Mapping[str, Step], fees: Iterable[Action]) -> None:
    """There is a step for all that the program must do, and each answer leads to what is done upon it."""
    doing = {does: step for step in steps.values() for does in step.does}
    for does in NEEDED:
        if does not in doing:
            reader.wrong(where, f"a step that does “{does}” is wanted")
    places = {number: (*where, index) for index, number in enumerate(steps)}
    for does, step in doing.items():
        kind = "condition" if does in ANSWERS else "process"
        if step.kind != kind:
            reader.wrong(places[step.number], f"step {step.number}: what does “{does}” is a {kind}")
        for answer, follows in ANSWERS.get(does, {}).items():
            to = steps.get(step.next.get(answer, ""))
            if to is not None and follows not in to.does:
                rule = f"“{answer}” leads to the step that does “{follows}”, which {to.number} does not"
                reader.wrong(places[step.number], f"step {step.number}: {rule}")
    if "payment" not in doing:
        for action in fees:
            rule = f"actions.{action.id}.fee: no step of the portal's table does “payment”"
            reader.wrong(("actions", action.id, "fee"), rule)


def _check_ways(reader: Reader, where: Where, steps: Mapping[str, Step]) -> None:
    """Every step can be reached from the first, every path ends, and no two steps do the same."""
    places = {number: (*where, index) for index, number in enumerate(steps)}
    if not steps:
        reader.wrong(where, "a channel needs steps")
        return
    for number, step in steps.items():
        for to in set(step.next.values()) - set(steps) - {END}:
            reader.wrong(places[number], f"step {number}: there is no step “{to}” to go on to")
    doing: set[str] = set()
    for number, step in steps.items():
        for does in doing.intersection(step.does):
            reader.wrong(places[number], f"step {number}: another step does “{does}” already")
        doing.update(step.does)
    reached: set[str] = set()
    ahead = [next(iter(steps))]
    while ahead:
        number = ahead.pop()
        if number in steps and number not in reached:
            reached.add(number)
            ahead += steps[number].next.values()
    for number in steps:
        if number not in reached:
            reader.wrong(places[number], f"step {number} is never reached: every step must be reachable")
    ending: set[str] = {END}
    while grown := {
        n for n, s in steps.items() if n not in ending and s.next and ending.issuperset(s.next.values())
    }:
        ending |= grown
    for number, step in steps.items():
        if number not in ending and step.next and set(step.next.values()) <= {*steps, END}:
            reader.wrong(places[number], f"step {number} goes round in a circle: every path must end")


@cache
def _shared_steps() -> Reader:
    return Reader(COMMON / "steps.toml")


@cache
def _shared(part: str) -> Mapping[str, Text]:
    """The channels or units that the services share."""
    reader = _shared_steps()
    return _sound(reader, {code: reader.text((part, code)) for code in reader.table((part,))})


@cache
def _shared_wording() -> Mapping[str, tuple[Text, tuple[str, ...]]]:
    """The wordings of steps that the services share."""
    reader = _shared_steps()
    return _sound(reader, {code: _wording(reader, code) for code in reader.table(("wording",))})


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
    return _sound(reader, indicators)


def _sound(reader: Reader, read: Mapping[str, _T]) -> Mapping[str, _T]:
    if reader.mistakes:
        raise ServiceError(reader.mistakes)
    return read


def _own(service: str) -> Callable[[Mapping[str, Any]], Iterator[Problem]]:
    def rule(values: Mapping[str, Any]) -> Iterator[Problem]:
        if values["service"] != service:
            yield Problem("service", wording.ANOTHER_SERVICE)

    return rule


def _request_rule(
    service: str,
    applicants: tuple[str, ...],
    actions: Mapping[str, Action],
    channels: Mapping[str, Procedure],
    attachments: tuple[AttachmentKind, ...],
) -> Callable[[Mapping[str, Any]], Iterator[Problem]]:
    """What a request must keep to besides its XSD: the service's own data."""

    def rule(values: Mapping[str, Any]) -> Iterator[Problem]:
        yield from _own(service)(values)
        applicant = values["applicant"]
        if applicant["kind"] not in applicants:
            yield Problem("applicant/kind", wording.NOT_FOR_THIS_KIND)
        if identifiers.kind_of(applicant["identifier"]) != applicant["kind"]:
            yield Problem("applicant/identifier", wording.KIND_AND_NUMBER)
        if values["channel"] not in channels:
            yield Problem("channel", wording.NO_SUCH_CHANNEL)
        action = actions.get(values["action"])
        if action is None:
            yield Problem("action", wording.NO_SUCH_ACTION)
            return
        procedure = channels.get(values["channel"])
        pays = procedure is not None and procedure.step_for("payment") is not None
        if pays and action.fee is not None and "payment" not in values:
            yield Problem("payment", wording.NOT_PAID)
        if procedure is not None and (values["channel"] == "portal") is ("reception" in values):
            yield Problem("reception", wording.NOT_RECEIVED)
        kinds = [k for k in attachments if action.id in k.actions and values["channel"] in k.channels]
        yield from _attached(kinds, values.get("attachments", {}).get("attachment", []))
        takes_papers = procedure is not None and procedure.step_for("papers") is not None
        shown = values.get("papers", {}).get("paper", [])
        yield from _shown(kinds if takes_papers else [], shown)

    return rule


def _shown(kinds: list[AttachmentKind], codes: list[str]) -> Iterator[Problem]:
    """Papers marked as shown, where the procedure has them marked."""
    known = {kind.code for kind in kinds}
    for index, code in enumerate(codes, 1):
        if code not in known:
            yield Problem(f"papers/paper[{index}]", wording.NO_SUCH_ATTACHMENT)
    for kind in kinds:
        if kind.required and kind.code not in codes:
            yield Problem("papers", wording.NOT_SHOWN.with_values(label=kind.title))


def _attached(kinds: list[AttachmentKind], files: list[Mapping[str, Any]]) -> Iterator[Problem]:
    wanted = {kind.code: kind for kind in kinds}
    for index, file in enumerate(files, 1):
        kind = wanted.get(file["kind"])
        path = f"attachments/attachment[{index}]"
        if kind is None:
            yield Problem(f"{path}/kind", wording.NO_SUCH_ATTACHMENT)
        elif file["mediaType"] not in kind.media_types:
            yield Problem(f"{path}/mediaType", wording.WRONG_FORMAT.with_values(label=kind.title))
        elif int(file["size"]) > kind.max_bytes:
            most = kind.max_bytes // 1024**2
            yield Problem(f"{path}/size", wording.TOO_LARGE.with_values(label=kind.title, most=most))
    given = {file["kind"] for file in files}
    for kind in kinds:
        if kind.required and kind.code not in given:
            yield Problem("attachments", wording.NOT_ATTACHED.with_values(label=kind.title))


def _schema_mistakes(document_type: DocumentType, roots: set[str], wanted: set[str]) -> list[Mistake]:
    """Is it a schema with one of the roots and the elements wanted, labels in every language, names that
    every signing library takes, and sensible conditions?"""
    file = document_type.schema_path
    try:
        document_type.load()
    except (OSError, etree.XMLSyntaxError, etree.XMLSchemaParseError, XMLSchemaException) as problem:
        return [Mistake(file, _line_of_problem(problem), f"not a schema: {_first_line(problem)}")]
    except ValueError:
        return [Mistake(file, 1, "exactly one global element, the document's root, is wanted")]
    found = [
        Mistake(at.file, _line_of_name(at.file, at.name), f"“{at.name}”: {at.rule}")
        for at in unlabelled(document_type.root)
    ]
    if document_type.tag not in roots:
        rule = f"the root element is {document_type.tag}, not {' or '.join(sorted(roots))}"
        found.append(Mistake(file, _line_of_name(file, document_type.name), rule))
    for name in sorted(wanted - {field.name for field in document_type.fields}):
        found.append(Mistake(file, 1, f"the document needs an element “{name}”"))
    for top in document_type.fields:
        if top.asked and not top.children and "applicant" in wanted:
            rule = f"“{top.name}”: what a form asks for stands in a group, which is its page"
            found.append(Mistake(file, _line_of_name(file, top.name), rule))
    for field in document_type.walk():
        if not field.name.isascii():
            rule = f"“{field.name}”: names are in ASCII"
            found.append(Mistake(file, _line_of_name(file, field.name), rule))
        if field.when is not None and not _makes_sense(document_type, field.when.path):
            rule = f"“{field.name}”: form:when names “{field.when.path}”, no field of the document"
            found.append(Mistake(file, _line_of_name(file, field.name), rule))
    return list(dict.fromkeys(found))


def _makes_sense(document_type: DocumentType, path: str) -> bool:
    try:
        return not document_type.field(path).children
    except KeyError:
        return False


def _stylesheet_mistakes(file: Path) -> list[Mistake]:
    try:
        compiled(file)
    except (OSError, etree.XMLSyntaxError, etree.XSLTParseError) as problem:
        return [Mistake(file, _line_of_problem(problem), f"not a stylesheet: {_first_line(problem)}")]
    return []


def _line_of_problem(problem: Exception) -> int:
    log = getattr(problem, "error_log", None)
    last = log.last_error if log is not None else None
    return last.line if last is not None and last.line > 0 else 1


def _first_line(problem: Exception) -> str:
    return (str(problem).strip().splitlines() or [type(problem).__name__])[0]


def _line_of_name(file: Path, name: str) -> int:
    """The line where a schema defines an element or a choice."""
    elements: Iterable[Any] = etree.parse(str(file)).iter("{*}element", "{*}enumeration")
    for found in elements:
        if name in (found.get("name"), found.get("value")):
            return found.sourceline or 1
    return 1
