"""A signatory signs many decisions in one go, each by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.factories import certificates
from tests.worlds import CaseWorld

from egovdocs.casework.errors import Decided, Mistake
from egovdocs.casework.outcomes.decide_case import refuse_case, return_case
from egovdocs.casework.requests.withdraw_request import offer_withdrawal
from egovdocs.casework.review.review_case import claim_case
from egovdocs.casework.signatures.sign_document import complete_signing, prepare_signing
from egovdocs.casework.signatures.sign_many import offer_outcomes, signings_of, upload_many
from egovdocs.content import Account, Case, CaseState, SigningBatch

Decide = Callable[..., list[Case]]


@pytest.fixture
def decide(world: CaseWorld, officer: Account) -> Decide:
    """Decides so many requests of one applicant, every third of them refused."""

    def decide(count: int) -> list[Case]:
        account = world.register(world.keys.applicant)
        office, site, cases = world.office, world.site, []
        for number in range(count):
            case = world.draft(account)
            world.pay(case)
            world.submit(case, world.keys.applicant)
            claim_case(office, site, case, officer)
            if number % 3 == 2:
                world.commit()
                refuse_case(office, site, case, officer, ["requirements-not-met"], "Нет врача.")
            else:
                world.grant(case, officer)
            cases.append(case)
        return cases

    return decide


def offered(world: CaseWorld, cases: list[Case], signatory: Account) -> SigningBatch:
    batch = offer_outcomes(world.office, world.site, cases, signatory)
    world.commit()
    return batch


def test_fifty_are_signed_one_after_the_other(world: CaseWorld, decide: Decide, signatory: Account) -> None:
    cases = decide(50)
    batch = offered(world, cases, signatory)
    key = world.keys.signatory
    certificate, *chain = certificates(key)
    infos = set()
    for signing in signings_of(world.site, batch):
        prepared = prepare_signing(world.office, world.site, signing, certificate, chain)
        infos.add(prepared.signed_info)
        world.commit()
        value = key.signer.sign(prepared.signed_info)
        complete_signing(world.office, world.site, signing, value)
    assert len(infos) == 50
    assert [case.state for case in cases] == [CaseState.ISSUED, CaseState.ISSUED, CaseState.REFUSED] * 16 + [
        CaseState.ISSUED,
        CaseState.ISSUED,
    ]
    assert len({case.licence for case in cases if case.licence}) == 34
    assert len({case.documents.get("outcome", case.documents.get("refusal")).sha256 for case in cases}) == 50
    assert list(world.site["cases"].queue(cases[0].provider)) == []
    assert world.site.index_differences() == []


def test_what_comes_back_from_another_program_is_known_by_its_content(
    world: CaseWorld, decide: Decide, signatory: Account
) -> None:
    cases = decide(3)
    batch = offered(world, cases, signatory)
    signings = signings_of(world.site, batch)
    withdrawal = offer_withdrawal(
        world.office, world.site, cases[1], world.site["accounts"][cases[1].account]
    )
    world.commit()
    world.sign(withdrawal, world.keys.applicant)
    key = world.keys.signatory
    files = [
        ("c.xml", world.signed(signings[2].document, key)),
        ("b.xml", world.signed(signings[1].document, key)),
        ("a.xml", world.signed(signings[0].document, key)),
        ("clerk.xml", world.signed(signings[2].document, world.keys.clerk)),
        ("strange.xml", world.signed(withdrawal.document, key)),
        ("unsigned.xml", signings[2].document),
        ("junk.xml", b"<"),
        ("again.xml", world.signed(signings[0].document, key)),
    ]
    uploaded = list(upload_many(world.office, world.site, batch, files))
    assert [each.name for each in uploaded] == [name for name, _signed in files]
    assert [each.case for each in uploaded] == [
        cases[2],
        None,
        cases[0],
        cases[2],
        None,
        None,
        None,
        cases[0],
    ]
    reasons = [str(each.problem or "") for each in uploaded]
    assert "has withdrawn this request" in reasons[1]
    assert "not one of the documents" in reasons[4]
    assert all(reasons[5:7])
    assert [case.state for case in cases] == [CaseState.ISSUED, CaseState.CLOSED, CaseState.REFUSED]


def test_all_or_none_are_offered(world: CaseWorld, decide: Decide, signatory: Account) -> None:
    cases = decide(2)
    with pytest.raises(Mistake, match="Choose the requests"):
        offered(world, [], signatory)
    with pytest.raises(Mistake, match="At most 50"):
        offered(world, cases * 26, signatory)
    with pytest.raises(Mistake, match="Only an authorised signatory"):
        offered(world, cases, world.staff("third", "officer"))
    return_case(world.office, world.site, cases[1], world.site["accounts"]["officer"])
    with pytest.raises(Decided, match="no decision"):
        offered(world, cases, signatory)
