"""Who walks the tables: an applicant of either kind, who asks for anything, and those who answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from lxml import etree
from tests.functional.conftest import Town, unseen
from ZODB import DB
from ZODB.FileStorage import FileStorage

from egovdocs.casework.deadlines import WorkingCalendar
from egovdocs.content import JournalEntry, bootstrap
from egovdocs.sandbox import scenario
from egovdocs.sandbox.all_procedures import DECIDING_STAFF, DESKS
from egovdocs.sandbox.http_visitor import Visitor, WebPage
from egovdocs.sandbox.sample_requests import (
    ATTACHMENT_REQUEST,
    LICENCE_REQUEST,
    SampleRequest,
    licence_change,
)
from egovdocs.signing import Signer

KEYS = {"natural": "applicant", "legal": "clinic"}
UNKNOWN = {"natural": "680503250034", "legal": "070941024691"}
LIMITS = {"issue": 15, "reissue": 10, "duplicate": 2, "attach": 1}


@dataclass
class Crossroads(Town):
    """A town whose people log in once.

    :ivar people: by login.
    :ivar licences: the number of the licence in force, by kind of applicant.
    """

    people: dict[str, Visitor] = field(default_factory=dict)
    licences: dict[str, str] = field(default_factory=dict)

    def person(self, login: str) -> Visitor:
        """A member of the staff."""
        return self.people.get(login) or self.log_in(login)

    def applicant(self, key: str = "applicant") -> Visitor:
        login = scenario.login_of(self.key(key))
        if login not in self.people:
            self.people[login] = super().applicant(key)
        return self.people[login]

    def log_in(self, login: str) -> Visitor:
        """Somebody, once more if need be."""
        self.people[login] = self.logged_in(login)
        return self.people[login]

    def register(self, key: Signer) -> Visitor:
        """An applicant, once more if need be, which ends the sessions they had."""
        newcomer = self.people[scenario.login_of(key)] = self.visitor()
        scenario.register_applicant(newcomer, key)
        return newcomer

    def refused_login(self, login: str) -> WebPage:
        """A log-in with a wrong password."""
        visitor = self.visitor()
        wrong = {"login": login, "password": "not the password"}
        return visitor.submit(visitor.open("/login"), "password", wrong, expect=403)

    def logins(self, login: str) -> Sequence[JournalEntry]:
        """The journal of an account, which no page shows; the site goes on meanwhile."""
        storage = FileStorage(str(self.site.folder / "site" / "data.fs"), read_only=True)
        with closing(DB(storage)) as database, database.transaction() as connection:
            account = bootstrap(connection.root())["accounts"].get(login)
            return list(account.journal) if account else []


@dataclass
class Applicant:
    """An applicant of one kind who asks for one thing through the portal, and the provider that answers."""

    town: Crossroads
    table: str
    kind: str
    action: str

    @property
    def key(self) -> Signer:
        return self.town.key(KEYS[self.kind])

    @property
    def identifier(self) -> str:
        return scenario.login_of(self.key)

    @property
    def login(self) -> str:
        """Who fills the request in."""
        return self.identifier

    @property
    def visitor(self) -> Visitor:
        """They at the site, where they keep the request in sight."""
        return self.town.applicant(KEYS[self.kind])

    def errand(self) -> SampleRequest:
        if self.action == "attach":
            return ATTACHMENT_REQUEST
        return LICENCE_REQUEST if self.action == "issue" else licence_change(self.action, self.licensed())

    def licensed(self) -> str:
        """The number of a licence the applicant has."""
        if self.kind not in self.town.licences:
            replace(self, action="issue").granted()
        return self.town.licences[self.kind]

    def open(self) -> WebPage:
        """A new request."""
        errand = self.errand()
        service = f"/services/{errand.service}"
        begun = self.visitor.submit(self.visitor.open(service), service, {"action": errand.action})
        return self.visitor.open(scenario.case_url(begun))

    def draft(self) -> WebPage:
        """Filled in, with its documents; ends at check-your-answers."""
        return scenario.fill_request(self.visitor, self.errand())

    def paid(self) -> WebPage:
        """As far as the fee."""
        return scenario.pay_fee(self.visitor, self.draft())

    def unpaid(self) -> WebPage:
        """On to the signing without having paid; ends at what is said of it."""
        case = scenario.case_url(self.draft())
        return self.visitor.submit(unseen(self.visitor, f"{case}/sign"), "/sign", expect=403)

    def registered(self) -> WebPage:
        return scenario.submit_request(self.visitor, self.key, self.errand())

    def granted(self) -> WebPage:
        case = self.registered()
        case = self.signed(case, scenario.review_case(self.officer, scenario.request_number(case)))
        if self.action != "attach":
            self.town.licences[self.kind] = str(self.document(case, "outcome").findtext("{*}number"))
        return case

    def refused(self) -> WebPage:
        case = self.registered()
        refusing = scenario.review_case(self.officer, scenario.request_number(case), met=False)
        return self.signed(case, scenario.refuse_case(self.officer, refusing, self.errand()))

    @property
    def officer(self) -> Visitor:
        """Who reviews the request."""
        return self.town.person(DECIDING_STAFF[self.table[0]][0])

    def signed(self, case: WebPage, decided: WebPage) -> WebPage:
        """The outcome, by the signatory."""
        signatory = DECIDING_STAFF[self.table[0]][1]
        scenario.sign_outcome(self.town.person(signatory), decided, self.town.key(signatory))
        return self.visitor.open(case.url)

    def document(self, case: WebPage, kind: str) -> etree._Element:
        """A document of the case, which anybody finds genuine."""
        document = self.visitor.open(case.link(f"/{kind}.xml")).body
        scenario.verify_document(self.town.visitor(), f"{kind}.xml", document)
        return etree.fromstring(document)

    def check_receipt(self, case: WebPage) -> None:
        """It names the day by which the regulation has the request answered."""
        receipt = self.document(case, "receipt")
        registered = datetime.fromisoformat(str(receipt.findtext("{*}registeredAt")))
        due = WorkingCalendar().deadline(registered, LIMITS[self.action])
        assert receipt.findtext("{*}deadline") == due.isoformat()

    def check_limit(self, case: WebPage) -> None:
        """The last step of the journal names its time limit."""
        days = LIMITS[self.action]
        last = case.tree.xpath("//main//li[.//*[@class='app-step']]")[-1]
        assert f"limit: {days} working day{'s' * (days > 1)}" in " ".join(last.text_content().split())

    def check_refusal(self, case: WebPage) -> None:
        """It names the ground that the officer chose, and has a paper."""
        grounds = self.document(case, "refusal").iterfind("{*}grounds/{*}ground/{*}code")
        assert tuple(ground.text for ground in grounds) == self.errand().grounds
        assert self.visitor.open(case.link("/refusal.pdf")).body.startswith(b"%PDF")

    def check_licence(self, case: WebPage) -> None:
        """The licence is the applicant's, and the register leads from what it replaces to it."""
        licence = self.document(case, "outcome")
        assert licence.findtext("{*}licensee/{*}identifier") == self.identifier
        told = self.registered_licence(str(licence.findtext("{*}number")))
        assert told["state"] == "issued"
        assert (told["replaces"] is None) is (self.action == "issue")
        if told["replaces"]:
            former = self.registered_licence(told["replaces"])
            duplicate = self.action == "duplicate"
            assert (former["state"], former["replacedBy"]) == ("reissued", told["number"])
            assert (former["events"][-1]["change"] == "duplicated") is duplicate
            assert told["duplicates"] == (former["duplicates"] + 1 if duplicate else 0)

    def registered_licence(self, number: str) -> dict[str, Any]:
        """What the public register tells of a licence."""
        page = self.town.visitor().open(f"/licences.json?number={number}")
        (licence,) = json.loads(page.body)["licences"]
        return licence


