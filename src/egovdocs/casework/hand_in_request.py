"""Taking a request that a centre's own system made and its operator signed (P6 of table A3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from translationstring import TranslationStringFactory

from egovdocs.casework.accept_signed import NotAccepted, accept_unseen, acceptance
from egovdocs.casework.check_certificate import not_the_staffs
from egovdocs.casework.errors import Mistake, Problems
from egovdocs.casework.look_up_applicant import look_up_applicant
from egovdocs.casework.media import media_type
from egovdocs.casework.office import Office, alone, keep
from egovdocs.casework.procedures import walk_of
from egovdocs.casework.read_document import read_document
from egovdocs.casework.replaced_licence import LICENCE_GONE, find_licence_problem
from egovdocs.casework.submit_request import ALREADY, register_request
from egovdocs.content import Account, Case, CaseState, Site
from egovdocs.schemas import DocumentProblems, Service, document_type_of
from egovdocs.signing import Holder

_ = TranslationStringFactory("egovdocs")

CENTRE = "centre"
KEPT_ELSEWHERE = frozenset(
    {"service", "action", "channel", "reference", "language", "payment", "attachments", "papers"}
)


@dataclass(frozen=True)
class _Request:
    """What a signed request says, and of which service it is."""

    service: Service
    values: dict[str, Any]


def hand_in_request(office: Office, site: Site, signed: bytes, files: Iterable[bytes], key: str) -> Case:
    """Register a request that no draft here was made of: the document is all there is.

    The registers are asked as for one who stands before our own operator (P3). The same request handed in
    again goes on where it was, or gives the number it has.

    :param signed: the request, signed by an operator who has an account here.
    :param files: the attached files that the request names by checksum, in any order.
    :param key: the idempotency key of this submission.
    :raises Mistake: the signature does not pass, or its signer may not; a file is missing or another one; or
        a register gives no answer now.
    :raises Problems: the request is not as its schema and its service want.
    :raises Refusal: the registers know no such applicant, or no such power of attorney (P4).
    """
    if (done := site.idempotency.get(key)) is not None:
        case: Case = site["cases"][done]
        return case
    try:
        report, signer = accept_unseen(office, signed)
    except NotAccepted as problem:
        raise Mistake(problem.reason) from None
    assert report.content is not None, "a signature that passes covers something"
    request = _read(office, report.content)
    operator = _operator(site, signer)
    if request.values["reception"] != _reception(operator):
        raise Mistake(_("The request names another operator, or another centre, than its signature."))
    attached = list(_attached(office, request.values, files))
    case = _case(office, site, request, operator)
    if case.number is not None:
        if read_document(case, "request") != report.content:
            raise Mistake(ALREADY)
        return case
    look_up_applicant(office, site, case)
    known = str(case.values["applicant"]["name"])
    if known.casefold() != str(request.values["applicant"]["name"]).casefold():
        raise Mistake(_("The applicant's name is not the one that the state's register has."))
    case.attachments.clear()
    for named, data in attached:
        case.attach(named["kind"], named["name"], data, named["mediaType"], office.clock())
    keep(case)
    with alone(site):
        if case.number is None:
            case.values.update({n: v for n, v in request.values.items() if n not in KEPT_ELSEWHERE})
            case.papers = tuple(request.values.get("papers", {}).get("paper", ()))
            if find_licence_problem(office, case, case.values):
                raise Mistake(LICENCE_GONE)
            register_request(office, site, case, signed, acceptance(report))
        site.idempotency[key] = case.reference
    return case


def _read(office: Office, content: bytes) -> _Request:
    """:raises Problems: it is no request that a centre may hand in, or not as it should be."""
    try:
        document_type = document_type_of(content, office.services)
        values = document_type.read(content)
    except DocumentProblems as found:
        raise Problems(_("This is no request of a service that is provided here."), found.problems) from None
    service = office.services.get(str(values.get("service")))
    if service is None or document_type is not service.request or values["channel"] != CENTRE:
        raise Mistake(_("This is no request that a public service centre may hand in."))
    if problems := document_type.problems(content):
        raise Problems(_("Some answers are missing or wrong."), problems)
    return _Request(service, values)


def _operator(site: Site, signer: Holder) -> Account:
    """The account of who signed: an operator of the centre in the certificate."""
    for account in site["accounts"].staff(signer.bin or ""):
        if account.identifier and "operator" in account.roles and not not_the_staffs(signer, account):
            operator: Account = account
            return operator
    raise Mistake(_("Who signed is not an operator of a centre that is known here."))


def _reception(operator: Account) -> dict[str, Any]:
    return {"name": operator.name, "bin": operator.provider, "organisation": operator.organisation}


def _attached(
    office: Office, values: Mapping[str, Any], files: Iterable[bytes]
) -> Iterable[tuple[Mapping[str, Any], bytes]]:
    """Each attachment that the request names, with its file.

    :raises Mistake: a file is missing, nobody asked for it, or it is not what the request says.
    """
    sent = {sha256(file).hexdigest(): file for file in files}
    unnamed = set(sent)
    for named in values.get("attachments", {}).get("attachment", ()):
        file = sent.get(named["sha256"])
        if file is None:
            raise Mistake(_("The file ${name} is missing, or changed.", mapping={"name": named["name"]}))
        if len(file) != named["size"] or media_type(file) != named["mediaType"]:
            raise Mistake(_("The file ${name} is not as the request says.", mapping={"name": named["name"]}))
        if len(file) > office.max_file_bytes:
            raise Mistake(_("The file ${name} is too large.", mapping={"name": named["name"]}))
        unnamed.discard(named["sha256"])
        yield named, file
    if unnamed:
        raise Mistake(_("There are files that the request does not name."))


def _case(office: Office, site: Site, request: _Request, operator: Account) -> Case:
    """The case of a request, opened when it comes for the first time; then it waits to be looked up."""
    values = request.values
    case: Case | None = site["cases"].get(values["reference"])
    if case is not None:
        if (case.account, case.channel, case.applicant, case.state is CaseState.CLOSED) != (
            operator.login,
            CENTRE,
            values["applicant"]["identifier"],
            False,
        ):
            raise Mistake(_("This reference belongs to another request."))
        return case
    assert operator.provider is not None, "an operator works for a centre"
    case = Case(
        service=request.service.id,
        action=values["action"],
        channel=CENTRE,
        provider=request.service.provider.bin,
        applicant=values["applicant"]["identifier"],
        account=operator.login,
        created_at=office.clock(),
        language=values["language"],
        reference=values["reference"],
        received_by=operator.provider,
    )
    for part in ("applicant", "representative", "reception"):
        if part in values:
            case.values[part] = dict(values[part])
    walk = walk_of(office, case)
    walk.enter("form", office.clock(), operator.login)
    walk.enter("lookup", office.clock())
    with alone(site):
        site["cases"].add(case)
    return case
