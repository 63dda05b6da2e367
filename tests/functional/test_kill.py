"""A power cut right after any acknowledged step loses nothing of it."""

from __future__ import annotations

import email
import time
from collections.abc import Callable
from email.policy import default
from pathlib import Path
from typing import TypeVar

import pytest
from lxml import etree

from egovdocs.sandbox import scenario
from egovdocs.sandbox.http_visitor import Visitor, WebPage
from egovdocs.sandbox.running_site import RunningSite

pytestmark = pytest.mark.slow

T = TypeVar("T")


def letters(folder: Path, number: str) -> list[str]:
    """What the applicant was told of a request, once the outbox is empty: each letter once."""
    deadline = time.monotonic() + 120
    while True:
        mails = [email.message_from_bytes(file.read_bytes(), policy=default) for file in folder.glob("*.eml")]
        told = sorted(str(mail["Subject"]) for mail in mails if number in mail["Subject"])
        if len(told) >= 3 or time.monotonic() > deadline:
            return [subject.partition(": ")[2] for subject in told]
        time.sleep(0.1)


def test_kill_after_each_acknowledged_step(tmp_path: Path):
    site = RunningSite(tmp_path)
    site.start()

    def cut(acknowledged: T) -> T:
        """The step was acknowledged: the power goes, and comes back."""
        site.kill()
        site.start()
        return acknowledged

    def again(open_page: Callable[[], WebPage], *words: str) -> WebPage:
        page = open_page()
        assert all(word in page.text for word in words), page.text
        return page

    try:
        key, official = scenario.load_key(site.keys, "applicant"), scenario.load_key(site.keys, "signatory")
        cut(scenario.register_applicant(Visitor(site.url), key))
        applicant = Visitor(site.url, "en")
        scenario.log_in(applicant, scenario.login_of(key))

        check = cut(scenario.fill_request(applicant))
        case = scenario.case_url(check)
        again(
            lambda: applicant.open(f"{case}/check"), "Кабинет семейного врача", "Сертификаты специалистов.png"
        )

        cut(scenario.pay_fee(applicant, check))
        registered = cut(scenario.sign_request(applicant, check, key))
        page = again(lambda: applicant.open(case), registered.tree.xpath("string(//main//h1)").strip())
        request, receipt = (applicant.open(page.link(f"/{kind}.xml")).body for kind in ("request", "receipt"))
        number = etree.fromstring(receipt).findtext("{urn:egovdocs:receipt:1}number")
        assert number

        officer, signatory = Visitor(site.url, "en"), Visitor(site.url, "en")
        scenario.log_in(officer, "officer")
        scenario.log_in(signatory, "signatory")
        granted = cut(scenario.review_case(officer, number))
        cut(scenario.sign_outcome(signatory, granted, official))

        page = applicant.open(case)
        assert applicant.open(page.link("/request.xml")).body == request
        assert applicant.open(page.link("/receipt.xml")).body == receipt
        licence = applicant.open(page.link("/outcome.pdf")).body
        scenario.verify_document(Visitor(site.url), "licence.pdf", licence)
        assert letters(tmp_path / "mail", number) == ["документ готов", "зарегистрирован", "на рассмотрении"]
        # The numbers go on where they stopped.
        second = scenario.fill_request(applicant)
        scenario.pay_fee(applicant, second)
        again(lambda: scenario.sign_request(applicant, second, key), "-000002-")
    finally:
        site.stop()
