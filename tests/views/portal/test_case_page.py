"""What an applicant does: the pages from the front door to the signing page, and the history."""

from __future__ import annotations

import gc
import warnings
from io import BytesIO

import pytest
from PIL import Image
from transaction.interfaces import TransientError
from webtest import Form, TestApp, TestResponse, Upload

from egovdocs.casework.requests.attach_file import attach_file
from egovdocs.sandbox.demo_people import CLINIC_BIN, PASSWORD


@pytest.fixture
def _large_bodies():
    """WebOb leaves the closing of a large body's temporary file to the garbage collector, which warns."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def ordered(browser: TestApp) -> str:
    """The address of a new draft."""
    form = main_form(browser.get("/services/medical-licence"))
    form["action"] = "issue"
    return form.submit(status=303).location.rpartition("/form/")[0]


def scan() -> bytes:
    """A picture of a paper."""
    data = BytesIO()
    Image.new("RGB", (8, 8), "white").save(data, "PNG")
    return data.getvalue()


def main_form(page: TestResponse) -> Form:
    """The form of the page itself, not the one that logs out."""
    return next(form for form in page.forms.values() if not form.action.endswith("/logout"))


def test_front_page_speaks_three_languages(world):
    browser = world.browser()
    for language, word in (("ru", "ru"), ("kk", "kk"), ("en", "en")):
        page = browser.get("/", {"lang": language})
        assert page.html.html["lang"] == word
        assert world.office.service("medical-licence").title[language] in page.text
    assert browser.get("/login").html.html["lang"] == "en", "the choice is remembered"


@pytest.mark.parametrize(
    ("wish", "given"), [("kk", "kk"), ("de, en;q=0.5", "en"), ("de", "ru"), ("", "ru"), ("kk-KZ", "kk")]
)
def test_language_of_the_browser(world, wish, given):
    browser = TestApp(world.application, extra_environ={"HTTP_ACCEPT_LANGUAGE": wish})
    assert browser.get("/").html.html["lang"] == given


def test_every_page_has_a_strict_policy(world):
    for path, status in (("/", 200), ("/nothing", 404), ("/login", 200)):
        headers = world.browser().get(path, status=status).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in headers["Cache-Control"]


def test_pages_hold_no_inline_script_or_style(world):
    browser = world.browser(CLINIC_BIN)
    for path in ("/", "/login", "/register", "/services/medical-licence", "/account"):
        html = browser.get(path).maybe_follow().html
        assert not html.find_all(style=True), path
        assert all(script.get("src") for script in html.find_all("script")), path


def test_session_cookie(world):
    browser = world.browser()
    form = main_form(browser.get("/login"))
    form["login"], form["password"] = CLINIC_BIN, PASSWORD
    cookies = form.submit(status=303).headers.getall("Set-Cookie")
    session = next(cookie for cookie in cookies if cookie.startswith("session="))
    assert "HttpOnly" in session
    assert "SameSite=Lax" in session


def test_closed_pages_lead_to_the_log_in_and_back(world):
    browser = world.browser()
    answer = browser.get("/account", status=303)
    page = browser.get(answer.location)
    form = main_form(page)
    form["login"], form["password"] = CLINIC_BIN, PASSWORD
    assert form.submit(status=303).location == "/account"


@pytest.mark.parametrize(
    "goal",
    [
        "//elsewhere.example/",
        "https://elsewhere.example/",
        "/\\elsewhere.example",
        "/\t/elsewhere.example",
        "/\n/elsewhere.example",
        "/account\r\nX-Injected: yes",
    ],
)
def test_log_in_never_leads_to_another_site(world, goal):
    browser = world.browser()
    form = main_form(browser.get("/login", {"next": goal}))
    form["login"], form["password"] = CLINIC_BIN, PASSWORD
    assert form.submit(status=303).location == "/account"


def test_wrong_password_is_refused_in_words(world):
    browser = world.browser()
    form = main_form(browser.get("/login"))
    form["login"], form["password"] = "800416100254", "not the password"
    page = form.submit(status=403)
    assert "There is a problem" in page.text
    assert browser.get("/account", status=303)


def test_forms_need_their_token(world):
    browser = world.browser(CLINIC_BIN)
    page = browser.post("/services/medical-licence", {"action": "issue"}, status=400)
    assert "This page was open for too long" in page.text


def test_logging_out(world):
    browser = world.browser(CLINIC_BIN)
    page = browser.get("/account")
    next(form for form in page.forms.values() if form.action.endswith("/logout")).submit(status=303)
    browser.get("/account", status=303)


def test_a_copied_session_ends_with_the_log_out(world):
    browser, thief = world.browser(CLINIC_BIN), world.browser()
    thief.set_cookie("session", browser.cookies["session"].strip('"'))
    page = thief.get("/account")
    next(form for form in page.forms.values() if form.action.endswith("/logout"))
    page = browser.get("/account")
    next(form for form in page.forms.values() if form.action.endswith("/logout")).submit(status=303)
    thief.get("/account", status=303)


def test_registration_asks_for_the_same_password_twice(world):
    browser = world.browser()
    form = main_form(browser.get("/register"))
    form["password"], form["again"] = "long enough words", "other long words"
    page = form.submit(status=422)
    assert page.html.find(id="again-error")
    form = main_form(page)
    form["password"] = form["again"] = "short"
    assert form.submit(status=422).html.find(id="password-error")
    form["password"] = form["again"] = "long enough words"
    assert "/signings/" in form.submit(status=303).location


def test_unknown_service(world):
    world.browser().get("/services/no-such", status=404)


def test_order_wants_a_choice(world):
    browser = world.browser(CLINIC_BIN)
    form = main_form(browser.get("/services/medical-licence"))
    assert "Select what you ask for" in form.submit(status=422).text


def test_form_from_the_schema(world):
    browser = world.browser(CLINIC_BIN)
    draft = ordered(browser)
    page = main_form(browser.get(f"{draft}/form/applicant")).submit(status=422)
    links = [link["href"] for link in page.html.select(".govuk-error-summary a")]
    assert links == ["#address-region", "#address-locality", "#address-street"]
    assert all(page.html.find(id=link[1:]) for link in links)
    assert CLINIC_BIN in page.text, "who applies is known already"

    form = main_form(page)
    form["address-region"] = "47"
    form["address-locality"], form["address-street"], form["address-postcode"] = "Ақтау", "12 мкр, 5", "1300"
    page = form.submit(status=422)
    assert [link["href"] for link in page.html.select(".govuk-error-summary a")] == ["#address-postcode"]
    assert main_form(page)["address-street"].value == "12 мкр, 5", "nothing typed is lost"
    form = main_form(page)
    form["address-postcode"] = "130000"
    assert form.submit(status=303).location == f"{draft}/form/activities"
    assert main_form(browser.get(f"{draft}/form/applicant"))["address-locality"].value == "Ақтау"


def test_repeated_groups_work_without_a_script(world):
    browser = world.browser(CLINIC_BIN)
    draft = ordered(browser)
    page = browser.get(f"{draft}/form/sites")
    form = main_form(page)
    form["site-0-name"] = "First"
    page = form.submit("add", status=303).follow()
    form = main_form(page)
    form["site-1-name"] = "Second"
    page = form.submit("add", status=303).follow()
    assert "site-2-name" in main_form(page).fields
    page = main_form(page).submit("remove", index=0, status=303).follow()
    form = main_form(page)
    assert form["site-0-name"].value == "Second"
    assert "site-1-name" not in form.fields
    page = form.submit(status=422)
    assert page.html.select_one(".govuk-error-summary a")["href"] == "#site-0-address-region"


def test_problem_in_a_later_entry_points_at_it(world):
    browser = world.browser(CLINIC_BIN)
    draft = ordered(browser)
    form = main_form(browser.get(f"{draft}/form/sites"))
    form["site-0-name"] = "Will be emptied"
    form = main_form(form.submit("add", status=303).follow())
    form["site-0-name"], form["site-1-name"] = "", "Second"
    page = form.submit(status=422)
    assert page.html.select_one(".govuk-error-summary a")["href"] == "#site-1-address-region"


@pytest.mark.usefixtures("_large_bodies")
def test_attachments(world):
    browser = world.browser(CLINIC_BIN)
    draft = ordered(browser)
    form = main_form(browser.get(f"{draft}/attachments"))
    page = form.submit("continue", status=422)
    assert page.html.find(id="file-premises-error")

    form = main_form(page)
    form["file-premises"] = [Upload("deed.pdf", b"MZ this is a program")]
    page = form.submit("add", index=1, status=422)
    assert page.html.find(id="file-premises-error")

    form = main_form(page)
    form["file-premises"] = [Upload("deed.pdf", b"x" * (2 * 1024 * 1024))]
    page = form.submit("add", index=1, status=422)
    assert "MB" in page.html.find(id="file-premises-error").text

    form = main_form(page)
    form["file-premises"] = [Upload("Акт.png", scan()), Upload("b.png", scan())]
    page = form.submit("add", index=1, status=303).follow()
    assert "Акт.png" in page.text
    page = main_form(page).submit("remove", index=0, status=303).follow()
    assert "Акт.png" not in page.text
    assert browser.get(f"{draft}/files/0").body == scan()


@pytest.mark.usefixtures("_large_bodies")
def test_an_upload_survives_a_retried_transaction(world, monkeypatch):
    attempts = []

    def collides_once(*given):
        attempts.append(given)
        if len(attempts) == 1:
            raise TransientError
        return attach_file(*given)

    monkeypatch.setattr("egovdocs.views.portal.attachments_page.attach_file", collides_once)
    browser = world.browser(CLINIC_BIN)
    draft = ordered(browser)
    form = main_form(browser.get(f"{draft}/attachments"))
    form["file-premises"] = [Upload("deed.png", scan())]
    form.submit("add", index=1, status=303)
    assert len(attempts) == 2
    assert browser.get(f"{draft}/files/0").body == scan()


def test_a_file_not_taken_is_answered_with_the_reason(world):
    browser = world.browser(CLINIC_BIN)
    form = main_form(browser.get(f"{ordered(browser)}/attachments"))
    form["file-premises"] = [Upload("lease.pdf", b"<html><script>alert(1)</script></html>")]
    page = form.submit("continue", status=422)
    errors = {error["href"]: error.text for error in page.html.select(".govuk-error-summary a")}
    assert "not a complete file of an accepted format" in errors["#file-premises"]
    assert "Attach" in errors["#file-staff"]


@pytest.mark.usefixtures("_large_bodies")
def test_too_large_a_request_gets_a_clear_page(world):
    browser = world.browser(CLINIC_BIN)
    draft = ordered(browser)
    most = world.application.registry["settings"].max_request_bytes
    page = browser.post(f"{draft}/attachments", b"x" * (most + 1), status=413)
    assert "The file is too large" in page.text


def test_another_applicant_sees_nothing(world):
    draft = ordered(world.browser(CLINIC_BIN))
    world.browser().get(draft, status=303)
    world.browser("officer").get(draft, status=403)
    world.browser("officer").get(f"{draft}/form/applicant", status=403)
    world.browser("archivist").get(f"{draft}/check", status=403)


@pytest.mark.parametrize("login", ["officer", "signatory", "archivist"])
def test_a_drafts_files_are_the_applicants_alone(world, login):
    reference = world.drafted()
    world.browser(CLINIC_BIN).get(f"/cases/{reference}/files/0", status=200)
    world.browser(login).get(f"/cases/{reference}/files/0", status=403)
    world.browser(login).get(f"/cases/{reference}", status=403)


def test_check_page_lists_what_is_missing_and_leads_there(world):
    browser = world.browser(CLINIC_BIN)
    draft = ordered(browser)
    page = browser.get(f"{draft}/check")
    hrefs = {link["href"].rpartition("localhost")[2] for link in page.html.select(".govuk-error-summary a")}
    assert any(href.endswith("/form/contacts?from=check") for href in hrefs)
    assert any(href.endswith("/attachments?from=check") for href in hrefs)
    assert "Continue to payment" not in page.text
    page = browser.get(f"{draft}/form/contacts?from=check")
    assert page.html.select(".govuk-error-summary a")
    form = main_form(page)
    form["phone"], form["email"] = "+7 729 212 34 56", "a@example.test"
    assert form.submit(status=303).location == f"{draft}/check"


def test_the_draft_s_pages_lead_to_the_request_once_it_is_sent(world):
    case = f"/cases/{world.registered()}"
    browser = world.browser(CLINIC_BIN)
    for page in ("form/contacts", "attachments", "check", "payment"):
        assert browser.get(f"{case}/{page}", status=303).location == case


def test_payment_and_signing_pages(world):
    browser = world.browser(CLINIC_BIN)
    reference = world.drafted()
    page = browser.get(f"/cases/{reference}/payment")
    assert "39,320" in page.text
    assert main_form(page).submit(status=303).location.startswith("http://localhost/bank/")
    page = browser.get(f"/cases/{reference}")
    assert "The bank has not told us" in page.text

    paid = world.paid()
    page = browser.get(f"/cases/{paid}/check")
    assert "The fee is paid." in page.text
    assert "/signings/" in main_form(page).submit(status=303).location


def test_signing_before_paying_is_refused(world):
    browser = world.browser(CLINIC_BIN)
    reference = world.drafted()
    token = main_form(browser.get(f"/cases/{reference}/payment"))["csrf_token"].value
    page = browser.post(f"/cases/{reference}/sign", {"csrf_token": token}, status=403)
    assert "has not been paid" in page.text
    assert page.html.select_one("h1 ~ p a, main p a")["href"] == f"/cases/{reference}"
    assert "P5" in page.html.main.text
    with world.site() as site:
        assert [entry.step for entry in site["cases"][reference].journal][-2:] == ["C2", "P5"]


def test_case_page_history_and_documents(world):
    browser = world.browser(CLINIC_BIN)
    reference = world.registered()
    page = browser.get(f"/cases/{reference}")
    with world.site() as site:
        case = site["cases"][reference]
        number, request = case.number, case.documents["request"].data
    assert number in page.text
    assert "working days left" in page.text
    assert "P9" in page.text
    assert number in browser.get("/account").text
    assert browser.get(f"/cases/{reference}/documents/request.xml").body == request
    assert browser.get(f"/cases/{reference}/documents/receipt.pdf").body.startswith(b"%PDF-")
    assert "Клиника «Шипа»" in browser.get(f"/cases/{reference}/documents/request").text
    attached = browser.get(f"/cases/{reference}/files/0")
    assert attached.headers["Content-Disposition"].startswith("attachment")
    for missing in ("documents/outcome", "documents/request.doc", "files/99", "files/x", "documents/"):
        browser.get(f"/cases/{reference}/{missing}", status=404)
    token = {"csrf_token": page.html.find("input", {"name": "csrf_token"})["value"]}
    late = browser.post(f"/cases/{reference}/form/contacts", token, status=422)
    assert late.text.count("can no longer be changed") == 1


@pytest.mark.parametrize(("granted", "kind"), [(True, "outcome"), (False, "refusal")])
def test_the_answer_is_shown(world, granted, kind):
    browser = world.browser(CLINIC_BIN)
    reference = world.answered(granted)
    assert "View the result" in browser.get(f"/cases/{reference}").text
    assert f"/cases/{reference}#result" in browser.get("/account").text
    assert "Signed by" in browser.get(f"/cases/{reference}/documents/{kind}").text
    assert browser.get(f"/cases/{reference}/documents/{kind}.pdf").content_type == "application/pdf"


def test_a_broken_page_tells_what_to_do(world, monkeypatch):
    monkeypatch.setattr("egovdocs.app.open_office.Office.fee", lambda *_: 1 / 0)
    page = world.browser().get("/services/medical-licence", status=500)
    assert "Sorry, something went wrong" in page.text
    assert "ZeroDivisionError" not in page.text


def test_strange_addresses_are_no_crash(world):
    browser = world.browser()
    browser.get("/%ff", status=404)
    browser.get("/?lang=%ff", status=404)
    browser.get("/cases/nothing", status=404)
    browser.get("/accounts/officer", status=404)
    browser.put("/login", status=404)
    browser.get(f"/licences?page={'9' * 5000}", status=200)


@pytest.mark.parametrize("place", ["9" * 5000, "%C2%B2", "-1", "1x"])
def test_strange_places_of_files_are_no_crash(world, place):
    world.browser(CLINIC_BIN).get(f"/cases/{world.drafted()}/files/{place}", status=404)


@pytest.mark.parametrize("kind", ["multipart/form-data", "application/x-www-form-urlencoded; charset=utf-16"])
@pytest.mark.parametrize("path", ["/login", "/verify"])
def test_a_form_that_cannot_be_read_is_no_crash(world, path, kind):
    page = world.browser().post(path, b"abc", {"Content-Type": kind}, status=400)
    assert "We could not read what was sent" in page.text


def test_the_journal_names_step_unit_limit_and_answer(world):
    page = world.browser(CLINIC_BIN).get(f"/cases/{world.registered()}")
    entries = {
        " ".join(one.select_one(".app-step").text.split()): " ".join(one.text.split())
        for one in page.html.select(".app-timeline li")
    }
    assert "Applicant" in entries["P3"]
    assert "limit: 1.5 min" in entries["P3"]
    assert entries["C3"].endswith("yes")
    assert "in progress" in entries["C4"]
    answered = world.browser(CLINIC_BIN).get(f"/cases/{world.answered()}")
    assert "limit: 15 working days" in answered.text


def test_a_session_that_ended_in_the_middle_of_a_form(world):
    reference, browser = world.drafted(), world.browser(CLINIC_BIN)
    form = main_form(browser.get(f"/cases/{reference}/form/contacts"))
    browser.reset()
    page = browser.get(form.submit(status=303).location)
    assert "what you sent last was not saved" in page.text
    login = main_form(page)
    login["login"], login["password"] = CLINIC_BIN, PASSWORD
    assert login.submit(status=303).location.endswith(f"/cases/{reference}/form/contacts")


def test_more_than_a_person_types(world):
    browser, reference = world.browser(CLINIC_BIN), world.drafted()
    form = main_form(browser.get(f"/cases/{reference}/form/contacts"))
    form["email"] = "x" * 300_000
    assert "more text than a request can hold" in form.submit(status=422).text
    token = form["csrf_token"].value
    many = {f"site-{n}-name": "x" for n in range(3000)}
    page = browser.post(f"/cases/{reference}/form/sites", {"csrf_token": token, **many}, status=422)
    assert "at most 50" in page.text
    assert len(page.html.select("input[name$='-name']")) == 51
    browser.get(f"/cases/{reference}/form/sites?add=site", status=200)


def test_a_request_is_in_the_language_it_is_made_in(world):
    browser = world.browser(CLINIC_BIN)
    browser.get("/?lang=kk")
    reference = ordered(browser).rpartition("/")[2]
    with world.site() as site:
        assert site["cases"][reference].language == "kk"
