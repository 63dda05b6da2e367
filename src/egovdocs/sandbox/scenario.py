"""The steps of a service's procedures over HTTP, as the people of the demo site take them.

The demo and the tests combine them. The step numbers are those of table A1 unless another is named.
"""

from __future__ import annotations

import re
import time
from pathlib import Path
from urllib.parse import urljoin

from egovdocs.sandbox.demo_people import PASSWORD
from egovdocs.sandbox.http_visitor import UnexpectedResponse, Visitor, WebPage
from egovdocs.sandbox.sample_requests import LICENCE_REQUEST, SampleRequest, sample_file
from egovdocs.signing import Signer, holder, load_pkcs12

TIMEOUT = 300  # seconds; the outbox tries again after 5, 10, 20, 40 …


def load_key(folder: Path, name: str) -> Signer:
    """Return the key in ``{name}.p12`` of the demo site's folder of keys."""
    return load_pkcs12((folder / f"{name}.p12").read_bytes(), PASSWORD)


def login_of(signer: Signer) -> str:
    """Return the login of the key's holder: the BIN or IIN."""
    return holder(signer.certificate).identifier


# Accounts


def register_applicant(visitor: Visitor, signer: Signer) -> WebPage:
    """Register an account with a password and a signed challenge."""
    page = visitor.submit(visitor.open("/register"), "password", {"password": PASSWORD, "again": PASSWORD})
    return visitor.sign(page, signer)


def log_in(visitor: Visitor, login: str) -> WebPage:
    """Log in (P1, C1)."""
    return visitor.submit(visitor.open("/login"), "password", {"login": login, "password": PASSWORD})


# Requests


def submit_request(applicant: Visitor, signer: Signer, request: SampleRequest = LICENCE_REQUEST) -> WebPage:
    """Fill in a request, pay a fee where there is one, sign (P3 to P9); return the page of the case."""
    check = fill_request(applicant, request)
    payment = "//main//a[contains(@href, '/payment')] | //main//form[contains(@action, '/payment')]"
    if check.tree.xpath(payment):
        pay_fee(applicant, check)
    return sign_request(applicant, check, signer)


def fill_request(visitor: Visitor, request: SampleRequest = LICENCE_REQUEST) -> WebPage:
    """Fill in the form and attach the documents (P3); return the page of check-your-answers."""
    page = visitor.open(f"/services/{request.service}")
    page = visitor.submit(page, f"/services/{request.service}", {"action": request.action})
    return fill_pages(visitor, page, request)


def fill_pages(visitor: Visitor, page: WebPage, request: SampleRequest) -> WebPage:
    """Fill in the form from a page on and attach the documents; return the page of check-your-answers."""
    while "/form/" in page.url:
        name = page.url.rpartition("/")[2]
        page = visitor.submit(page, f"/form/{name}", request.form[name])
    if "/check" in page.url:  # the service requires no documents
        return page
    while files := {
        field.get("name"): sample_file(field.get("name"))
        for field in page.form("/attachments").xpath(".//input[@type='file']")
        if not field.xpath("ancestor::*[.//button[@name='remove']][1][self::div or self::fieldset]")
    }:
        papers = page.tree.xpath("//main//input[@name='paper']/@value")
        page = visitor.submit(page, "/attachments", {"continue": "1", "paper": papers}, files)
        if "/check" in page.url:
            return page
    raise UnexpectedResponse(f"{page.url}: no way to attach documents")


def pay_fee(visitor: Visitor, check: WebPage) -> WebPage:
    """Pay at the embedded bank's page (P4, C2); return the page that the bank leads back to.

    :param check: a page of the case.
    """
    page = visitor.open(f"{case_url(check)}/payment")
    bank = visitor.submit(page, "/payment")
    page = visitor.submit(bank, "/pay")
    deadline = time.monotonic() + TIMEOUT
    while "/bank/" in page.url:
        if time.monotonic() > deadline:
            raise UnexpectedResponse(f"{page.url}: the bank's notice did not come")
        time.sleep(0.1)
        page = visitor.open(page.url)
    return page


