"""Look a visitor up in the state registers (P4, C2, P5 of table A2; P3, C1, P4 of A3 and B2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from translationstring import TranslationString, TranslationStringFactory

from egovdocs.casework.errors import Refusal, TryLater
from egovdocs.casework.office import Office
from egovdocs.casework.procedures import procedure_run
from egovdocs.casework.transactions import commit_and_begin
from egovdocs.content import Case, CaseState, Entity, Person, Site
from egovdocs.i18n import translate
from egovdocs.integrations.external_system_errors import ExternalSystemError
from egovdocs.integrations.state_registers.register_port import StateRegisters, user_message
from egovdocs.schemas import Field

_ = TranslationStringFactory("egovdocs")


@dataclass(frozen=True)
class LookupResult:
    """What the registers have on an applicant and on their representative."""

    applicant: Person | Entity
    representative: Person | None


def look_up_applicant(office: Office, site: Site, case: Case) -> Case:
    """Look the applicant up in the registers and put the register data into the request.

    It may take seconds, so nothing is changed before and no lock is held. A case that was looked up already
    stays as it is.

    :raises Refusal: there is no such applicant, or no such power of attorney in force; the case is closed.
    :raises TryLater: the registers give no usable answer; the case stays at this step.
    """
    if not procedure_run(office, case).is_at("lookup"):
        return case
    found = query_registers(office, site, case)
    now = office.clock()
    run = procedure_run(office, case)
    run.answer_condition("check-lookup", isinstance(found, LookupResult), now)
    if isinstance(found, TranslationString):
        step = run.carry_out("refuse-lookup", now, note=translate(found, case.language))
        case.state, case.closed_at = CaseState.CLOSED, now
        site.cases.reindex(case)
        commit_and_begin(site)
        raise Refusal(step, found)
    region = office.edition_of(case).request.field("applicant/address/region")
    case.values["applicant"] |= _said_of(found.applicant, case.language, region)
    case.looked_up = found.applicant
    if found.representative is not None:
        case.values["representative"] |= {"name": found.representative.full_name}
    run.enter("papers", now, case.account)
    commit_and_begin(site)
    return case


def query_registers(office: Office, site: Site, case: Case) -> LookupResult | TranslationString:
    """Return what the registers have on the applicant and the representative, or why it is not sufficient.

    It may take seconds.

    :raises TryLater: a register gives no usable answer.
    """
    try:
        return _ask(office, office.registers(site), case)
    except ExternalSystemError as problem:
        raise TryLater(user_message(problem)) from None


def _ask(office: Office, registers: StateRegisters, case: Case) -> LookupResult | TranslationString:
    """:raises ExternalSystemError: one of them gives no answer."""
    applicant: Person | Entity | None
    if case.values["applicant"]["kind"] == "natural":
        applicant = registers.person(case.applicant)
        if applicant is None:
            return _(
                "The persons register has nobody with this IIN. Check the number against the identity "
                "document."
            )
    else:
        applicant = registers.entity(case.applicant)
        if applicant is None:
            return _("The entities register has no organisation with this BIN. Check the number.")
    acting = case.values.get("representative")
    if acting is None:
        return LookupResult(applicant, None)
    representative = registers.person(acting["iin"])
    if representative is None:
        return _("The persons register has no representative with this IIN.")
    power = registers.power_of_attorney(acting["power"], case.applicant, acting["iin"])
    if power is None:
        return _(
            "The notary register has no such power of attorney of this applicant for this representative."
        )
    if not power.in_force(office.today()):
        return _("The power of attorney is not in force: it has expired or was revoked.")
    return LookupResult(applicant, representative)


def _said_of(applicant: Person | Entity, language: str, region: Field) -> dict[str, Any]:
    """Return name and address as they go into the request."""
    kazakh = language == "kk"
    if isinstance(applicant, Person):
        name = applicant.full_name
    else:
        name = applicant.name_kk if kazakh else applicant.name_ru
    text = applicant.address_kk if kazakh else applicant.address_ru
    return {"name": name, "address": dict(_parts_of(text, region))}


def _parts_of(address: str, region: Field) -> Iterator[tuple[str, str]]:
    """Yield the parts of a one-line register address, from region to flat, as the form has them.

    What is not recognised goes into the last part, to be corrected by the person who fills in the form.
    """
    parts = [part.strip() for part in address.split(",") if part.strip()]
    codes = {label[language]: code for code, label in region.choices for language in ("ru", "kk")}
    if parts and parts[0] in codes:
        yield "region", codes[parts.pop(0)]
        # In a district, the settlement follows the name of the district.
        places = 2 if parts and parts[0].endswith(("район", "ауданы")) else 1
        if len(parts) > places:
            yield "locality", ", ".join(parts[:places])
            del parts[:places]
    if parts:
        yield "street", ", ".join(parts)
