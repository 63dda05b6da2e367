"""The kinds of signed documents, one entry each.

To add a kind: an XSD among the common schemas, and an entry here. Signing, examination and the signing page
look everything else up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from translationstring import TranslationString, TranslationStringFactory

from egovdocs.casework.accounts.register_applicant import check_newcomer, register_applicant
from egovdocs.casework.office import Office
from egovdocs.casework.outcomes.issue_outcome import check_signatory, issue_outcome
from egovdocs.casework.outcomes.order_licence import check_order, issue_order
from egovdocs.casework.requests.submit_request import accept_signed_request, check_request_certificate
from egovdocs.casework.requests.withdraw_request import accept_withdrawal
from egovdocs.casework.review.remark_case import accept_answer, check_applicant
from egovdocs.casework.signatures.check_certificate import (
    find_applicant_mismatch,
    find_provider_mismatch,
    find_request_signer_mismatch,
    is_site_seal,
)
from egovdocs.casework.signatures.document_kind import DocumentKind, SigningRules, TextAt
from egovdocs.content import Account, Case, Licence, Signing, Site
from egovdocs.schemas import ServiceEdition
from egovdocs.signing import Holder

_ = TranslationStringFactory("egovdocs")


def _find_seal_problem(
    office: Office, service: ServiceEdition | None, values: Mapping[str, Any], signer: Holder
) -> TranslationString | None:
    if is_site_seal(office, signer):
        return None
    return _("Such a document is signed by the site's seal, and this one is not.")


def _find_applicant_problem(
    office: Office, service: ServiceEdition | None, values: Mapping[str, Any], signer: Holder
) -> TranslationString | None:
    """What an officer or operator entered for the applicant is sealed."""
    if "enteredBy" in values:
        return _find_seal_problem(office, service, values, signer)
    return find_applicant_mismatch(signer, values["applicant"])


def _find_request_problem(
    office: Office, service: ServiceEdition | None, values: Mapping[str, Any], signer: Holder
) -> TranslationString | None:
    assert service is not None, "a request names its service"
    return find_request_signer_mismatch(office, service, values, signer)


def _find_provider_problem(
    office: Office, service: ServiceEdition | None, values: Mapping[str, Any], signer: Holder
) -> TranslationString | None:
    assert service is not None, "a provider's document names its service"
    return find_provider_mismatch(signer, service.provider.bin)


def _case_named(site: Site, text: TextAt) -> Case | None:
    """The case whose request a document names."""
    return site.cases.by_number(text("request/number"))


def _find_case(site: Site, reference: str) -> Case:
    return site.cases[reference]


def _applicants_page(subject: Signing | Case) -> str:
    return f"/cases/{subject.case if isinstance(subject, Signing) else subject.reference}"


def _providers_page(subject: Signing | Case) -> str:
    return f"/provider/cases/{subject.case if isinstance(subject, Signing) else subject.reference}"


def _licence_page(subject: Signing | Licence) -> str:
    return f"/provider/licences/{subject.licence if isinstance(subject, Signing) else subject.number}"


def _find_account(site: Site, login: str) -> Account:
    return site.accounts[login]


def _find_licence(site: Site, number: str) -> Licence:
    return site.licences[number]


_ENTRIES = (
    DocumentKind(
        name="registration",
        roots=("challenge",),
        names_service=False,
        signing=SigningRules(
            check_certificate=check_newcomer,
            accept=register_applicant,
            find_result=_find_account,
            heading=_("Register with your certificate"),
            introduction=_(
                "By signing this short text you show that the certificate is yours. Your IIN or BIN and your "
                "name are taken from it."
            ),
            done=_("Your account is open. You are logged in."),
            start_path=lambda signing: "/register",
            next_path=lambda account: "/account",
            logs_in=True,
        ),
    ),
    DocumentKind(
        name="request",
        roots=("request",),
        find_signer_problem=_find_request_problem,
        locate=lambda site, text: (site.cases.get(text("reference")), "request"),
        signing=SigningRules(
            check_certificate=check_request_certificate,
            accept=accept_signed_request,
            find_result=_find_case,
            stored_kinds=frozenset({"request"}),
            heading=_("Sign your request"),
            start_path=_applicants_page,
            next_path=_applicants_page,
        ),
    ),
    DocumentKind(
        name="receipt",
        roots=("receipt",),
        find_signer_problem=_find_seal_problem,
        locate=lambda site, text: (site.cases.by_number(text("number")), "receipt"),
    ),
    DocumentKind(
        name="remark",
        roots=("remark",),
        find_signer_problem=_find_seal_problem,
        locate=lambda site, text: (_case_named(site, text), f"remark-{text('ordinal')}"),
    ),
    DocumentKind(
        name="answer",
        roots=("answer",),
        find_signer_problem=_find_applicant_problem,
        locate=lambda site, text: (_case_named(site, text), f"answer-{text('remark/ordinal')}"),
        signing=SigningRules(
            check_certificate=check_applicant,
            accept=accept_answer,
            find_result=_find_case,
            heading=_("Sign your answer"),
            done=_("Your answer is signed and has reached the provider."),
            start_path=_applicants_page,
            next_path=_applicants_page,
        ),
    ),
    DocumentKind(
        name="withdrawal",
        roots=("withdrawal",),
        find_signer_problem=_find_applicant_problem,
        locate=lambda site, text: (_case_named(site, text), "withdrawal"),
        signing=SigningRules(
            check_certificate=check_applicant,
            accept=accept_withdrawal,
            find_result=_find_case,
            stored_kinds=frozenset({"withdrawal"}),
            heading=_("Sign the withdrawal"),
            done=_("Your request is withdrawn."),
            start_path=_applicants_page,
            next_path=_applicants_page,
        ),
    ),
    DocumentKind(
        name="outcome",
        roots=("licence", "certificate"),
        find_signer_problem=_find_provider_problem,
        locate=lambda site, text: (_case_named(site, text), "outcome"),
        grants=True,
        signing=SigningRules(
            check_certificate=check_signatory,
            accept=issue_outcome,
            find_result=_find_case,
            stored_kinds=frozenset({"outcome", "refusal"}),
            heading=_("Sign the decision"),
            done=_("The decision is signed and has reached the applicant."),
            start_path=_providers_page,
            next_path=_providers_page,
        ),
    ),
    DocumentKind(  # signed as an outcome is: the decision determines which of the two it is
        name="refusal",
        roots=("refusal",),
        find_signer_problem=_find_provider_problem,
        locate=lambda site, text: (_case_named(site, text), "refusal"),
    ),
    DocumentKind(
        name="order",
        roots=("order",),
        find_signer_problem=_find_provider_problem,
        locate=lambda site, text: (site.licences.get(text("licence/number")), text("number")),
        signing=SigningRules(
            check_certificate=check_order,
            accept=issue_order,
            find_result=_find_licence,
            heading=_("Sign the order"),
            done=_("The order is signed and entered in the register."),
            start_path=_licence_page,
            next_path=_licence_page,
        ),
    ),
    DocumentKind(
        name="report", roots=("report",), find_signer_problem=_find_seal_problem, names_service=False
    ),
)

KINDS: dict[str, DocumentKind] = {kind.name: kind for kind in _ENTRIES}
"""The kinds of signed documents by name."""


def signing_rules(signing: Signing) -> SigningRules:
    """Return how an offered document is signed."""
    rules = KINDS[signing.purpose].signing
    assert rules is not None, "only what a person signs is offered"
    return rules


def kind_of_root(name: str) -> DocumentKind | None:
    """Return the kind of document whose root element has a local name; None if there is no such kind."""
    return next((kind for kind in KINDS.values() if name in kind.roots), None)
