from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from importlib import import_module

import pytest
from tests.factories import PAGES, certificates
from tests.worlds import CaseWorld, steps, together
from ZODB.POSException import ConflictError

from egovdocs.casework.errors import Mistake, Refusal
from egovdocs.casework.requests.attach_file import remove_file
from egovdocs.casework.requests.draft_request import draft_request, find_problems
from egovdocs.casework.requests.save_page import save_page
from egovdocs.casework.requests.submit_request import offer_request, submit_request
from egovdocs.casework.signatures.read_document import Altered, read_document
from egovdocs.casework.signatures.sign_document import complete_signing, prepare_signing, upload_signed
from egovdocs.casework.transactions import exclusive_transaction
from egovdocs.content import Case, CaseState, Signing, Site
from egovdocs.i18n import translate
from egovdocs.sandbox.authority import IssuedKey

Connect = Callable[[], CaseWorld]
PAID = "P1 C1+ P3 P4 C2+"


@pytest.fixture
def case(world: CaseWorld) -> Case:
    case = world.draft(world.register(world.keys.applicant))
    world.pay(case)
    return case


def offer(world: CaseWorld, case: Case) -> Signing:
    signing = offer_request(world.office, world.site, case, world.site["accounts"][case.account])
    world.tick()
    return signing


def test_signed_elsewhere_and_uploaded(world: CaseWorld, case: Case) -> None:
    signing = offer(world, case)
    signed = world.signed(signing.document, world.keys.applicant)
    assert upload_signed(world.office, world.site, signing, signed) is case
    assert case.documents["request"].data == signed
    assert steps(case.journal) == f"{PAID} P6 C3+ P8 P9 (C4)"


def test_written_anew_by_another_program(world: CaseWorld, case: Case) -> None:
    """Signing programs serialise again: the canonical form counts, and the bytes are kept as they came."""
    signing = offer(world, case)
    body = signing.document.split(b"?>", 1)[1].strip()
    other = b'<?xml version="1.0" encoding="UTF-8" standalone="no"?>' + body
    signed = world.signed(other, world.keys.applicant)
    upload_signed(world.office, world.site, signing, signed)
    assert case.documents["request"].data == signed


def prepare_with(world: CaseWorld, signing: Signing, key: IssuedKey) -> None:
    der, *chain = certificates(key)
    prepare_signing(world.office, world.site, signing, der, chain)


def upload_with(world: CaseWorld, signing: Signing, key: IssuedKey) -> None:
    upload_signed(world.office, world.site, signing, world.signed(signing.document, key))


@pytest.mark.parametrize(
    ("name", "reason"), [("expired", "expired"), ("another", "760212350620"), ("stranger", "trusted")]
)
def test_p7_of_a_wrong_certificate(world: CaseWorld, case: Case, name: str, reason: str) -> None:
    key = getattr(world.keys, name)
    for attempt in (prepare_with, upload_with):
        signing = offer(world, case)
        with pytest.raises(Refusal, match=reason) as refused:
            attempt(world, signing, key)
        assert refused.value.step == "P7"
        world.manager.abort()  # as a request does that ends in an exception
        world.manager.begin()
    assert steps(case.journal) == f"{PAID} P6 C3- P7 P6 C3- P7"
    assert translate(refused.value.message, case.language) == case.journal[-1].note
    assert (case.state, case.number) == (CaseState.PAID, None)

    world.submit(case, world.keys.applicant)  # the draft is kept, another certificate may be chosen
    assert steps(case.journal) == f"{PAID} P6 C3- P7 P6 C3- P7 P6 C3+ P8 P9 (C4)"


def test_p7_of_a_revoked_certificate(world: CaseWorld, case: Case) -> None:
    policy = world.keys.policy(world.keys.applicant)
    world.office = replace(world.office, policy=lambda: policy)
    with pytest.raises(Refusal, match=r"P7.*revoked"):
        world.submit(case, world.keys.applicant)
    assert steps(case.journal) == f"{PAID} P6 C3- P7"


def test_p7_when_it_is_revoked_while_signing(world: CaseWorld, case: Case) -> None:
    signing = offer(world, case)
    der, *chain = certificates(world.keys.applicant)
    prepared = prepare_signing(world.office, world.site, signing, der, chain)
    world.tick()
    policy = world.keys.policy(world.keys.applicant)
    office = replace(world.office, policy=lambda: policy)
    with pytest.raises(Refusal, match="revoked"):
        complete_signing(office, world.site, signing, world.keys.applicant.signer.sign(prepared.signed_info))
    assert steps(case.journal) == f"{PAID} P6 C3+ P8? P6 C3- P7"


def test_p7_of_changed_content(world: CaseWorld, case: Case) -> None:
    signing = offer(world, case)
    changed = signing.document.replace("Актау".encode(), "Атырау".encode())
    with pytest.raises(Refusal, match="not the one that was offered") as refused:
        upload_signed(world.office, world.site, signing, world.signed(changed, world.keys.applicant))
    assert refused.value.step == "P7"
    tampered = world.signed(signing.document, world.keys.applicant).replace(b"therapy", b"surgery")
    with pytest.raises(Refusal, match="changed"):
        upload_signed(world.office, world.site, signing, tampered)
    assert case.number is None