@dataclass
class InPerson(Applicant):
    """The same, come in person: to an officer of the provider or to an operator of the centre.

    :ivar told: of a representative and their power of attorney.
    """

    told: dict[str, str] = field(default_factory=dict)

    @property
    def login(self) -> str:
        return DESKS[self.table].login

    @property
    def visitor(self) -> Visitor:
        return self.town.person(self.login)

    def open(self) -> WebPage:
        """A new request, its applicant looked up."""
        return self.receive(self.identifier)

    def unknown(self) -> WebPage:
        """A request of somebody whom the registers don't know; ends at what is said of it."""
        return self.receive(UNKNOWN[self.kind], expect=403)

    def receive(self, identifier: str, expect: int = 200) -> WebPage:
        door = DESKS[self.table].path
        return scenario.receive_visitor(self.visitor, self.errand(), identifier, door, expect, **self.told)

    def newest(self) -> WebPage:
        """What was received last."""
        taken = self.visitor.open(DESKS[self.table].path)
        (link,) = taken.tree.xpath("//table[contains(caption, 'Taken by you')]/tbody/tr[1]//a/@href")
        return self.visitor.open(link)

    def draft(self) -> WebPage:
        return scenario.fill_visitor_request(self.visitor, self.open(), self.errand())

    def registered(self) -> WebPage:
        """Signed by who took it down, or sealed, as the table says."""
        check, key = self.draft(), DESKS[self.table].key
        if not key:
            return scenario.seal_request(self.visitor, check)
        return scenario.sign_request(self.visitor, check, self.town.key(key))

    def handed_out(self) -> WebPage:
        """Granted, and given to the applicant where they asked."""
        return scenario.hand_out(self.visitor, self.granted())
