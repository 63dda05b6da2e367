from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.factories import ANOTHER, APPLICANT, COMPANY, PASSWORD, PROVIDER, certificates
from tests.worlds import CaseWorld, steps, together

from egovdocs.casework.accounts.add_staff import add_staff
from egovdocs.casework.errors import Decided, Mistake
from egovdocs.casework.outcomes.decide_case import draft_outcome, grant_case, refuse_case, return_case
from egovdocs.casework.outcomes.issue_outcome import offer_outcome
from egovdocs.casework.review.review_case import claim_case, release_case, set_checklist
from egovdocs.casework.signatures.sign_document import prepare_signing, upload_signed
from egovdocs.content import Account, Case, CaseState
from egovdocs.schemas.identifiers import is_request_number

Connect = Callable[[], CaseWorld]
GROUNDS = ["requirements-not-met"]


@pytest.fixture
def second_officer(world: CaseWorld) -> Account:
    return world.staff("second", "officer")


@pytest.fixture
def case(world: CaseWorld, officer: Account) -> Case:
    return world.submitted()


@pytest.fixture
def granted(world: CaseWorld, officer: Account) -> Case:
    return world.granted(officer)


def met(world: CaseWorld, case: Case) -> dict[str, bool | None]:
    return {r.code: True for r in world.office.edition_of(case).requirements}


# The review


def test_a_case_is_claimed_by_one_officer(
    world: CaseWorld, case: Case, officer: Account, second_officer: Account
) -> None:
    claim_case(world.office, world.site, case, officer)
    claim_case(world.office, world.site, case, officer)
    assert (case.state, case.assignee) == (CaseState.IN_REVIEW, "officer")
    with pytest.raises(Decided, match="Another officer"):
        claim_case(world.office, world.site, case, second_officer)
    with pytest.raises(Decided, match="Another officer"):
        set_checklist(world.office, case, second_officer, {"staff": True})
    assert list(world.site["cases"].assigned("officer")) == [case]
    release_case(world.office, world.site, case, officer)
    claim_case(world.office, world.site, case, second_officer)
    assert case.assignee == "second"


def test_another_providers_officer_gets_nothing(world: CaseWorld, case: Case) -> None:
    stranger = world.staff("stranger", "officer", provider=COMPANY)
    for act in (claim_case, return_case):
        with pytest.raises(Mistake, match="another provider's"):
            act(world.office, world.site, case, stranger)


def test_a_draft_is_not_reviewed(world: CaseWorld, officer: Account) -> None:
    draft = world.draft(world.register(world.keys.applicant))
    with pytest.raises(Mistake, match="not waiting for a review"):
        claim_case(world.office, world.site, draft, officer)


def test_the_checklist_is_kept(world: CaseWorld, case: Case, officer: Account) -> None:
    with pytest.raises(Mistake, match="Take the case first"):
        set_checklist(world.office, case, officer, {"staff": True})
    claim_case(world.office, world.site, case, officer)
    set_checklist(world.office, case, officer, {"staff": True, "premises": False}, "Проверить аренду.")
    set_checklist(world.office, case, officer, {"staff": None}, "Аренда до 2027 года.")
    assert case.checklist == {"met": {"staff": None, "premises": False}, "notes": "Аренда до 2027 года."}
    with pytest.raises(Mistake, match="no such requirement"):
        set_checklist(world.office, case, officer, {"luck": True})


# The decision


def test_only_what_meets_every_requirement_is_granted(world: CaseWorld, case: Case, officer: Account) -> None:
    claim_case(world.office, world.site, case, officer)
    for checklist in ({}, {"staff": False}, {"staff": None}):
        set_checklist(world.office, case, officer, {**met(world, case), **checklist} if checklist else {})
        world.commit()
        with pytest.raises(Mistake, match="every requirement"):
            grant_case(world.office, world.site, case, officer)


