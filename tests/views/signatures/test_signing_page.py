"""The signing page: by the script's protocol, and by upload."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from translationstring import TranslationString
from webtest import TestApp, Upload

from egovdocs.casework.accounts.register_applicant import new_challenge
from egovdocs.casework.office import Office
from egovdocs.casework.requests.save_page import save_page
from egovdocs.casework.requests.submit_request import offer_request
from egovdocs.casework.signatures.document_kind import DocumentKind, SigningRules
from egovdocs.casework.signatures.kinds import KINDS
from egovdocs.casework.signatures.offer_signing import offer
from egovdocs.content import Account, CaseState, Signing, Site
from egovdocs.sandbox.demo_people import CLINIC_BIN, PASSWORD
from egovdocs.signing import Signer, canonical, sign


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def offered(world: Any) -> tuple[TestApp, str, str]:
    """A browser of the clinic's, a paid case's reference, and the address of its signing."""
    reference = world.paid()
    browser = world.browser(CLINIC_BIN)
    page = browser.get(f"/cases/{reference}/check")
    form = next(form for form in page.forms.values() if form.action.endswith("/sign"))
    return browser, reference, form.submit(status=303).location


def prepare(browser: TestApp, url: str, signer: Signer, status: int = 200) -> Any:
    token = browser.get(url).html.find(id="signing")["data-csrf-token"]
    said = {
        "certificate": b64(signer.certificate.public_bytes(Encoding.DER)),
        "chain": [b64(one.public_bytes(Encoding.DER)) for one in signer.chain],
    }
    return browser.post_json(f"{url}/certificate", said, headers={"X-CSRF-Token": token}, status=status)


def give(browser: TestApp, url: str, value: bytes, status: int = 200) -> Any:
    token = browser.get(url).html.find(id="signing")["data-csrf-token"]
    return browser.post_json(
        f"{url}/value", {"value": b64(value)}, headers={"X-CSRF-Token": token}, status=status
    )


def upload(browser: TestApp, url: str, signed: bytes, **expected: Any) -> Any:
    form = next(form for form in browser.get(url).forms.values() if form.action.endswith("/upload"))
    form["signed"] = Upload("signed.xml", signed, "application/xml")
    return form.submit(**expected)


def test_signed_by_the_script(world: Any) -> None:
    browser, reference, url = offered(world)
    signer = world.key("clinic")
    shown = browser.get(f"{url}/canonical.xml").body
    assert shown == canonical(browser.get(f"{url}/document.xml").body)
    prepared = prepare(browser, url, signer).json
    answer = give(browser, url, signer.sign(base64.b64decode(prepared["signedInfo"])))
    assert answer.json == {"location": f"/cases/{reference}"}
    with world.site() as site:
        assert site["cases"][reference].state is CaseState.REGISTERED
    assert browser.get(url, status=303).location.endswith(f"/cases/{reference}")


def test_signed_elsewhere_and_uploaded(world: Any) -> None:
    browser, reference, url = offered(world)
    document = browser.get(f"{url}/document.xml")
    assert document.headers["Content-Disposition"].startswith("attachment;")
    answer = upload(browser, url, sign(document.body, world.key("clinic")), status=303)
    assert answer.location.endswith(f"/cases/{reference}")


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        ("stranger", "has no BIN"),
        ("expired", "expired"),
        ("revoked", "revoked"),
    ],
)
def test_the_wrong_certificate_is_refused_before_anything_is_signed(
    world: Any, who: str, reason: str
) -> None:
    browser, reference, url = offered(world)
    answer = prepare(browser, url, world.key(who), status=403)
    assert reason in answer.json["error"]
    with world.site() as site:
        assert [entry.step for entry in site["cases"][reference].journal][-1] == "P7"


def test_another_persons_signature_is_refused_when_uploaded(world: Any) -> None:
    browser, _reference, url = offered(world)
    document = browser.get(f"{url}/document.xml").body
    page = upload(browser, url, sign(document, world.key("stranger")), status=403)
    assert "has no BIN" in page
    assert page.html.find(id="elsewhere").has_attr("open")


def test_a_draft_changed_in_another_tab_is_signed_anew(world: Any) -> None:
    browser, reference, url = offered(world)
    document = browser.get(f"{url}/document.xml").body
    with world.site() as site:
        case = site["cases"][reference]
        save_page(world.office, case, "contacts", {**case.values["contacts"], "phone": "+77010000099"})
        steps = len(case.journal)
    assert "was changed" in prepare(browser, url, world.key("clinic"), status=422).json["error"]
    assert "was changed" in upload(browser, url, sign(document, world.key("clinic")), status=422)
    with world.site() as site:
        assert len(site["cases"][reference].journal) == steps, "no refusal of a signature that was good"


def test_an_offer_that_is_over(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, reference, url = offered(world)
    with world.site() as site:
        signing = site["signings"][url.rpartition("/")[2]]
        signing.expires = signing.created
    page = browser.get(url, status=410)
    assert "The time for signing is over" in page
    assert page.html.main.a["href"] == f"/cases/{reference}"


def test_a_second_offer_of_what_is_signed_leads_to_the_case(world: Any) -> None:
    browser, reference, url = offered(world)
    with world.site() as site:
        case = site["cases"][reference]
        other = offer_request(world.office, site, case, site["accounts"][case.account]).token
    document = browser.get(f"{url}/document.xml").body
    upload(browser, url, sign(document, world.key("clinic")), status=303)
    assert browser.get(f"/signings/{other}", status=303).location.endswith(f"/cases/{reference}")


def test_a_changed_document_is_refused(world: Any) -> None:
    browser, _reference, url = offered(world)
    document = browser.get(f"{url}/document.xml").body.replace("Шипа".encode(), "Жипа".encode())
    page = upload(browser, url, sign(document, world.key("clinic")), status=403)
    assert "not the one that was offered" in page


@pytest.mark.parametrize("rubbish", [b"", b"\x00\xff", b"<a", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"])
def test_rubbish_is_answered_with_a_page(world: Any, rubbish: bytes) -> None:
    browser, _reference, url = offered(world)
    page = upload(browser, url, rubbish, expect_errors=True)
    assert page.status_int in (403, 422)
    assert "There is a problem" in page


@pytest.mark.parametrize(
    "said", [{}, [], {"certificate": 1}, {"certificate": "%"}, {"certificate": "", "chain": 5}]
)
def test_rubbish_of_a_script_is_answered(world: Any, said: Any) -> None:
    browser, _reference, url = offered(world)
    token = browser.get(url).html.find(id="signing")["data-csrf-token"]
    answer = browser.post_json(
        f"{url}/certificate", said, headers={"X-CSRF-Token": token}, expect_errors=True
    )
    assert answer.status_int in (400, 422)


def test_json_that_is_too_deep_is_answered(world: Any) -> None:
    browser, _reference, url = offered(world)
    token = browser.get(url).html.find(id="signing")["data-csrf-token"]
    headers = {"X-CSRF-Token": token, "Content-Type": "application/json"}
    browser.post(f"{url}/certificate", "[" * 100_000, headers=headers, status=400)


def test_a_value_of_another_key(world: Any) -> None:
    browser, _reference, url = offered(world)
    assert "Choose a certificate first." in give(browser, url, b"1", status=422).json["error"]
    prepare(browser, url, world.key("clinic"))
    assert give(browser, url, b"1" * 256, status=422).json["error"]


def test_it_belongs_to_its_account(world: Any) -> None:
    _browser, _reference, url = offered(world)
    assert "/login" in world.browser().get(url, status=303).location
    world.browser("officer").get(url, status=403)
    world.browser("officer").get(f"{url}/document.xml", status=403)


def test_a_challenge_belongs_to_the_browser_that_asked_for_it(world: Any) -> None:
    browser = world.browser()
    form = next(form for form in browser.get("/register").forms.values() if "again" in form.fields)
    form["password"] = form["again"] = PASSWORD
    url = form.submit(status=303).location
    world.browser().get(url, status=404)
    browser.get(url, status=200)
    document = browser.get(f"{url}/document.xml").body
    answer = upload(browser, url, sign(document, world.key("applicant")), status=303)
    assert answer.location.endswith("/account")
    browser.get("/account", status=200)


def test_the_outcome_is_signed_by_who_may(world: Any) -> None:
    reference = world.decided()
    signatory = world.browser("signatory")
    page = signatory.get(f"/provider/cases/{reference}")
    form = next(form for form in page.forms.values() if form.action.endswith("/sign"))
    url = form.submit(status=303).location
    employee = prepare(signatory, url, world.key("employee"), status=422)
    assert "does not allow" in employee.json["error"]
    signer = world.key("signatory")
    prepared = prepare(signatory, url, signer).json
    give(signatory, url, signer.sign(base64.b64decode(prepared["signedInfo"])))
    with world.site() as site:
        case = site["cases"][reference]
        assert case.state is CaseState.ISSUED
        assert case.licence in site["licences"]


def test_no_personal_data_or_key_field_is_ever_posted(world: Any) -> None:
    browser, _reference, url = offered(world)
    form = browser.get(url).html.find(id="signing")
    assert not [field for field in form.find_all(["input", "select", "textarea"]) if field.get("name")]


def test_a_session_that_ended_is_told_to_the_script(world: Any) -> None:
    browser, _reference, url = offered(world)
    token = browser.get(url).html.find(id="signing")["data-csrf-token"]
    answer = browser.post_json(f"{url}/certificate", {}, headers={"X-CSRF-Token": "x" * 40}, status=400)
    assert "open for too long" in answer.json["error"]
    browser.reset()
    answer = browser.post_json(f"{url}/certificate", {}, headers={"X-CSRF-Token": token}, status=403)
    assert "session has ended" in answer.json["error"]


def test_the_page_of_a_made_up_kind_says_what_its_entry_says(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def accept(office: Office, site: Site, signing: Signing, signed: bytes) -> Account:
        site.idempotency[signing.token] = signing.owner
        return site.accounts[str(signing.owner)]

    rules = SigningRules(
        check_certificate=lambda *given: None,
        accept=accept,
        find_result=lambda site, login: site.accounts[login],
        heading=TranslationString("Sign your consent"),
        introduction=TranslationString("Your consent can be withdrawn."),
        done=TranslationString("Your consent is signed."),
        start_path=lambda signing: "/settings",
        next_path=lambda account: f"/account?of={account.login}",
    )
    monkeypatch.setitem(KINDS, "consent", DocumentKind(name="consent", signing=rules))
    with world.site() as site:
        document = new_challenge(world.office, site, "correct horse battery").document
        owner = site.accounts[CLINIC_BIN]
        url = (
            f"/signings/{offer(world.office, site, purpose='consent', document=document, owner=owner).token}"
        )
    browser = world.browser(CLINIC_BIN)
    page = browser.get(url)
    assert page.html.find("h1").text == "Sign your consent"
    assert "Your consent can be withdrawn." in page.text
    answer = upload(browser, url, sign(document, world.key("clinic")), status=303)
    assert answer.location.endswith(f"/account?of={CLINIC_BIN}")
    assert "Your consent is signed." in answer.follow().text
    assert browser.get(url, status=303).location.endswith("/settings")
