from dataclasses import replace

import pytest
from tests.factories import ANOTHER, APPLICANT, COMPANY, PASSWORD, certificates
from tests.worlds import CaseWorld, steps

from egovdocs.casework.accounts.log_in import log_in
from egovdocs.casework.accounts.register_applicant import new_challenge
from egovdocs.casework.errors import Mistake, Refusal
from egovdocs.casework.signatures.offer_signing import SIGNING_LIFE
from egovdocs.casework.signatures.sign_document import complete_signing, prepare_signing, upload_signed
from egovdocs.content import Signing


def challenge(world: CaseWorld, password: str = PASSWORD) -> Signing:
    signing = new_challenge(world.office, world.site, password)
    world.commit()
    return signing


def test_the_account_is_the_certificates(world: CaseWorld) -> None:
    account = world.register(world.keys.applicant)
    assert (account.login, account.identifier) == (APPLICANT, APPLICANT)
    assert account.name == "ИВАНОВА АННА ПЕТРОВНА"
    assert account.roles == {"applicant"}
    assert steps(account.journal) == "registration P1 C1+"
    assert PASSWORD not in account.password_hash


def test_a_company_is_registered_by_who_may_sign_for_it(world: CaseWorld) -> None:
    account = world.register(world.keys.company)
    assert (account.login, account.name) == (COMPANY, "Организация")
    with pytest.raises(Mistake, match="does not allow"):
        world.register(world.keys.accountant)


def test_who_registered_long_ago_may_still_set_a_new_password(world: CaseWorld) -> None:
    account = world.register(world.keys.applicant)
    for _ in range(60):
        log_in(world.office, world.site, APPLICANT, PASSWORD)
    assert "registration" not in steps(account.journal)
    world.register(world.keys.applicant)
    assert steps(account.journal).endswith("registration P1 C1+")


def test_registering_again_sets_a_new_password(world: CaseWorld) -> None:
    first = world.register(world.keys.applicant)
    again = upload_signed(
        world.office,
        world.site,
        signing := challenge(world, "another good one"),
        world.signed(signing.document, world.keys.applicant),
    )
    assert again is first
    log_in(world.office, world.site, APPLICANT, "another good one")
    with pytest.raises(Refusal):
        log_in(world.office, world.site, APPLICANT, PASSWORD)


def test_a_member_of_staff_is_no_applicant(world: CaseWorld) -> None:
    officer = world.staff(APPLICANT, "officer")
    before = officer.password_hash
    with pytest.raises(Mistake, match="member of staff"):
        world.register(world.keys.applicant)
    assert officer.password_hash == before


@pytest.mark.parametrize(("name", "reason"), [("expired", "expired"), ("stranger", "trust")])
def test_a_bad_certificate_registers_nobody(world: CaseWorld, name: str, reason: str) -> None:
    key = getattr(world.keys, name)
    signing = challenge(world)
    der, *chain = certificates(key)
    with pytest.raises(Mistake, match=reason):
        prepare_signing(world.office, world.site, signing, der, chain)
    with pytest.raises(Mistake, match=reason):
        upload_signed(world.office, world.site, signing, world.signed(signing.document, key))
    assert APPLICANT not in world.site["accounts"]


def test_a_revoked_certificate_registers_nobody(world: CaseWorld) -> None:
    policy = world.keys.policy(world.keys.applicant)
    world.office = replace(world.office, policy=lambda: policy)
    with pytest.raises(Mistake, match="revoked"):
        world.register(world.keys.applicant)


def test_another_challenge_is_not_this_one(world: CaseWorld) -> None:
    mine, other = challenge(world), challenge(world)
    with pytest.raises(Mistake, match="not the one that was offered"):
        upload_signed(world.office, world.site, mine, world.signed(other.document, world.keys.applicant))


def test_a_challenge_is_used_once(world: CaseWorld) -> None:
    signing = challenge(world)
    first = upload_signed(
        world.office, world.site, signing, world.signed(signing.document, world.keys.applicant)
    )
    again = upload_signed(
        world.office, world.site, signing, world.signed(signing.document, world.keys.another)
    )
    assert again is first
    assert ANOTHER not in world.site["accounts"]
    der, *chain = certificates(world.keys.another)
    with pytest.raises(Mistake, match="already"):
        prepare_signing(world.office, world.site, signing, der, chain)


def test_a_challenge_expires(world: CaseWorld) -> None:
    signing = challenge(world)
    world.clock.now += SIGNING_LIFE
    with pytest.raises(Mistake, match="time for signing is over"):
        upload_signed(world.office, world.site, signing, world.signed(signing.document, world.keys.applicant))


def test_the_value_must_be_of_the_prepared_certificates_key(world: CaseWorld) -> None:
    signing = challenge(world)
    with pytest.raises(Mistake, match="Choose a certificate"):
        complete_signing(world.office, world.site, signing, b"")
    der, *chain = certificates(world.keys.applicant)
    prepared = prepare_signing(world.office, world.site, signing, der, chain)
    value = world.keys.another.signer.sign(prepared.signed_info)
    with pytest.raises(Mistake, match="not made with the key"):
        complete_signing(world.office, world.site, signing, value)


@pytest.mark.parametrize("junk", [b"", b"junk", b"<a/>", b"\x00" * 100])
def test_junk_is_a_mistake(world: CaseWorld, junk: bytes) -> None:
    signing = challenge(world)
    with pytest.raises(Mistake):
        upload_signed(world.office, world.site, signing, junk)
    with pytest.raises(Mistake):
        prepare_signing(world.office, world.site, signing, junk)