@pytest.mark.parametrize(
    ("grounds", "reason"), [([], "Нет."), (["unknown"], "Нет."), (GROUNDS, " "), (GROUNDS, "х" * 4001)]
)
def test_a_refusal_needs_a_ground_and_a_reason(
    world: CaseWorld, case: Case, officer: Account, grounds: list[str], reason: str
) -> None:
    claim_case(world.office, world.site, case, officer)
    world.commit()
    with pytest.raises(Mistake):
        refuse_case(world.office, world.site, case, officer, grounds, reason)
    assert case.decision is None


def test_a_decision_is_made_once(world: CaseWorld, granted: Case, officer: Account) -> None:
    assert (granted.state, granted.decision.by) == (CaseState.AWAITING_SIGNATURE, "officer")
    assert steps(granted.journal).endswith("P9 C4+ (P11)")
    with pytest.raises(Decided, match="decided already"):
        refuse_case(world.office, world.site, granted, officer, GROUNDS, "Нет.")


def test_two_decisions_at_once_are_one(
    world: CaseWorld, case: Case, officer: Account, connect: Connect
) -> None:
    claim_case(world.office, world.site, case, officer)
    set_checklist(world.office, case, officer, met(world, case))
    world.commit()

    def decide(w: CaseWorld) -> str:
        same, me = w.site["cases"][case.reference], w.site["accounts"]["officer"]
        if w is granting:
            return str(grant_case(w.office, w.site, same, me).decision.granted)
        return str(refuse_case(w.office, w.site, same, me, GROUNDS, "Нет.").decision.granted)

    granting, refusing = connect(), connect()
    results = together([granting, refusing], decide)
    world.manager.abort()
    world.manager.begin()
    assert sum("Decided" in result for result in results) == 1
    assert str(case.decision.granted) in results


def test_a_decision_taken_back(world: CaseWorld, granted: Case, officer: Account) -> None:
    number = granted.decision.number
    return_case(world.office, world.site, granted, officer)
    assert granted.state is CaseState.IN_REVIEW
    with pytest.raises(Decided, match="no decision"):
        return_case(world.office, world.site, granted, officer)
    grant_case(world.office, world.site, granted, officer)
    assert granted.decision.number == number  # none is lost
    return_case(world.office, world.site, granted, officer)
    refuse_case(world.office, world.site, granted, officer, GROUNDS, "Нет.")
    assert is_request_number(granted.decision.number)
    assert steps(granted.journal).endswith("P9 C4+ P11? C4+ P11? C4- (P10)")


# The signature


def test_special_conditions_are_in_the_licence(world: CaseWorld, granted: Case, officer: Account) -> None:
    return_case(world.office, world.site, granted, officer)
    grant_case(world.office, world.site, granted, officer, " Только амбулаторно. ")
    content = draft_outcome(world.office, granted, "Начальник", world.office.today())
    assert "Только амбулаторно.".encode() in content
    assert draft_outcome(world.office, granted, "Начальник", world.office.today()) == content


def test_only_a_signatory_signs(world: CaseWorld, granted: Case, officer: Account) -> None:
    with pytest.raises(Mistake, match="signatory"):
        offer_outcome(world.office, world.site, granted, officer)
    stranger = world.staff("stranger", "signatory", provider=COMPANY)
    with pytest.raises(Mistake, match="another provider's"):
        offer_outcome(world.office, world.site, granted, stranger)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("clerk", "does not allow"),
        ("foreign_signatory", PROVIDER),
        ("applicant", PROVIDER),
        ("seal", "does not allow"),
    ],
)
def test_only_the_providers_key_with_the_right_to_sign(
    world: CaseWorld, granted: Case, signatory: Account, name: str, reason: str
) -> None:
    key = getattr(world.keys, name)
    signing = offer_outcome(world.office, world.site, granted, signatory)
    world.commit()
    der, *chain = certificates(key)
    with pytest.raises(Mistake, match=reason):
        prepare_signing(world.office, world.site, signing, der, chain)
    with pytest.raises(Mistake, match=reason):
        upload_signed(world.office, world.site, signing, world.signed(signing.document, key))
    assert granted.state is CaseState.AWAITING_SIGNATURE


