"""The people of the demo site, walking a service's path over real HTTP.

The steps named are those of table A1; another service does the same under numbers of its own.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from egovdocs.sandbox.demo_site import PASSWORD
from egovdocs.sandbox.http_visitor import Page, Unexpected, Visitor
from egovdocs.signing import Signer, holder, load_pkcs12

ADDRESS = {
    "address-region": "47",
    "address-locality": "г. Актау",
    "address-street": "15-й микрорайон, дом 8, кв. 21",
    "address-postcode": "130000",
}
PATIENCE = 300  # seconds; the outbox tries again after 5, 10, 20, 40 …
CONTACTS = {"phone": "+7 701 000 00 01", "email": "applicant@example.test"}


@dataclass(frozen=True)
class Errand:
    """What an applicant comes for, and what is answered.

    :ivar form: by page of the form, the values of its fields.
    :ivar grounds: what a refusal of it names, should it be refused.
    """

    service: str
    action: str
    form: Mapping[str, Mapping[str, Any]]
    grounds: tuple[str, ...]
    reason: str


LICENCE = Errand(
    "medical-licence",
    "issue",
    {
        "applicant": ADDRESS,
        "activities": {"activity": ["therapy", "paediatrics"]},
        "sites": {
            "site-0-name": "Кабинет семейного врача «Дәрігер»",
            "site-0-address-region": "47",
            "site-0-address-locality": "г. Актау",
            "site-0-address-street": "27-й микрорайон, дом 3, помещение 4",
            "site-0-address-postcode": "130002",
        },
        "contacts": CONTACTS,
        "declarations": {"truthful": "y", "mayPractise": "y", "personalData": "y"},
    },
    ("requirements-not-met",),
    "Помещение не соответствует санитарным правилам.",
)
ATTACHMENT = Errand(
    "clinic-attachment",
    "attach",
    {
        "applicant": ADDRESS,
        "choice": {"clinic": "tolqyn", "reason": "moved"},
        "contacts": CONTACTS,
        "declarations": {"truthful": "y", "oneClinic": "y", "personalData": "y"},
    },
    ("no-room",),
    "Все участки поликлиники заполнены до конца года.",
)


def again(action: str, licence: str) -> Errand:
    """A reissue or a duplicate of a licence."""
    own: dict[str, str] = {"licence": licence}
    if action == "reissue":
        since = datetime.now(UTC).date() - timedelta(days=10)
        own |= {"reason": "site-loss", "since-day": f"{since:%d}", "since-month": f"{since:%m}"}
        own |= {"since-year": f"{since:%Y}"}
    else:
        own |= {"reason": "lost"}
    return replace(LICENCE, action=action, form={**LICENCE.form, action: own})


def key(folder: Path, name: str) -> Signer:
    """A key of the demo site's people, by its file's name."""
    return load_pkcs12((folder / f"{name}.p12").read_bytes(), PASSWORD)


def holder_of(signer: Signer) -> str:
    """The login of whoever holds the key: their BIN or IIN."""
    return holder(signer.certificate).identifier


def register(visitor: Visitor, signer: Signer) -> Page:
    """Open an account: a password, and a signed challenge that proves who holds the certificate."""
    page = visitor.submit(visitor.open("/register"), "password", {"password": PASSWORD, "again": PASSWORD})
    return visitor.sign(page, signer)


def log_in(visitor: Visitor, login: str) -> Page:
    """P1 and C1."""
    return visitor.submit(visitor.open("/login"), "password", {"login": login, "password": PASSWORD})


def fill(visitor: Visitor, errand: Errand = LICENCE) -> Page:
    """P3: the form page by page and the documents; ends at check-your-answers."""
    page = visitor.open(f"/services/{errand.service}")
    page = visitor.submit(page, f"/services/{errand.service}", {"action": errand.action})
    return fill_in(visitor, page, errand)


def receive(
    staff: Visitor,
    errand: Errand,
    identifier: str,
    door: str = "/provider/visitors",
    expect: int = 200,
    **more: str,
) -> Page:
    """P3, P4 and C2 of table A2: somebody has come to an officer, or to an operator at ``/centre``.

    :param more: other fields of the form, such as ``representative`` and ``power``.
    :returns: the request's parts; or, when the registers know nobody or give no answer, what is said of it.
    """
    asked = {"errand": f"{errand.service}:{errand.action}", "identifier": identifier, **more}
    return staff.submit(staff.open(f"{door}/new"), "identifier", asked, expect=expect)


def look_up(staff: Visitor, waiting: Page) -> Page:
    """P4 and C2 of table A2 again, once the registers can be reached; ends at the request's parts."""
    return staff.submit(waiting, "/look-up")


