"""The licence that a request for a reissue or a duplicate is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from translationstring import TranslationStringFactory

from egovdocs.casework.office import Office
from egovdocs.casework.signatures.read_document import read_document
from egovdocs.content import Case, Licence, Site
from egovdocs.schemas import Field, Problem, Service, Text

_ = TranslationStringFactory("egovdocs")

NOT_YOURS = Text(
    "В реестре нет такой действующей лицензии на имя заявителя.",
    "Тізілімде өтініш берушінің атына берілген мұндай қолданыстағы лицензия жоқ.",
    "The register has no such licence of the applicant's in force.",
)
LICENCE_GONE = _("The licence named in the request is not the applicant's or no longer in force.")


def replaced_licence(site: Site, service: Service, values: Mapping[str, Any]) -> Licence | None:
    """The licence a request names, if it names one that is in the register."""
    field = _naming_field(service, values)
    return None if field is None else site.licences.get(str(field.value_in(values)))


def find_licence_problem(office: Office, case: Case, values: Mapping[str, Any]) -> Problem | None:
    """What is wrong with the licence named: not there, not the applicant's, or not in force; or None."""
    service = office.service(case.service)
    field = _naming_field(service, values)
    if field is None:
        return None
    licence = replaced_licence(site_of(case), service, values)
    if licence is not None and licence.holder == case.applicant and _may_be_replaced(licence, office.today()):
        return None
    return Problem(field.path, NOT_YOURS)


def licence_document(site: Site, licence: Licence) -> bytes:
    """What the signature of a licence's document covers."""
    return read_document(site.cases[licence.case], licence.document)


def first_issued_on(site: Site, licence: Licence) -> date:
    """The day the first of the licences was issued that one after another took each other's place."""
    while licence.replaces is not None and licence.replaces in site.licences:
        licence = site.licences[licence.replaces]
    return licence.issued_on


def site_of(case: Case) -> Site:
    """The site a case stands in."""
    site: Site = case.__parent__.__parent__
    return site


def _may_be_replaced(licence: Licence, day: date) -> bool:
    """Is it in force, and no order on it that takes effect later?"""
    return licence.in_force(day) and licence.events[-1].on <= day


def _naming_field(service: Service, values: Mapping[str, Any]) -> Field | None:
    """The request's field for the number of a licence, where it is filled in."""
    naming = (field for field in service.request.walk() if field.check == "licence-number")
    return next((field for field in naming if field.value_in(values)), None)
