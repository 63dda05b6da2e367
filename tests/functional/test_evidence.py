"""Evidence from a real time-stamping service that is down at first, and killed in between."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from egovdocs.sandbox import scenario
from egovdocs.sandbox.http_visitor import Visitor, WebPage
from egovdocs.sandbox.running_site import RunningServer, RunningSite, free_port

pytestmark = pytest.mark.slow

TWO_YEARS_ON = (datetime.now(UTC) + timedelta(days=730)).date().isoformat()


def clock(site: RunningSite, port: int) -> RunningServer:
    """``egovdocs trust tsa`` with the demo site's key."""
    lines = (site.folder / "site.ini").read_text().splitlines()
    ini = dict(line.split(" = ", 1) for line in lines if " = " in line)
    password = site.folder / "clock.password"
    password.write_text(ini["egovdocs.timestamp_password"])
    command = ["trust", "tsa", "--listen", f"127.0.0.1:{port}", "--password-file", str(password)]
    command += ["--key", ini["egovdocs.timestamp_key"]]
    return RunningServer(command, f"http://127.0.0.1:{port}", site.folder / "clock.log")


def has_evidence(applicant: Visitor, case: WebPage) -> bool:
    return ".augmented.xml" in applicant.open(f"{case.url}/documents/request").body.decode()


def verifies(site: RunningSite, folder: Path, document: bytes) -> bool:
    """Does ``egovdocs verify`` find it genuine in two years, with the anchors and nothing else?"""
    (folder / "document.xml").write_bytes(document)
    command = ["verify", "--trust", str(site.folder / "trust" / "anchors"), "--at", TWO_YEARS_ON]
    return (
        subprocess.run(
            [sys.executable, "-m", "egovdocs", *command, str(folder / "document.xml")], capture_output=True
        ).returncode
        == 0
    )


def test_a_service_that_is_down_and_killed(tmp_path: Path) -> None:
    port = free_port()
    site = RunningSite(tmp_path / "site")
    config = tmp_path / "site" / "site.ini"
    address = f"use = egg:egovdocs\negovdocs.timestamp_url = http://127.0.0.1:{port}"
    config.write_text(config.read_text().replace("use = egg:egovdocs", address))
    with site:
        applicant = Visitor(site.url, "en")
        scenario.register_applicant(applicant, scenario.load_key(site.keys, "applicant"))
        first = scenario.submit_request(applicant, scenario.load_key(site.keys, "applicant"))
        assert not has_evidence(applicant, first)
        archivist = Visitor(site.url, "en")
        scenario.log_in(archivist, "archivist")
        assert "wait for their time-stamp: 2." in archivist.open("/archive").text

        site.kill()
        site.start()
        service = clock(site, port)
        with service:
            document = scenario.download_augmented(applicant, first, "request")
            service.kill()
        original = applicant.open(f"{first.url}/documents/request.xml").body
        assert b"EncapsulatedTimeStamp" not in original
        assert verifies(site, tmp_path, document)
        assert not verifies(site, tmp_path, original)

        second = scenario.submit_request(applicant, scenario.load_key(site.keys, "applicant"))
        assert not has_evidence(applicant, second)
        with clock(site, port):
            assert verifies(site, tmp_path, scenario.download_augmented(applicant, second, "request"))
            assert scenario.download_augmented(applicant, first, "request") == document, "taken once"
    assert "The time-stamp service did not answer: HTTPConnectionPool" in site.log.read_text("utf-8")