def test_p7_without_a_signature(world: CaseWorld, case: Case) -> None:
    signing = offer(world, case)
    for document in (signing.document, b"", b"junk"):
        with pytest.raises(Refusal):
            upload_signed(world.office, world.site, signing, document)


def test_the_draft_as_it_is_now_must_be_signed(world: CaseWorld, case: Case) -> None:
    signing = offer(world, case)
    save_page(world.office, case, "contacts", {**PAGES["contacts"], "phone": "+7 701 000 00 00"})
    world.commit()
    with pytest.raises(Mistake, match="was changed while"):
        upload_signed(world.office, world.site, signing, world.signed(signing.document, world.keys.applicant))


def test_an_attached_file_cannot_be_swapped_after_signing(world: CaseWorld, case: Case) -> None:
    signing = offer(world, case)
    case.attach("other", "more.png", b"something", "image/png", world.clock())
    world.commit()
    with pytest.raises(Mistake, match="was changed while"):
        upload_signed(world.office, world.site, signing, world.signed(signing.document, world.keys.applicant))


def test_the_same_request_twice_has_one_number(world: CaseWorld, case: Case) -> None:
    signing, second = offer(world, case), offer(world, case)
    signed = world.signed(signing.document, world.keys.applicant)
    upload_signed(world.office, world.site, signing, signed)
    number, journal = case.number, list(case.journal)
    upload_signed(world.office, world.site, signing, signed)
    upload_signed(world.office, world.site, second, world.signed(second.document, world.keys.applicant))
    submit_request(world.office, world.site, case, signed, "another key")
    assert (case.number, list(case.journal)) == (number, journal)
    assert case.documents["request"].data == signed
    with pytest.raises(Mistake, match="already"):
        offer(world, case)
    with pytest.raises(Mistake, match="already"):
        submit_request(world.office, world.site, case, world.signed(b"<a/>", world.keys.applicant), "a third")


def test_sent_twice_at_once(world: CaseWorld, case: Case, connect: Connect) -> None:
    signing = offer(world, case)
    signed = world.signed(signing.document, world.keys.applicant)

    def submit(w: CaseWorld) -> str:
        same = w.site["cases"][case.reference]
        return submit_request(w.office, w.site, same, signed, signing.token).number

    numbers = together([connect() for _ in range(4)], submit)
    world.manager.abort()
    world.manager.begin()
    assert set(numbers) == {case.number}
    assert steps(case.journal) == f"{PAID} P6 C3+ P8 P9 (C4)"


def test_many_at_once_have_numbers_of_their_own(world: CaseWorld, connect: Connect) -> None:
    account = world.register(world.keys.applicant)
    cases = [world.draft(account) for _ in range(4)]
    for case in cases:
        world.pay(case)
    ready = []
    for case in cases:
        signing = offer(world, case)
        ready.append((case.reference, world.signed(signing.document, world.keys.applicant)))
    worlds = [connect() for _ in cases]
    todo = {id(w): item for w, item in zip(worlds, ready, strict=True)}

    def submit(w: CaseWorld) -> str:
        reference, signed = todo[id(w)]
        return submit_request(w.office, w.site, w.site["cases"][reference], signed, reference).number

    numbers = together(worlds, submit)
    assert sorted(number.split("-")[1] for number in numbers) == ["000001", "000002", "000003", "000004"]


@pytest.mark.parametrize("change", ["page", "file"])
def test_a_draft_does_not_change_while_it_is_registered(
    world: CaseWorld, case: Case, connect: Connect, change: str
) -> None:
    signing = offer(world, case)
    other = connect()
    same = other.site["cases"][case.reference]
    if change == "page":
        save_page(other.office, same, "contacts", {**PAGES["contacts"], "phone": "+7 701 000 00 00"})
    else:
        remove_file(same, same.attachments[0])
    upload_signed(world.office, world.site, signing, world.signed(signing.document, world.keys.applicant))
    with pytest.raises(ConflictError):
        other.manager.commit()


def test_a_draft_changed_in_the_last_moment_is_not_registered(
    world: CaseWorld, case: Case, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    signing = offer(world, case)
    other = connect()
    module = import_module("egovdocs.casework.requests.submit_request")

    def change_first(site: Site) -> AbstractContextManager[None]:
        same = other.site["cases"][case.reference]
        save_page(other.office, same, "contacts", {**PAGES["contacts"], "phone": "+7 701 000 00 00"})
        other.commit()
        return exclusive_transaction(site)

    monkeypatch.setattr(module, "exclusive_transaction", change_first)
    with pytest.raises(Mistake, match="was changed while"):
        upload_signed(world.office, world.site, signing, world.signed(signing.document, world.keys.applicant))
    assert case.number is None


def test_a_draft_is_the_same_document_each_time(world: CaseWorld, case: Case) -> None:
    assert find_problems(world.office, case) == ()
    first = draft_request(world.office, case)
    world.clock.now = world.clock.now.replace(hour=12)
    assert draft_request(world.office, case) == first


def test_an_altered_document_is_not_read(world: CaseWorld) -> None:
    case = world.submitted()
    assert b"therapy" in read_document(case, "request")
    body = case.documents["request"].stored
    body._data = body._data.replace(b"therapy", b"surgery")
    with pytest.raises(Altered):
        read_document(case, "request")