def fill_for(staff: Visitor, parts: Page, errand: Errand = LICENCE) -> Page:
    """P6 of table A2, P5 of A3 and B2 up to the signature; ends at check-your-answers."""
    return fill_in(staff, staff.open(parts.link("/form/")), errand)


def seal_request(staff: Visitor, check: Page) -> Page:
    """P7 of table A2: the request is registered without a person's signature; ends at the case."""
    return staff.submit(staff.open(f"{case_url(check)}/check"), "/register")


def hand_out(staff: Visitor, case: Page) -> Page:
    """The outcome is given to who has come for it."""
    return staff.submit(staff.open(case.url), "/hand-out")


def fill_in(visitor: Visitor, page: Page, errand: Errand) -> Page:
    """The form from one of its pages on, and the documents; ends at check-your-answers."""
    while "/form/" in page.url:
        name = page.url.rpartition("/")[2]
        page = visitor.submit(page, f"/form/{name}", errand.form[name])
    if "/check" in page.url:  # no documents are asked for
        return page
    while files := {
        field.get("name"): scan(field.get("name"))
        for field in page.form("/attachments").xpath(".//input[@type='file']")
        if not field.xpath("ancestor::*[.//button[@name='remove']][1][self::div or self::fieldset]")
    }:
        shown = page.tree.xpath("//main//input[@name='paper']/@value")
        page = visitor.submit(page, "/attachments", {"continue": "1", "paper": shown}, files)
        if "/check" in page.url:
            return page
    raise Unexpected(f"{page.url}: no way to attach documents")


def case_url(page: Page) -> str:
    """``/cases/{reference}`` of the page."""
    start, _, rest = page.url.partition("/cases/")
    return f"{start}/cases/{rest.partition('/')[0]}"


def number_of(case: Page) -> str:
    """The request's number, as the case's page has it."""
    return str(case.tree.xpath("string(//main//h1)")).split()[-1]


def journal(case: Page) -> list[str]:
    """The steps of the case page's journal, in order."""
    return [step.text_content().strip() for step in case.tree.xpath("//main//*[@class='app-step']")]


def way(case: Page) -> str:
    """The same with how each step ended: ``P1 C1+ P3 P4 C2-``, the step it stands at in brackets."""
    marks = {"done": "{}", "yes": "{}+", "no": "{}-", "left": "{}?", None: "({})"}
    events = [step.get("data-event") for step in case.tree.xpath("//main//li[.//*[@class='app-step']]")]
    return " ".join(marks[event].format(step) for step, event in zip(journal(case), events, strict=True))


def pay(visitor: Visitor, check: Page) -> Page:
    """P4 and C2, at the embedded bank's page."""
    page = visitor.open(f"{case_url(check)}/payment")
    bank = visitor.submit(page, "/payment")
    page = visitor.submit(bank, "/pay")
    deadline = time.monotonic() + PATIENCE
    while "/bank/" in page.url:
        if time.monotonic() > deadline:
            raise Unexpected(f"{page.url}: the bank's notice did not come")
        time.sleep(0.1)
        page = visitor.open(page.url)
    return page


def sign_request(visitor: Visitor, check: Page, signer: Signer) -> Page:
    """P6, C3, P8 and P9: ends at the case with its number."""
    page = visitor.open(f"{case_url(check)}/check")
    return visitor.sign(visitor.submit(page, "/sign"), signer)


def arrived(visitor: Visitor, case: Page, patience: float = PATIENCE) -> Page:
    """P6 of table B1: the case, once the request that is being sent has its number.

    :param patience: seconds to wait for it.
    """
    deadline = time.monotonic() + patience
    while not any(map(str.isdigit, number_of(case))):
        if time.monotonic() > deadline:
            raise Unexpected(f"{case.url}: the request has not arrived")
        time.sleep(0.2)
        case = visitor.open(case.url)
    return case


def asked(applicant: Visitor, signer: Signer, errand: Errand = LICENCE) -> Page:
    """P3 to P9: filled in, paid where there is a fee, signed and registered; ends at the case."""
    check = fill(applicant, errand)
    if check.tree.xpath(
        "//main//a[contains(@href, '/payment')] | //main//form[contains(@action, '/payment')]"
    ):
        pay(applicant, check)
    return sign_request(applicant, check, signer)


def review(officer: Visitor, number: str, met: bool = True) -> Page:
    """C4: the officer takes the case and answers the checklist."""
    return decide(officer, claim(officer, number), met)


