"""``egovdocs demo --all``: a case through each table with each action, and what else may come of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from egovdocs.sandbox import scenario as walk
from egovdocs.sandbox.demo_site import CLINIC_BIN
from egovdocs.sandbox.http_visitor import Page, Visitor
from egovdocs.sandbox.running_site import RunningSite
from egovdocs.signing import Signer

PERSON = "910203450036"
ORDERS = (
    ("suspension", "violations-found", "Акт проверки № 7: истёк срок аренды помещения."),
    ("resumption", "violations-remedied", "Представлен новый договор аренды."),
    ("termination", "holders-request", "Заявление лицензиата."),
)


@dataclass(frozen=True)
class Desk:
    """Where somebody comes in person.

    :ivar key: of who takes the request; "" where it is sealed.
    :ivar applicant: their IIN or BIN; ``more`` of who acts for them.
    """

    login: str
    key: str
    door: str
    applicant: str
    more: Mapping[str, str] = field(default_factory=dict)


DESKS = {
    "A2": Desk("officer", "", "/provider/visitors", CLINIC_BIN),
    "A3": Desk(
        "operator",
        "operator",
        "/centre",
        CLINIC_BIN,
        {"representative": "850311300176", "power": "2026-0602-1"},
    ),
    "B2": Desk("registrar", "registrar", "/provider/visitors", PERSON),
}
ANSWERING = {"A": ("officer2", "signatory"), "B": ("registrar", "physician")}


@dataclass
class Tour:
    """Walks all of it on a demo site whose applicant is registered.

    :ivar step: does a step and tells of it.
    :ivar found: the documents, by ``<case>/<file name>``.
    """

    site: RunningSite
    step: Callable[[str, str, Callable[[], Any]], Any]
    found: dict[str, bytes] = field(default_factory=dict)
    _people: dict[str, Visitor] = field(default_factory=dict)

    def go(self) -> dict[str, bytes]:
        """Every table with every action; a remark, refusals, a request taken back, and orders."""
        for table in ("A1", "A2", "A3"):
            licence = ""
            for action in ("issue", "reissue", "duplicate"):
                errand = walk.again(action, licence) if licence else walk.LICENCE
                licence = self._granted(f"{table}-{action}", errand, remark=f"{table}-{action}" == "A1-issue")
        for kind, ground, reason in ORDERS:
            self._order(licence, kind, ground, reason)
        self._granted("B1-attach", walk.ATTACHMENT)
        self._granted("B2-attach", walk.ATTACHMENT)
        self._refused("A1-refused", walk.LICENCE)
        self._refused("B1-refused", walk.ATTACHMENT)
        self._withdrawn("A1-withdrawn", walk.LICENCE)
        return self.found

    def _granted(self, name: str, errand: walk.Errand, *, remark: bool = False) -> str:
        """The number of the outcome."""
        owner, case = self._asked(name, errand)
        officer, signatory, key = self._answering(name)
        page = walk.claim(officer, walk.number_of(case))
        if remark:
            page = self.step(
                name,
                "The officer makes a remark",
                lambda: walk.remark(officer, page, "Приложите действующий договор аренды."),
            )
            self.step(
                name,
                "The applicant answers it",
                lambda: walk.answer_remark(
                    owner, case, "Договор продлён до 2030 года.", self._key("applicant")
                ),
            )
            page = officer.open(page.url)
        decided = self.step(name, "The officer grants it", lambda: walk.decide(officer, page))
        self.step(name, "The signatory signs", lambda: walk.sign_outcome(signatory, decided, key))
        if name[:2] in DESKS:
            self.step(name, "It is handed over", lambda: walk.hand_out(owner, case))
        self._keep(name, owner, case)
        outcome = etree.fromstring(self.found[f"{name}/outcome.xml"])
        return outcome.findtext("{*}number") or ""

    def _refused(self, name: str, errand: walk.Errand) -> None:
        owner, case = self._asked(name, errand)
        officer, signatory, key = self._answering(name)
        page = walk.claim(officer, walk.number_of(case))
        refusing = self.step(
            name, "The officer finds a requirement not met", lambda: walk.decide(officer, page, met=False)
        )
        decided = walk.refuse(officer, refusing, errand)
        self.step(name, "The signatory signs the refusal", lambda: walk.sign_outcome(signatory, decided, key))
        self._keep(name, owner, case)

    def _withdrawn(self, name: str, errand: walk.Errand) -> None:
        owner, case = self._asked(name, errand)
        reason = "Открытие кабинета откладывается."
        self.step(
            name,
            "The applicant takes it back",
            lambda: walk.withdraw(owner, case, reason, self._key("applicant")),
        )
        self._keep(name, owner, case)

    def _order(self, licence: str, kind: str, ground: str, reason: str) -> None:
        signatory, key = self._person("signatory"), self._key("signatory")
        page = self.step(
            "order",
            f"The {kind} is signed",
            lambda: walk.order(signatory, licence, kind, ground, reason, key),
        )
        for file, document in walk.documents(signatory, page).items():
            if not file.startswith("outcome.") and document not in self.found.values():
                self.found[f"orders/{kind}.{file.rpartition('.')[2]}"] = document

    def _asked(self, name: str, errand: walk.Errand) -> tuple[Visitor, Page]:
        """Who keeps the request in sight, and the registered case."""
        if name[:2] not in DESKS:
            owner, key = self._person(PERSON), self._key("applicant")
            asked = self.step(name, "Asked for through the portal", lambda: walk.asked(owner, key, errand))
            return owner, asked
        desk = DESKS[name[:2]]
        staff = self._person(desk.login)

        def receive() -> Page:
            parts = walk.receive(staff, errand, desk.applicant, desk.door, 200, **desk.more)
            check = walk.fill_for(staff, parts, errand)
            if not desk.key:
                return walk.seal_request(staff, check)
            return walk.sign_request(staff, check, self._key(desk.key))

        return staff, self.step(name, f"Asked for in person, of the {desk.login}", receive)

    def _answering(self, name: str) -> tuple[Visitor, Visitor, Signer]:
        officer, signatory = ANSWERING[name[0]]
        return self._person(officer), self._person(signatory), self._key(signatory)

    def _keep(self, name: str, owner: Visitor, case: Page) -> None:
        for file, document in walk.documents(owner, owner.open(case.url)).items():
            self.found[f"{name}/{file}"] = document

    def _person(self, login: str) -> Visitor:
        if login not in self._people:
            self._people[login] = Visitor(self.site.url)
            walk.log_in(self._people[login], login)
        return self._people[login]

    def _key(self, name: str) -> Signer:
        return walk.key(self.site.keys, name)
