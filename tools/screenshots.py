"""Makes docs/images/tour.png: a request under review, the licence and its verification, on the demo site.

Run it with ``.venv/bin/python tools/screenshots.py``; ``make test`` installs the Chromium and pdftoppm it
needs.
"""

from __future__ import annotations

import subprocess
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps
from playwright.sync_api import Page, sync_playwright

from egovdocs.sandbox import scenario
from egovdocs.sandbox.demo_people import PASSWORD
from egovdocs.sandbox.http_visitor import Visitor
from egovdocs.sandbox.running_site import RunningSite

TARGET = Path(__file__).parents[1] / "docs" / "images" / "tour.png"
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
HEIGHT = 900  # pixels of the picture
GAP = 24
GROUND = "#dfe9ec"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, RunningSite(Path(folder)) as site:
        pdf, review = _documents(site)
        licence = Path(folder) / "licence.pdf"
        licence.write_bytes(pdf)
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
            viewport = {"width": 1180, "height": HEIGHT}
            page = chromium.new_context(base_url=site.url, locale="ru-RU", viewport=viewport).new_page()
            shots = [_review(page, review), _paper(licence), _verification(page, licence)]
            chromium.close()
    TARGET.parent.mkdir(exist_ok=True)
    _side_by_side(shots).save(TARGET, optimize=True)


def _documents(site: RunningSite) -> tuple[bytes, str]:
    """A licence as PDF, and where a second request is reviewed."""
    applicant, officer, signatory = (Visitor(site.url) for _ in range(3))
    key = scenario.load_key(site.keys, "applicant")
    scenario.register_applicant(applicant, key)
    scenario.log_in(officer, "officer")
    scenario.log_in(signatory, "signatory")

    def ask() -> tuple[str, str]:
        check = scenario.fill_request(applicant)
        scenario.pay_fee(applicant, check)
        case = scenario.sign_request(applicant, check, key)
        return case.url, case.tree.xpath("string(//main//h1)").split()[-1]

    case, number = ask()
    scenario.sign_outcome(
        signatory, scenario.review_case(officer, number), scenario.load_key(site.keys, "signatory")
    )
    pdf = applicant.open(applicant.open(case).link("/outcome.pdf")).body
    second, _number = ask()
    return pdf, second.replace("/cases/", "/provider/cases/")


def _review(page: Page, url: str) -> Image.Image:
    page.goto("/login")
    page.fill("[name=login]", "officer")
    page.fill("[name=password]", PASSWORD)
    _press(page, "main button[type=submit]")
    page.goto(url)
    _press(page, "form[action$='/claim'] button")
    return _shot(page)


def _paper(licence: Path) -> Image.Image:
    command = ["pdftoppm", "-png", "-r", "110", "-f", "1", "-l", "1", str(licence)]
    return Image.open(BytesIO(subprocess.run(command, check=True, capture_output=True).stdout))


def _verification(page: Page, licence: Path) -> Image.Image:
    page.context.clear_cookies()
    page.set_viewport_size({"width": 760, "height": HEIGHT})
    page.goto("/verify")
    page.set_input_files("#document", licence)
    _press(page, "form:has(#document) button")
    page.locator("[data-verdict=genuine]").wait_for()
    return _shot(page)


def _press(page: Page, button: str) -> None:
    """Click it and wait for the page that answers."""
    with page.expect_navigation():
        page.locator(button).click()


def _shot(page: Page) -> Image.Image:
    page.wait_for_load_state("networkidle")
    return Image.open(BytesIO(page.screenshot()))


def _side_by_side(shots: list[Image.Image]) -> Image.Image:
    fitted = [ImageOps.contain(shot.convert("RGB"), (4000, HEIGHT)) for shot in shots]
    width = sum(shot.width for shot in fitted) + GAP * (len(fitted) + 1)
    picture = Image.new("RGB", (width, HEIGHT + 2 * GAP), GROUND)
    left = GAP
    for shot in fitted:
        picture.paste(shot, (left, GAP))
        left += shot.width + GAP
    return picture.quantize(128)


if __name__ == "__main__":
    main()
