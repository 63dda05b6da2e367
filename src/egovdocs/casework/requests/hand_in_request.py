"""Accept a request that a centre's own system hands in through the gateway (P6 and P7 of table A3).

The steps before (P1 to P5) were carried out in the centre's own system; the journal here begins at P6. That
the applicant and the power of attorney exist (C1) is checked here again before anything is stored.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from translationstring import TranslationString, TranslationStringFactory

from egovdocs.casework.errors import Mistake, Problems, Refusal, WrongFile
from egovdocs.casework.office import Office
from egovdocs.casework.outcomes.replaced_licence import find_licence_problem
from egovdocs.casework.procedures import procedure_run
from egovdocs.casework.requests.attach_file import MAX_FILES, TOO_MANY, check_file
from egovdocs.casework.requests.media import clean_name
from egovdocs.casework.requests.register_request import accept_request, register_request
from egovdocs.casework.signatures.accept_signed import acceptance_record, require_valid_signature
from egovdocs.casework.signatures.check_certificate import find_request_signer_mismatch
from egovdocs.casework.transactions import exclusive_transaction
from egovdocs.casework.visitors.look_up_applicant import LookupResult, query_registers
from egovdocs.casework.visitors.receive_visitor import RECEIVING, services_received
from egovdocs.content import Account, Case, Entity, Person, Site, stage
from egovdocs.i18n import translate
from egovdocs.integrations.centres.hand_in_messages import Scan
from egovdocs.schemas import DocumentProblems, Problem, ServiceEdition, Text, recognise_document
from egovdocs.schemas.wording import NOT_ASKED
from egovdocs.signing import Holder

_ = TranslationStringFactory("egovdocs")

CHANNEL = "centre"
DONE_ELSEWHERE = _("The steps before this one were taken in the centre's own system.")
HAS_ERRORS = _("The request has errors.")
NO_OPERATOR = _(
    "No operator of a public service centre is known here by the IIN and BIN of this certificate. The "
    "operator who signs the request needs an account at this site."
)
OTHER_NAME = Text(
    "Государственный реестр знает обладателя этого номера под другим именем или наименованием.",
    "Мемлекеттік тізілімде осы нөмірдің иесі басқа атпен немесе атаумен көрсетілген.",
    "The state register has another name for this number.",
)
SYSTEM_FIELDS = {"service", "action", "channel", "reference", "language", "attachments", "papers"}


def hand_in_request(
    office: Office, site: Site, signed: bytes, scans: Collection[Scan], sent: datetime
) -> Case:
    """Register a request that an operator filled in and signed in the centre's own system.

    The same document gets one number, however often it is sent and whatever arrives at the same time.

    :param signed: the signed document, byte for byte.
    :param scans: the files it names.
    :param sent: when it was sent (P6).
    :raises Refusal: P4: there is no such applicant, or no such power of attorney in force.
    :raises TryLater: the registers do not answer, or there is no fresh revocation list.
    :raises Problems: something in the request is missing or wrong.
    :raises WrongFile: a file is missing, changed, not named, or of a type that is not accepted.
    :raises Mistake: the signature does not pass, or is not an operator's; or the reference is taken.
    """
    key = f"handed-in/{sha256(signed).hexdigest()}"
    if (known := site.idempotency.get(key)) is not None:
        done: Case = site.cases[known]
        return done
    report, signer = require_valid_signature(office, signed)
    service, values = _read(office, report.content or b"")
    operator = find_operator(site, signer)
    if operator is None:
        raise Mistake(NO_OPERATOR)
    if service not in services_received(office, operator, CHANNEL):
        raise Mistake(_("Requests for this service are not accepted through this channel."))
    if reason := find_request_signer_mismatch(office, service, values, signer):
        raise Mistake(reason)
    named = values["reception"]["name"]
    if _folded(named) not in map(_folded, (operator.name, signer.name)):
        raise Mistake(
            _("The request was entered by ${name}, but signed by somebody else.", mapping={"name": named})
        )
    case = _case(office, site, service, values, operator)
    if (same := _same(site, case, signed)) is not None:
        return same
    files = _files(office, case, values, scans)
    _check(office, site, case, service, values)
    with ExitStack() as until_kept:
        bodies = [(one, until_kept.enter_context(stage(data, site))) for one, data in files]
        with exclusive_transaction(site):
            if (same := _same(site, case, signed)) is not None:
                return same
            site.editions.use(service)
            site.cases.add(case)
            now = office.clock()
            for one, body in bodies:
                case.attach(one["kind"], one["name"], body, one["mediaType"], now)
            procedure_run(office, case).enter("send", min(sent, now), operator.login)
            accept_request(office, site, case, signed, acceptance_record(report))
            register_request(office, site, case)
            case.journal[0] = replace(case.journal[0], note=translate(DONE_ELSEWHERE, case.language))
            site.idempotency[key] = case.reference
    return case


def find_operator(site: Site, person: Holder) -> Account | None:
    """Return the account of the operator of a known centre to whom a certificate belongs."""
    if not (person.bin and person.iin):
        return None
    staff: Iterable[Account] = site.accounts.staff(person.bin)
    own = (each for each in staff if each.identifier == person.iin and RECEIVING[CHANNEL] in each.roles)
    return next(own, None)


def _read(office: Office, content: bytes) -> tuple[ServiceEdition, Mapping[str, Any]]:
    """Return the service and the values of a request that its schema and the service's rules accept.

    :raises Problems: they do not.
    :raises Mistake: it is not a request through this channel.
    """
    try:
        recognised = recognise_document(content, office.services)
        service = recognised.edition
        if recognised.name == "request" and service is not None:
            # A new request is made under the edition in force, even if another one would accept it.
            service = office.service(service.service_id)
            recognised = recognise_document(content, office.services, service.edition)
        if problems := recognised.document_type.problems(content):
            raise Problems(HAS_ERRORS, problems)
        values = recognised.document_type.read(content)
    except DocumentProblems as found:
        raise Problems(HAS_ERRORS, found.problems) from None
    if service is None or recognised.name != "request":
        raise Mistake(_("This is not a request for a service."))
    if values["channel"] != CHANNEL:
        raise Mistake(_("A centre's request must use the channel “centre”."))
    if problems := tuple(_out_of_place(service, values)):
        raise Problems(HAS_ERRORS, problems)
    return service, values


def _out_of_place(service: ServiceEdition, values: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield parts of the request for which the table has no step."""
    for name, does in (("payment", "payment"), ("representative", "powers")):
        if name in values and service.channels[CHANNEL].step_for(does) is None:
            yield Problem(name, NOT_ASKED.with_values(label=service.request.field(name).label))