def sign_request(visitor: Visitor, check: WebPage, signer: Signer) -> WebPage:
    """Sign a request that is filled in (P6, C3, P8, P9); return the page of the case.

    :param check: a page of the case.
    """
    page = visitor.open(f"{case_url(check)}/check")
    return visitor.sign(visitor.submit(page, "/sign"), signer)


def wait_until_registered(visitor: Visitor, case: WebPage, timeout: float = TIMEOUT) -> WebPage:
    """Return the page of a case once the request that is being sent has its number (P6 of table B1).

    :param timeout: in seconds.
    """
    deadline = time.monotonic() + timeout
    while not any(map(str.isdigit, request_number(case))):
        if time.monotonic() > deadline:
            raise UnexpectedResponse(f"{case.url}: the request was not registered")
        time.sleep(0.2)
        case = visitor.open(case.url)
    return case


def answer_remark(applicant: Visitor, case: WebPage, text: str, signer: Signer) -> WebPage:
    """Answer the first remark, signed."""
    page = applicant.open(f"{case.url}/remark/1")
    return applicant.sign(applicant.submit(page, "/remark/1", {"text": text}), signer)


def withdraw_request(applicant: Visitor, case: WebPage, reason: str, signer: Signer) -> WebPage:
    """Withdraw a request, signed."""
    page = applicant.open(f"{case.url}/withdraw")
    return applicant.sign(applicant.submit(page, "/withdraw", {"reason": reason}), signer)


# Requests made in person


def receive_visitor(
    staff: Visitor,
    request: SampleRequest,
    identifier: str,
    desk: str = "/provider/visitors",
    expect: int = 200,
    **fields: str,
) -> WebPage:
    """Look a visitor up in the registers (P3, P4, C2 of table A2).

    :param identifier: the applicant's IIN or BIN.
    :param desk: ``/provider/visitors`` for an officer, ``/centre`` for an operator.
    :param fields: more fields of the form, such as ``representative`` and ``power``.
    :returns: the page of the request's parts, or the page that says that nobody was found.
    """
    values = {"errand": f"{request.service}:{request.action}", "identifier": identifier, **fields}
    return staff.submit(staff.open(f"{desk}/new"), "identifier", values, expect=expect)


def repeat_look_up(staff: Visitor, page: WebPage) -> WebPage:
    """Look a visitor up again after a failed look-up; return the page of the request's parts."""
    return staff.submit(page, "/look-up")


def fill_visitor_request(staff: Visitor, parts: WebPage, request: SampleRequest = LICENCE_REQUEST) -> WebPage:
    """Fill in the request of a visitor (P6 of table A2, P5 of A3 and B2); return check-your-answers."""
    return fill_pages(staff, staff.open(parts.link("/form/")), request)


def seal_request(staff: Visitor, check: WebPage) -> WebPage:
    """Register a request under the site's seal (P7 of table A2); return the page of the case."""
    return staff.submit(staff.open(f"{case_url(check)}/check"), "/register")


def hand_out(staff: Visitor, case: WebPage) -> WebPage:
    """Record that the visitor has received the outcome."""
    return staff.submit(staff.open(case.url), "/hand-out")


# Review and outcome


def review_case(officer: Visitor, number: str, met: bool = True) -> WebPage:
    """Claim a case and answer its checklist (C4)."""
    return decide_case(officer, claim_case(officer, number), met)


def claim_case(officer: Visitor, number: str) -> WebPage:
    """Claim a case of the queue; return its page of review."""
    queue = officer.open("/provider?show=all")
    (target,) = {
        link.get("href")
        for link in queue.tree.xpath("//main//a[contains(@href, '/provider/cases/')]")
        if number in link.text_content()
    }
    return officer.submit(officer.open(target), "/claim")


def make_remark(officer: Visitor, page: WebPage, text: str) -> WebPage:
    """Make a remark to the applicant; return the page of review."""
    return officer.submit(page, "/remark", {"remark": text})


def decide_case(officer: Visitor, page: WebPage, met: bool = True) -> WebPage:
    """Answer the checklist; return the decision, or the form of the refusal.

    :param met: all requirements are met; otherwise one is not.
    """
    form = page.form("/review")
    radios = {name for name in form.fields if name.startswith("requirement-")}
    answers = dict.fromkeys(radios, "met")
    if not met:
        answers |= dict.fromkeys(sorted(radios)[:1], "not-met")
    return officer.submit(page, "/review", answers | {"grant" if met else "refuse": "1"})