def claim(officer: Visitor, number: str) -> Page:
    """The officer takes a case to review it."""
    queue = officer.open("/provider?show=all")
    (target,) = {
        link.get("href")
        for link in queue.tree.xpath("//main//a[contains(@href, '/provider/cases/')]")
        if number in link.text_content()
    }
    return officer.submit(officer.open(target), "/claim")


def decide(officer: Visitor, page: Page, met: bool = True) -> Page:
    """The officer answers the checklist, and grants or goes on to a refusal."""
    form = page.form("/review")
    radios = {name for name in form.fields if name.startswith("requirement-")}
    answers = dict.fromkeys(radios, "met")
    if not met:
        answers |= dict.fromkeys(sorted(radios)[:1], "not-met")
    return officer.submit(page, "/review", answers | {"grant" if met else "refuse": "1"})


def refuse(officer: Visitor, page: Page, errand: Errand = LICENCE) -> Page:
    """P10, as far as the officer takes it."""
    answers = {"grounds": errand.grounds, "reason": errand.reason}
    return officer.submit(page, "/refuse", answers)


def remark(officer: Visitor, page: Page, text: str) -> Page:
    """The officer asks the applicant something; ends at the case under review."""
    return officer.submit(page, "/remark", {"remark": text})


def answer_remark(applicant: Visitor, case: Page, text: str, signer: Signer) -> Page:
    """The applicant answers the first remark, signed."""
    page = applicant.open(f"{case.url}/remark/1")
    return applicant.sign(applicant.submit(page, "/remark/1", {"text": text}), signer)


def withdraw(applicant: Visitor, case: Page, reason: str, signer: Signer) -> Page:
    """The applicant takes the request back, signed."""
    page = applicant.open(f"{case.url}/withdraw")
    return applicant.sign(applicant.submit(page, "/withdraw", {"reason": reason}), signer)


def order(signatory: Visitor, number: str, kind: str, ground: str, reason: str, signer: Signer) -> Page:
    """A signed order on a licence, in effect from today; ends at the licence's page."""
    page = signatory.open(f"/provider/licences/{number}")
    page = signatory.open(page.link(f"/order/{kind}"))
    page = signatory.submit(page, f"/order/{kind}", {"ground": ground, "reason": reason})
    return signatory.sign(page, signer)


def documents(visitor: Visitor, page: Page) -> dict[str, bytes]:
    """The signed documents that a page leads to, and their papers, by file name."""
    links = [urljoin(page.url, target) for target in page.tree.xpath("//main//a/@href")]
    wanted = [link for link in links if re.search(r"/(documents|orders)/[^/]+\.(xml|pdf)$", link)]
    return {link.rpartition("/")[2]: visitor.open(link).body for link in dict.fromkeys(wanted)}


def sign_outcome(signatory: Visitor, page: Page, signer: Signer) -> Page:
    """P10 or P11: the signatory reads the decision and signs it."""
    case = signatory.open(page.url.replace("/refuse", ""))
    return signatory.sign(signatory.submit(case, "/sign"), signer)


def verify(anybody: Visitor, name: str, document: bytes) -> Page:
    """Drop a downloaded document on the verification page."""
    files = {"document": (name, document, "application/octet-stream")}
    page = anybody.submit(anybody.open("/verify"), "document", {}, files)
    if not page.tree.xpath("//*[@data-verdict='genuine']"):
        raise Unexpected(f"{name} is not called genuine: {page.text[:500]}")
    return page


def augmented(visitor: Visitor, case: Page, kind: str, patience: float = PATIENCE) -> bytes:
    """A document with its evidence in it, which comes some seconds after the document.

    :param patience: seconds to wait for it.
    """
    deadline = time.monotonic() + patience
    while True:
        page = visitor.open(f"{case.url}/documents/{kind}")
        try:
            return visitor.open(page.link(".augmented.xml")).body
        except Unexpected:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def export(archivist: Visitor, number: str) -> bytes:
    """The bags of a closed case, as a zip."""
    page = archivist.open("/archive")
    (case,) = page.tree.xpath("//tr[contains(., $number)]//input[@name='case']/@value", number=number)
    return archivist.submit(page, "/archive/export", {"case": case}).body


def scan(name: str) -> tuple[str, bytes, str]:
    """A made-up paper document: a PDF, or for the staff's certificates a picture."""
    data = BytesIO()
    if name.endswith("staff"):
        Image.new("RGB", (640, 480), "white").save(data, "PNG")
        return "Сертификаты специалистов.png", data.getvalue(), "image/png"
    canvas = Canvas(data, invariant=True)
    canvas.drawString(72, 760, f"A made-up document: {name}")
    canvas.save()
    return f"{name}.pdf", data.getvalue(), "application/pdf"
