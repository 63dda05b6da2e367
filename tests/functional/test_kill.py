"""A power cut right after any acknowledged step loses nothing of it."""

from __future__ import annotations

import email
import time
from collections.abc import Callable
from email.policy import default
from pathlib import Path
from typing import TypeVar

from lxml import etree

from egovdocs.sandbox import scenario as walk
from egovdocs.sandbox.http_visitor import Page, Visitor
from egovdocs.sandbox.running_site import RunningSite

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

    def again(open_page: Callable[[], Page], *words: str) -> Page:
        page = open_page()
        assert all(word in page.text for word in words), page.text
        return page

    try:
        key, official = walk.key(site.keys, "applicant"), walk.key(site.keys, "signatory")
        cut(walk.register(Visitor(site.url), key))
        applicant = Visitor(site.url, "en")
        walk.log_in(applicant, walk.holder_of(key))

        check = cut(walk.fill(applicant))
        case = walk.case_url(check)
        again(
            lambda: applicant.open(f"{case}/check"), "Кабинет семейного врача", "Сертификаты специалистов.png"
        )

        cut(walk.pay(applicant, check))
        registered = cut(walk.sign_request(applicant, check, key))
        page = again(lambda: applicant.open(case), registered.tree.xpath("string(//main//h1)").strip())
        request, receipt = (applicant.open(page.link(f"/{kind}.xml")).body for kind in ("request", "receipt"))
        number = etree.fromstring(receipt).findtext("{urn:egovdocs:receipt:1}number")
        assert number

        officer, signatory = Visitor(site.url, "en"), Visitor(site.url, "en")
        walk.log_in(officer, "officer")
        walk.log_in(signatory, "signatory")
        granted = cut(walk.review(officer, number))
        cut(walk.sign_outcome(signatory, granted, official))

        page = applicant.open(case)
        assert applicant.open(page.link("/request.xml")).body == request
        assert applicant.open(page.link("/receipt.xml")).body == receipt
        licence = applicant.open(page.link("/outcome.pdf")).body
        walk.verify(Visitor(site.url), "licence.pdf", licence)
        assert letters(tmp_path / "mail", number) == ["документ готов", "зарегистрирован", "на рассмотрении"]
        # The numbers go on where they stopped.
        second = walk.fill(applicant)
        walk.pay(applicant, second)
        again(lambda: walk.sign_request(applicant, second, key), "-000002-")
    finally:
        site.stop()