def refuse_case(officer: Visitor, page: WebPage, request: SampleRequest = LICENCE_REQUEST) -> WebPage:
    """Decide a refusal with its grounds (P10); the signatory has yet to sign it."""
    answers = {"grounds": request.grounds, "reason": request.reason}
    return officer.submit(page, "/refuse", answers)


def sign_outcome(signatory: Visitor, page: WebPage, signer: Signer) -> WebPage:
    """Sign the outcome that was decided (P10 or P11)."""
    case = signatory.open(page.url.replace("/refuse", ""))
    return signatory.sign(signatory.submit(case, "/sign"), signer)


def issue_order(
    signatory: Visitor, number: str, kind: str, ground: str, reason: str, signer: Signer
) -> WebPage:
    """Sign an order on a licence, in effect from today; return the licence's page."""
    page = signatory.open(f"/provider/licences/{number}")
    page = signatory.open(page.link(f"/order/{kind}"))
    page = signatory.submit(page, f"/order/{kind}", {"ground": ground, "reason": reason})
    return signatory.sign(page, signer)


# Documents


def download_documents(visitor: Visitor, page: WebPage) -> dict[str, bytes]:
    """Return the signed documents and PDFs that a page links to, by file name."""
    links = [urljoin(page.url, target) for target in page.tree.xpath("//main//a/@href")]
    wanted = [link for link in links if re.search(r"/(documents|orders)/[^/]+\.(xml|pdf)$", link)]
    return {link.rpartition("/")[2]: visitor.open(link).body for link in dict.fromkeys(wanted)}


def download_augmented(visitor: Visitor, case: WebPage, kind: str, timeout: float = TIMEOUT) -> bytes:
    """Return a document with its evidence, which is taken some seconds after the document was signed.

    :param timeout: in seconds.
    """
    deadline = time.monotonic() + timeout
    while True:
        page = visitor.open(f"{case.url}/documents/{kind}")
        try:
            return visitor.open(page.link(".augmented.xml")).body
        except UnexpectedResponse:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def verify_document(visitor: Visitor, name: str, document: bytes) -> WebPage:
    """Upload a document to the verification page.

    :raises UnexpectedResponse: it is not genuine.
    """
    files = {"document": (name, document, "application/octet-stream")}
    page = visitor.submit(visitor.open("/verify"), "document", {}, files)
    if not page.tree.xpath("//*[@data-verdict='genuine']"):
        raise UnexpectedResponse(f"{name} is not called genuine: {page.text[:500]}")
    return page


def export_case(archivist: Visitor, number: str) -> bytes:
    """Return the archive packages of a closed case, as a zip."""
    page = archivist.open("/archive")
    (case,) = page.tree.xpath("//tr[contains(., $number)]//input[@name='case']/@value", number=number)
    return archivist.submit(page, "/archive/export", {"case": case}).body


# What the pages of a case say


def case_url(page: WebPage) -> str:
    """Return ``/cases/{reference}`` of a page's URL."""
    start, _, rest = page.url.partition("/cases/")
    return f"{start}/cases/{rest.partition('/')[0]}"


def request_number(case: WebPage) -> str:
    """Return the request's number on the page of a case."""
    return str(case.tree.xpath("string(//main//h1)")).split()[-1]


def journal_steps(case: WebPage) -> list[str]:
    """Return the numbers of the steps in the journal on the page of a case, in order."""
    return [step.text_content().strip() for step in case.tree.xpath("//main//*[@class='app-step']")]


def journal_path(case: WebPage) -> str:
    """Return the journal as a text such as ``P1 C1+ P3 P4 C2-``, with the current step in brackets."""
    marks = {"done": "{}", "yes": "{}+", "no": "{}-", "left": "{}?", None: "({})"}
    events = [step.get("data-event") for step in case.tree.xpath("//main//li[.//*[@class='app-step']]")]
    steps = journal_steps(case)
    return " ".join(marks[event].format(step) for step, event in zip(steps, events, strict=True))