def test_the_signatory_named_is_the_one_who_signs(world: CaseWorld, granted: Case) -> None:
    signatory = add_staff(world.site, "named", PASSWORD, "Названный", ["signatory"], PROVIDER, iin=APPLICANT)
    signing = offer_outcome(world.office, world.site, granted, signatory)
    world.commit()
    der, *chain = certificates(world.keys.signatory)
    with pytest.raises(Mistake, match="another person's"):
        prepare_signing(world.office, world.site, signing, der, chain)
    with pytest.raises(Mistake, match="another person's"):
        upload_signed(world.office, world.site, signing, world.signed(signing.document, world.keys.signatory))
    signatory.identifier = ANOTHER
    world.commit()
    world.sign(signing, world.keys.signatory)
    assert granted.state is CaseState.ISSUED


def test_a_revoked_signatory(world: CaseWorld, granted: Case, signatory: Account) -> None:
    policy = world.keys.policy(world.keys.signatory)
    world.office = replace(world.office, policy=lambda: policy)
    signing = offer_outcome(world.office, world.site, granted, signatory)
    world.commit()
    with pytest.raises(Mistake, match="revoked"):
        world.sign(signing, world.keys.signatory)


def test_another_document_is_not_the_outcome(world: CaseWorld, granted: Case, signatory: Account) -> None:
    signing = offer_outcome(world.office, world.site, granted, signatory)
    world.commit()
    changed = signing.document.replace(b"therapy", b"surgery")
    with pytest.raises(Mistake, match="not the one that was offered"):
        upload_signed(world.office, world.site, signing, world.signed(changed, world.keys.signatory))


def test_a_decision_changed_after_the_offer_is_not_signed(
    world: CaseWorld, granted: Case, officer: Account, signatory: Account
) -> None:
    signing = offer_outcome(world.office, world.site, granted, signatory)
    world.commit()
    signed = world.signed(signing.document, world.keys.signatory)
    return_case(world.office, world.site, granted, officer)
    with pytest.raises(Decided, match="no decision"):
        upload_signed(world.office, world.site, signing, signed)
    grant_case(world.office, world.site, granted, officer, "Только амбулаторно.")
    with pytest.raises(Decided, match="changed since"):
        upload_signed(world.office, world.site, signing, signed)
    assert list(world.site["licences"]) == []


def test_signed_twice_it_is_issued_once(world: CaseWorld, granted: Case, signatory: Account) -> None:
    first, second = (offer_outcome(world.office, world.site, granted, signatory) for _ in range(2))
    world.commit()
    signed = world.signed(first.document, world.keys.signatory)
    assert upload_signed(world.office, world.site, first, signed) is granted
    assert upload_signed(world.office, world.site, first, signed) is granted
    with pytest.raises(Decided, match="signed already"):
        upload_signed(world.office, world.site, second, world.signed(second.document, world.keys.signatory))
    with pytest.raises(Decided, match="signed already"):
        offer_outcome(world.office, world.site, granted, signatory)
    assert len(list(world.site["licences"])) == 1


def test_two_signatories_at_once_make_one_licence(
    world: CaseWorld, granted: Case, signatory: Account, connect: Connect
) -> None:
    deputy = world.staff("deputy", "signatory")
    offers = [
        (offer_outcome(world.office, world.site, granted, signatory), world.keys.signatory),
        (offer_outcome(world.office, world.site, granted, deputy), world.keys.colleague),
    ]
    world.commit()
    worlds = [connect(), connect()]
    signed = {
        id(w): (signing.token, world.signed(signing.document, key))
        for w, (signing, key) in zip(worlds, offers, strict=True)
    }

    def issue(w: CaseWorld) -> str:
        token, document = signed[id(w)]
        return upload_signed(w.office, w.site, w.site["signings"][token], document).licence

    results = together(worlds, issue)
    world.manager.abort()
    world.manager.begin()
    assert sorted("Decided" in result for result in results) == [False, True]
    assert list(world.site["licences"]) == [granted.licence]
    assert granted.documents["outcome"].data in {document for _token, document in signed.values()}
    assert steps(granted.journal).endswith("P9 C4+ P11")
