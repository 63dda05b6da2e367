"""A served site and a mail server that is not there at first: nothing is lost, nothing doubled."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from tests.mailroom import Mailroom, open_mailroom

from egovdocs.sandbox import scenario
from egovdocs.sandbox.http_visitor import Visitor
from egovdocs.sandbox.running_site import RunningSite, free_port
from egovdocs.sandbox.sample_requests import ATTACHMENT_REQUEST

pytestmark = pytest.mark.slow

PATIENCE = 300  # seconds; the outbox tries again after 5, 10, 20, 40 …


def subjects(room: Mailroom, wanted: int) -> list[str]:
    deadline = time.monotonic() + PATIENCE
    while len(room.letters) < wanted and time.monotonic() < deadline:
        time.sleep(0.1)
    return sorted(str(letter["Subject"]).partition(": ")[2] for letter in room.letters)


def test_letters_reach_a_server_that_comes_back_and_the_answer_is_appraised(tmp_path: Path) -> None:
    room, port = Mailroom(), free_port()
    site = RunningSite(tmp_path)
    config = tmp_path / "site.ini"
    there = f"egovdocs.mail = smtp://127.0.0.1:{port}\negovdocs.mail_starttls = false"
    config.write_text(config.read_text().replace(f"egovdocs.mail = file://{tmp_path}/mail", there))
    site.start()
    try:
        key = scenario.load_key(site.keys, "applicant")
        applicant, registrar, physician = (Visitor(site.url, "en") for _ in range(3))
        scenario.register_applicant(applicant, key)
        case = scenario.sign_request(applicant, scenario.fill_request(applicant, ATTACHMENT_REQUEST), key)
        site.kill()  # while nobody takes the first letter
        site.start()
        with open_mailroom(room, port):
            assert subjects(room, 1) == ["registered"], "in the language they registered in"
            scenario.log_in(registrar, "registrar")
            scenario.log_in(physician, "physician")
            granted = scenario.review_case(registrar, scenario.request_number(case))
            scenario.sign_outcome(physician, granted, scenario.load_key(site.keys, "physician"))
            assert subjects(room, 3) == ["registered", "the document is ready", "under review"]
        (last,) = (letter for letter in room.letters if "ready" in letter["Subject"])
        place = next(word for word in last.get_content().split() if word.endswith("/questionnaire"))

        page = applicant.open(place)
        answers = {"quality": "satisfied", "accessibility": "partly"}
        assert "counted, without a name" in applicant.submit(page, "quality", answers).text
        assert "Two questions" not in applicant.open(case.url).text
        indicators = Visitor(site.url, "en").open("/indicators").tree
        assert indicators.xpath("string(//dt[.='Requests answered']/following-sibling::dd)") == "1"
    finally:
        site.stop()