def _case(
    office: Office, site: Site, service: ServiceEdition, values: Mapping[str, Any], operator: Account
) -> Case:
    """Return a new case for a request; it is not stored yet."""
    case = Case(
        service=service.service_id,
        edition=service.edition,
        action=values["action"],
        channel=CHANNEL,
        provider=service.provider.bin,
        applicant=values["applicant"]["identifier"],
        account=operator.login,
        created_at=office.clock(),
        language=values["language"],
        reference=values["reference"],
        received_by=operator.provider,
    )
    case.__parent__ = site.cases
    case.values.update({name: value for name, value in values.items() if name not in SYSTEM_FIELDS})
    case.papers = tuple(values.get("papers", {}).get("paper", ()))
    return case


def _same(site: Site, case: Case, signed: bytes) -> Case | None:
    """Return the case that this very document has created already.

    :raises Mistake: its reference belongs to another document.
    """
    known: Case | None = site.cases.get(case.reference)
    if known is None:
        return None
    request = known.documents.get("request")
    if request is not None and request.sha256 == sha256(signed).hexdigest():
        return known
    raise Mistake(
        _(
            "The reference of this request belongs to another document, which was handed in before. What was "
            "registered is not changed: give a new request a reference of its own."
        )
    )


def _files(
    office: Office, case: Case, values: Mapping[str, Any], scans: Collection[Scan]
) -> list[tuple[Mapping[str, Any], bytes]]:
    """Return each attachment named in the request with its file's bytes.

    :raises WrongFile: a file is missing or not named; it is not what the request states, or its type is not
        accepted.
    :raises Mistake: there are too many.
    """
    named = values.get("attachments", {}).get("attachment", [])
    if len(named) > MAX_FILES:
        raise Mistake(TOO_MANY)
    sent = {sha256(scan.data).hexdigest(): scan for scan in scans}
    files = []
    for one in named:
        scan = sent.get(one["sha256"])
        if scan is None:
            raise WrongFile(one["name"], _("It was not sent, or was changed: no file has its SHA-256."))
        try:
            found = check_file(office, case, one["kind"], scan.data)
        except Mistake as problem:
            raise WrongFile(one["name"], problem.message) from None
        stated = one["size"], one["mediaType"], one["name"]
        if stated != (len(scan.data), found, clean_name(one["name"], found)):
            raise WrongFile(one["name"], _("The request states another size, format or name than it has."))
        files.append((one, scan.data))
    for checksum in sent.keys() - {one["sha256"] for one in named}:
        raise WrongFile(sent[checksum].name, _("The request does not name this file."))
    return files


def _check(
    office: Office, site: Site, case: Case, service: ServiceEdition, values: Mapping[str, Any]
) -> None:
    """Check C1 again: the registers have the applicant, under this name, and the representative.

    :raises Refusal, TryLater: as :func:`hand_in_request`.
    :raises Problems: the names differ; or the licence to be replaced is not the applicant's.
    """
    found = query_registers(office, site, case)
    if isinstance(found, TranslationString):
        step = service.channels[CHANNEL].step_for("refuse-lookup")
        assert step is not None, "a table with a look-up has its refusal"
        raise Refusal(step.number, found)
    if problems := tuple(_other_names(service, values, found)):
        raise Problems(HAS_ERRORS, problems)
    if problem := find_licence_problem(office, case, case.values):
        raise Problems(HAS_ERRORS, (problem,))


def _other_names(
    service: ServiceEdition, values: Mapping[str, Any], found: LookupResult
) -> Iterator[Problem]:
    """Yield names that differ from the registers'. The outcome will bear the applicant's name."""
    parties = {"applicant": found.applicant, "representative": found.representative}
    for name, known in parties.items():
        if known is not None and _folded(values[name]["name"]) not in map(_folded, _names(known)):
            yield Problem(f"{name}/name", OTHER_NAME)


def _names(known: Person | Entity) -> tuple[str, ...]:
    return (known.full_name,) if isinstance(known, Person) else (known.name_ru, known.name_kk)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
