"""A licence's life after its issue, over real HTTP: suspended, resumed, terminated by signed orders."""

from __future__ import annotations

import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from egovdocs.sandbox import scenario
from egovdocs.sandbox.http_visitor import UnexpectedResponse, Visitor, WebPage
from egovdocs.signing import Signer


@pytest.fixture(scope="module")
def licence(town) -> tuple[str, bytes]:
    """A licence's number and its signed document."""
    applicant = town.applicant()
    check = scenario.fill_request(applicant)
    scenario.pay_fee(applicant, check)
    case = scenario.sign_request(applicant, check, town.key("applicant"))
    officer, signatory = town.logged_in("officer"), town.logged_in("signatory")
    granted = scenario.review_case(officer, case.tree.xpath("string(//main//h1)").split()[-1])
    scenario.sign_outcome(signatory, granted, town.key("signatory"))
    document = applicant.open(f"{case.url}/documents/outcome.xml").body
    page = signatory.open("/provider/licences")
    return urlsplit(page.link("/provider/licences/KZ")).path.rpartition("/")[2], document


def prepare(signatory: Visitor, number: str, kind: str, ground: str) -> WebPage:
    """Fill in an order; ends at its signing page."""
    page = signatory.open(f"/provider/licences/{number}")
    page = signatory.open(page.link(f"/order/{kind}"))
    answers = {"ground": ground, "reason": "Акт проверки № 7 от 1 июня."}
    return signatory.submit(page, f"/order/{kind}", answers)


def order(signatory: Visitor, number: str, kind: str, ground: str, signer: Signer) -> WebPage:
    return signatory.sign(prepare(signatory, number, kind, ground), signer)


def verdict(visitor: Visitor, document: bytes) -> str:
    return scenario.verify_document(visitor, "licence.xml", document).text


def test_suspended_resumed_terminated(town, licence, tmp_path: Path) -> None:
    number, document = licence
    signatory, anybody, key = town.logged_in("signatory"), town.visitor(), town.key("signatory")
    assert "in force" in verdict(anybody, document)

    page = order(signatory, number, "suspension", "violations-found", key)
    assert "Suspended" in page.text
    said = verdict(anybody, document)
    assert "genuine, but suspended" in said
    assert "An inspection has found the conditions of the licence violated" in said
    assert "order 2" in said
    assert "is suspended" in anybody.open(f"/verify/{number}").text
    assert "Suspended" in anybody.open(f"/licences/{number}").text

    order(signatory, number, "resumption", "violations-remedied", key)
    assert "genuine and in force" in verdict(anybody, document)

    page = order(signatory, number, "termination", "holders-request", key)
    said = verdict(anybody, document)
    assert "genuine, but terminated" in said
    assert "The licensee has asked for it" in said
    assert not page.tree.xpath("//main//a[contains(@href, '/order/')]")
    for kind in ("suspension", "resumption", "termination"):
        signatory.open(f"/provider/licences/{number}/order/{kind}", expect=409)

    orders = sorted({a for a in page.tree.xpath("//main//a/@href") if "/orders/" in a and a.endswith(".xml")})
    assert len(orders) == 3
    for target in orders:
        signed = signatory.open(target).body
        assert "genuine" in scenario.verify_document(anybody, "order.xml", signed).text
        paper = signatory.open(target.removesuffix(".xml") + ".pdf").body
        scenario.verify_document(anybody, "order.pdf", paper)
        assert_strangers_accept(signed, town.site.folder, tmp_path)

    told = anybody.http.get(f"{town.site.url}/licences.json", params={"number": number}, timeout=60).json()
    changes = [event["change"] for event in told["licences"][0]["events"]]
    assert changes == ["issued", "suspended", "resumed", "terminated"]
    assert told["licences"][0]["state"] == "terminated"
    assert told["licences"][0]["holder"] is None  # a natural person


def test_who_may_not_order_is_refused(town, licence) -> None:
    number, _document = licence
    for visitor in (town.logged_in("officer"), town.applicant()):
        visitor.open(f"/provider/licences/{number}/order/suspension", expect=403)
    assert "/login" in town.visitor().open(f"/provider/licences/{number}/order/suspension").url


@pytest.mark.parametrize("key", ["employee", "stranger"])
def test_only_the_signatorys_key_signs_an_order(town, key) -> None:
    applicant = town.applicant()
    check = scenario.fill_request(applicant)
    scenario.pay_fee(applicant, check)
    case = scenario.sign_request(applicant, check, town.key("applicant"))
    officer, signatory = town.logged_in("officer"), town.logged_in("signatory")
    granted = scenario.review_case(officer, case.tree.xpath("string(//main//h1)").split()[-1])
    scenario.sign_outcome(signatory, granted, town.key("signatory"))
    number = signatory.open("/provider/licences").link("/provider/licences/KZ").rpartition("/")[2]

    page = prepare(signatory, number, "suspension", "court-decision")
    with pytest.raises(UnexpectedResponse):
        signatory.sign(page, town.key(key))
    assert "In force" in town.visitor().open(f"/licences/{number}").text


def assert_strangers_accept(signed: bytes, site: Path, folder: Path) -> None:
    """xmlsec1 says yes to an order, and no when another thing is ordered."""
    (anchor,) = (site / "trust" / "anchors").glob("*.pem")
    for data, accepted in ((signed, True), (signed.replace(b"effectiveFrom>20", b"effectiveFrom>19"), False)):
        file = folder / "order.xml"
        file.write_bytes(data)
        judge = ["xmlsec1", "--verify", "--trusted-pem", str(anchor), str(file)]
        said = subprocess.run(judge, capture_output=True, text=True)
        assert (said.returncode == 0) is accepted, said.stderr
