"""The licence that a request for a reissue or a duplicate names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from translationstring import TranslationStringFactory

from egovdocs.casework.office import Office
from egovdocs.casework.signatures.read_document import read_document
from egovdocs.content import Case, Licence, Site
from egovdocs.schemas import (
    LANGUAGES,
    Field,
    Problem,
    ServiceEdition,
    Text,
    codes_in,
    rename_codes,
    renamings,
)

_ = TranslationStringFactory("egovdocs")

NOT_YOURS = Text(
    "В реестре нет такой действующей лицензии на имя заявителя.",
    "Тізілімде өтініш берушінің атына берілген мұндай қолданыстағы лицензия жоқ.",
    "The register has no such licence of the applicant's in force.",
)
OUTDATED = Text(
    "Лицензия называет то, чего действующие правила больше не знают: {codes}. "
    "Подайте запрос на переоформление.",
    "Лицензияда қолданыстағы қағидаларда жоқ мәліметтер бар: {codes}. Қайта ресімдеуге сұрау салу беріңіз.",
    "The licence names what the present rules no longer know: {codes}. Request a reissue.",
)
LICENCE_GONE = _("The licence named in the request is not the applicant's or no longer in force.")


def replaced_licence(site: Site, service: ServiceEdition, values: Mapping[str, Any]) -> Licence | None:
    """Return the licence that a request names, if the register has it."""
    field = _naming_field(service, values)
    return None if field is None else site.licences.get(str(field.value_in(values)))


def find_licence_problem(office: Office, case: Case, values: Mapping[str, Any]) -> Problem | None:
    """Return what is wrong with the licence that a request names, or None.

    It is not there, not the applicant's or not in force; or it names what the case's edition has no code for
    and does not ask for anew.
    """
    service = office.edition_of(case)
    field = _naming_field(service, values)
    if field is None:
        return None
    licence = replaced_licence(site_of(case), service, values)
    if licence is None or licence.holder != case.applicant or not _may_be_replaced(licence, office.today()):
        return Problem(field.path, NOT_YOURS)
    if lost := _lost_codes(office, case, licence, values):
        return Problem(field.path, _outdated(lost))
    return None


def former_outcome(office: Office, case: Case, licence: Licence) -> bytes:
    """Return the signed content of the licence that a case replaces, in the codes of the case's edition."""
    made_under, edition = office.edition_of(licence), office.edition_of(case)
    content = read_document(site_of(case).cases[licence.case], licence.document)
    if made_under is edition:
        return content
    names = renamings(office.services[case.service], made_under, edition)
    return rename_codes(content, made_under.outcome, names)


def first_issued_on(site: Site, licence: Licence) -> date:
    """Return the day on which the first of a series of licences, each replacing the former, was issued."""
    while licence.replaces is not None and licence.replaces in site.licences:
        licence = site.licences[licence.replaces]
    return licence.issued_on


def site_of(case: Case) -> Site:
    """Return the site of a case."""
    site: Site = case.__parent__.__parent__
    return site


def _lost_codes(office: Office, case: Case, licence: Licence, values: Mapping[str, Any]) -> list[Text]:
    """Return the titles of what a licence names and the case's edition neither knows nor asks for anew."""
    made_under, edition = office.edition_of(licence), office.edition_of(case)
    if made_under is edition:
        return []
    document = read_document(site_of(case).cases[licence.case], licence.document)
    content = made_under.outcome.read(document)
    names = renamings(office.services[case.service], made_under, edition)
    asked = {
        field.type_name
        for page in edition.request.pages({"action": case.action, **values})
        for field in page.walk()
        if field.asked and field.choices
    }
    known: dict[str, set[str]] = {}
    for field in edition.outcome.walk():
        known.setdefault(field.type_name, set()).update(code for code, _label in field.choices)
    lost = []
    for field, code in codes_in(content, made_under.outcome.fields):
        if field.type_name in asked or field.type_name not in known:
            continue
        if names.get(field.type_name, {}).get(code, code) not in known[field.type_name]:
            lost.append(field.choice(code) or Text(code, code, code))
    return list(dict.fromkeys(lost))


def _outdated(lost: Sequence[Text]) -> Text:
    joined = {language: ", ".join(dict.fromkeys(each[language] for each in lost)) for language in LANGUAGES}
    return OUTDATED.with_values(codes=Text(**joined))


def _may_be_replaced(licence: Licence, day: date) -> bool:
    """Return whether a licence is in force and no order on it takes effect later."""
    return licence.in_force(day) and licence.events[-1].on <= day


def _naming_field(service: ServiceEdition, values: Mapping[str, Any]) -> Field | None:
    """Return the request's field that names a licence, if it is filled in."""
    naming = (field for field in service.request.walk() if field.check == "licence-number")
    return next((field for field in naming if field.value_in(values)), None)
