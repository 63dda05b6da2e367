"""A kind of signed document is one entry: a made-up one is offered, signed, stored, found and examined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from cryptography import x509
from tests.worlds import CaseWorld
from translationstring import TranslationString

from egovdocs.casework.errors import Mistake
from egovdocs.casework.office import Office
from egovdocs.casework.signatures.accept_signed import accept_signed, acceptance_record
from egovdocs.casework.signatures.check_certificate import find_applicant_mismatch
from egovdocs.casework.signatures.document_kind import DocumentKind, SigningRules
from egovdocs.casework.signatures.kinds import KINDS, kind_of_root
from egovdocs.casework.signatures.offer_signing import offer, offered_case, offered_to
from egovdocs.casework.signatures.sign_document import is_signed, upload_signed
from egovdocs.casework.signatures.store_document import store_document
from egovdocs.casework.transactions import exclusive_transaction
from egovdocs.casework.verification.examine_document import Verdict, examine_document
from egovdocs.content import Case, Signing, Site
from egovdocs.signing import Holder, holder

NOT_YOURS = TranslationString("The consent is another person's.")


def check_certificate(
    office: Office, site: Site, signing: Signing, certificate: x509.Certificate, chain: Sequence[Any]
) -> None:
    if find_applicant_mismatch(holder(certificate), offered_to(site, signing).login):
        raise Mistake(NOT_YOURS)


def accept(office: Office, site: Site, signing: Signing, signed: bytes) -> Case:
    case = offered_case(site, signing)
    report, _signer = accept_signed(office, signed, signing.document)
    with exclusive_transaction(site):
        store_document(office, site, case, "consent", signed, acceptance_record(report))
        site.idempotency[signing.token] = case.reference
    return case


def find_signer_problem(
    office: Office, service: object, values: Mapping[str, Any], signer: Holder
) -> TranslationString | None:
    return None if signer.iin == "680503250034" else NOT_YOURS


@pytest.fixture
def consent(world: CaseWorld, monkeypatch: pytest.MonkeyPatch) -> Case:
    """A case, and a kind of document of cases, in the form of a challenge."""
    case = world.draft(world.register(world.keys.applicant))
    kind = DocumentKind(
        name="consent",
        roots=("challenge",),
        names_service=False,
        find_signer_problem=find_signer_problem,
        locate=lambda site, text: (site.cases.get(text("nonce")), "consent"),
        signing=SigningRules(
            check_certificate=check_certificate,
            accept=accept,
            find_result=lambda site, name: site.cases[name],
            stored_kinds=frozenset({"consent"}),
            heading=TranslationString("Sign your consent"),
            start_path=lambda signing: "/",
            next_path=lambda case: "/",
        ),
    )
    monkeypatch.delitem(KINDS, "registration")
    monkeypatch.setitem(KINDS, kind.name, kind)
    return case


def offer_consent(world: CaseWorld, case: Case) -> Signing:
    challenge = (
        '<chl:challenge xmlns:chl="urn:egovdocs:challenge:1"><chl:site>https://portal.example</chl:site>'
        f"<chl:purpose>registration</chl:purpose><chl:nonce>{case.reference}</chl:nonce>"
        "<chl:issuedAt>2026-06-01T10:00:00Z</chl:issuedAt><chl:expiresAt>2026-06-01T11:00:00Z</chl:expiresAt>"
        "</chl:challenge>"
    )
    owner = world.site.accounts[case.account]
    signing = offer(
        world.office, world.site, purpose="consent", document=challenge.encode(), owner=owner, case=case
    )
    world.tick()
    return signing


def test_a_made_up_kind_goes_through_signing(world: CaseWorld, consent: Case) -> None:
    first, second = offer_consent(world, consent), offer_consent(world, consent)
    assert not is_signed(world.site, first)
    with pytest.raises(Mistake, match="another person's"):
        world.sign(first, world.keys.another)
    assert world.sign(first, world.keys.applicant) is consent
    stored = consent.documents["consent"].data
    assert is_signed(world.site, first)
    assert is_signed(world.site, second)
    again = world.signed(first.document, world.keys.applicant)
    assert upload_signed(world.office, world.site, first, again) is consent
    assert consent.documents["consent"].data == stored


def test_a_made_up_kind_is_examined(world: CaseWorld, consent: Case) -> None:
    signing = offer_consent(world, consent)
    signed = world.signed(signing.document, world.keys.applicant)
    strangers = world.signed(signing.document, world.keys.another)

    def examine(document: bytes) -> tuple[Verdict, str | None]:
        finding = examine_document(world.office, world.site, document)
        return finding.verdict, finding.reason and str(finding.reason)

    assert examine(signed) == (
        Verdict.NOT_OURS,
        "The signature is good, but this site keeps no such document.",
    )
    upload_signed(world.office, world.site, signing, signed)
    assert examine(signed) == (Verdict.GENUINE, None)
    assert examine(strangers) == (Verdict.NOT_OURS, str(NOT_YOURS))


def test_every_kind_has_a_name_and_roots_of_its_own() -> None:
    roots = [root for kind in KINDS.values() for root in kind.roots]
    assert len(roots) == len(set(roots))
    assert all(name == kind.name for name, kind in KINDS.items())
    assert kind_of_root("certificate") is KINDS["outcome"]
    assert kind_of_root("decision") is None
