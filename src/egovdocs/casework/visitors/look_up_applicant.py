"""Looking a visitor up in the state's registers (P4, C2, P5 of table A2; P3, C1, P4 of A3 and B2)."""

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
    """What the registers know of an applicant and of who acts for them."""

    applicant: Person | Entity
    representative: Person | None


def look_up_applicant(office: Office, site: Site, case: Case) -> Case:
    """Ask the registers who the applicant is. What they know goes into the request.

    It may take seconds, so nothing is changed before and no lock is held. A case that was looked up already
    stays as it is.

    :raises Refusal: there is no such applicant, or no such power of attorney in force; the case ends.
    :raises TryLater: there is no answer that can be used; the case stays where it is, to be looked up again.
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
    """What the registers know of the applicant and of who acts for them, or why it is not enough.

    It may take seconds.

    :raises TryLater: one of them gives no answer that can be used.
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
                "The persons register knows nobody of this IIN. Check the number by the identity document."
            )
    else:
        applicant = registers.entity(case.applicant)
        if applicant is None:
            return _("The entities register knows no organisation of this BIN. Check the number.")
    acting = case.values.get("representative")
    if acting is None:
        return LookupResult(applicant, None)
    representative = registers.person(acting["iin"])
    if representative is None:
        return _("The persons register knows no representative of this IIN.")
    power = registers.power_of_attorney(acting["power"], case.applicant, acting["iin"])
    if power is None:
        return _(
            "The notary register knows no such power of attorney of this applicant for this representative."
        )
    if not power.in_force(office.today()):
        return _("The power of attorney is not in force: its time is over, or it was revoked.")
    return LookupResult(applicant, representative)


def _said_of(applicant: Person | Entity, language: str, region: Field) -> dict[str, Any]:
    """Name and address as they go into the request."""
    kazakh = language == "kk"
    if isinstance(applicant, Person):
        name = applicant.full_name
    else:
        name = applicant.name_kk if kazakh else applicant.name_ru
    text = applicant.address_kk if kazakh else applicant.address_ru
    return {"name": name, "address": dict(_parts_of(text, region))}


def _parts_of(address: str, region: Field) -> Iterator[tuple[str, str]]:
    """An address of the registers, one line from the region to the flat, in the parts that a form asks for.

    What is not recognised goes into the last part, for whoever fills in the form to put right.
    """
    parts = [part.strip() for part in address.split(",") if part.strip()]
    codes = {label[language]: code for code, label in region.choices for language in ("ru", "kk")}
    if parts and parts[0] in codes:
        yield "region", codes[parts.pop(0)]
        # A district is named with the settlement in it.
        places = 2 if parts and parts[0].endswith(("район", "ауданы")) else 1
        if len(parts) > places:
            yield "locality", ", ".join(parts[:places])
            del parts[:places]
    if parts:
        yield "street", ", ".join(parts)
