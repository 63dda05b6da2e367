"""Carry a draft to the edition of its service that has come into force since it was begun.

What was filled in stays where the new edition has a place for it, under its present codes. A draft whose fee
is being paid, or is paid, stays in the edition it was begun under, whose fee that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from translationstring import TranslationStringFactory

from egovdocs.casework.errors import Mistake
from egovdocs.casework.office import Office
from egovdocs.casework.requests.draft_request import find_problems
from egovdocs.casework.transactions import exclusive_transaction
from egovdocs.content import Case, CaseState, JournalEntry, Site
from egovdocs.schemas import (
    Field,
    NotInForce,
    Procedure,
    ServiceEdition,
    Text,
    rename_values,
    renamings,
)
from egovdocs.schemas.identifiers import kind_of

_ = TranslationStringFactory("egovdocs")

RULES_CHANGED = _(
    "The rules of this service have changed since you began. Open the request again: it tells you what has "
    "to be answered now."
)


def edition_to_carry_to(office: Office, case: Case) -> ServiceEdition | None:
    """Return the edition that a draft has to be carried to; None if it is in force, or keeps its own."""
    if case.state is not CaseState.DRAFT:
        return None
    try:
        in_force = office.services[case.service].in_force(office.today())
    except NotInForce:
        return None
    return in_force if in_force.in_force_from > office.edition_of(case).in_force_from else None


def check_current(office: Office, case: Case) -> None:
    """Check that a draft follows the rules of the day, before it is paid for, signed or registered.

    :raises Mistake: it has to be carried to another edition before.
    """
    if edition_to_carry_to(office, case) is not None:
        raise Mistake(RULES_CHANGED)


def carry_draft(office: Office, site: Site, case: Case) -> bool:
    """Carry a draft to the edition in force.

    :returns: False if the service does not offer any more what the draft requests. Then it stays as it is,
        and can't be sent.
    """
    edition = edition_to_carry_to(office, case)
    if edition is None:
        return True
    if not _is_offered(office, case, edition):
        return False
    with exclusive_transaction(site):
        edition = edition_to_carry_to(office, case)
        if edition is not None:
            _carry(office, site, case, edition)
    return True


def questions_to_answer(office: Office, case: Case) -> list[Text]:
    """Return the labels of what has to be answered because of the rules that a draft was carried to."""
    document_type = office.edition_of(case).request
    kinds = {kind.code: kind.title for kind in office.edition_of(case).attachments}
    labels = []
    for problem in find_problems(office, case):
        if problem.path in case.to_answer:
            where, _slash, code = problem.path.partition("/")
            attached = where in ("attachments", "papers") and code in kinds
            labels.append(kinds[code] if attached else document_type.field(problem.path).label)
    return list(dict.fromkeys(labels))


def _is_offered(office: Office, case: Case, edition: ServiceEdition) -> bool:
    return (
        _action(office, case, edition) in edition.actions
        and case.channel in edition.channels
        and kind_of(case.applicant) in edition.applicants
    )


def _action(office: Office, case: Case, edition: ServiceEdition) -> str:
    return _names(office, case, edition).get("actions", {}).get(case.action, case.action)


def _names(office: Office, case: Case, edition: ServiceEdition) -> Mapping[str, Mapping[str, str]]:
    return renamings(office.services[case.service], office.edition_of(case), edition)


def _carry(office: Office, site: Site, case: Case, edition: ServiceEdition) -> None:
    former, names = office.edition_of(case), _names(office, case, edition)
    lacking = {problem.path for problem in find_problems(office, case)}
    steps = _step_numbers(former.channels[case.channel], edition.channels[case.channel])
    journal = list(_renumbered(case.journal, steps, edition.channels[case.channel]))
    case.action = _action(office, case, edition)
    case.values.update(rename_values(case.values, former.request.fields, names))
    for name, value in list(case.values.items()):
        fitting = _fitting(value, edition.request.fields, name)
        if fitting is None:
            del case.values[name]
        else:
            case.values[name] = fitting
    _carry_files(case, edition, names.get("attachments", {}))
    case.begun_under = case.begun_under or case.edition
    case.edition, case.provider = edition.edition, edition.provider.bin
    case.journal[:] = journal
    found = {problem.path for problem in find_problems(office, case)}
    still = {path for path in case.to_answer if path in found}
    case.to_answer = tuple(sorted(still | (found - lacking)))
    site.editions.use(edition)
    site.cases.reindex(case)


def _carry_files(case: Case, edition: ServiceEdition, names: Mapping[str, str]) -> None:
    """Keep the files of kinds that the edition still requests."""
    kinds = {kind.code for kind in edition.attachments_for(case.action, case.channel)}
    for attachment in list(case.attachments):
        attachment.kind = names.get(attachment.kind, attachment.kind)
        if attachment.kind not in kinds:
            case.attachments.remove(attachment)
    papers = (names.get(code, code) for code in case.papers)
    case.papers = tuple(code for code in papers if code in kinds)


def _fitting(value: Any, fields: Iterable[Field], name: str) -> Any:
    """Return the part of a value that the fields have a place for: no unknown field, no unknown code."""
    field = next((one for one in fields if one.name == name), None)
    if field is None:
        return None
    if isinstance(value, list | tuple):
        fitting = [_fitting(each, [field], name) for each in value]
        return [each for each in fitting if each is not None]
    if isinstance(value, Mapping):
        parts = {child: _fitting(one, field.children, child) for child, one in value.items()}
        return {child: part for child, part in parts.items() if part is not None}
    if field.choices and isinstance(value, str) and field.choice(value) is None:
        return None
    return value


def _step_numbers(former: Procedure, procedure: Procedure) -> Mapping[str, str]:
    """Return the numbers of the steps of one table by those that do the same in the former one."""
    numbers = {}
    for step in former.steps.values():
        same = (procedure.step_for(does) for does in step.does)
        found = next((each for each in same if each is not None), None)
        if found is not None:
            numbers[step.number] = found.number
    return numbers


def _renumbered(
    journal: Iterable[JournalEntry], numbers: Mapping[str, str], procedure: Procedure
) -> Iterator[JournalEntry]:
    """Yield the entries of a draft's journal in the numbers of another table.

    Entries of steps that have no counterpart are left out: what was done then is not required any more.
    """
    for entry in journal:
        number = numbers.get(entry.step)
        if number is not None:
            yield replace(entry, step=number, unit=procedure.steps[number].unit)
