"""The questionnaire after an outcome, and what may be shown of its answers.

Answers are anonymous: the case only records that it was answered, and the statistics keep a sum for each
service, channel and month. Only sums of five answers or more are shown, and only when the months they cover
are over: fewer answers, or a sum that grows by one while somebody watches, would disclose a person's answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hmac import compare_digest

from translationstring import TranslationStringFactory

from egovdocs.casework.errors import Decided, Mistake
from egovdocs.casework.office import Office
from egovdocs.casework.transactions import exclusive_transaction
from egovdocs.content import ANSWERED, Case, Cell, Site
from egovdocs.schemas.identifiers import receipt_code

_ = TranslationStringFactory("egovdocs")

MIN_ANSWERS = 5


@dataclass(frozen=True)
class Opinion:
    """What may be shown of the answers to one question.

    :param first: the first month covered; ``last`` the last.
    :param answers: how many gave each answer, by its code.
    """

    service: str
    channel: str
    indicator: str
    first: str
    last: str
    answers: Mapping[str, int]


def is_questionnaire_open(office: Office, case: Case) -> bool:
    """Return whether a case has an outcome, its service a questionnaire, and it was not answered yet."""
    return case.state in ANSWERED and not case.questioned and bool(office.edition_of(case).indicators)


def find_by_code(office: Office, site: Site, number: str, code: str) -> Case | None:
    """Return the request made in person whose receipt has this number and code, if its questionnaire is open.

    None discloses nothing: there may be no such request, no outcome yet, or the questionnaire was answered.
    """
    case = site.cases.by_number(number)
    if case is None or case.received_by is None or not is_questionnaire_open(office, case):
        return None
    known = receipt_code(case.documents["request"].sha256)
    return case if compare_digest(known.encode(), code.lower().encode()) else None


def answer_questionnaire(office: Office, site: Site, case: Case, answers: Mapping[str, str]) -> None:
    """Count the answers to the questionnaire, once for each request.

    :param answers: by indicator; one that is left out or empty was skipped.
    :raises Mistake: there is no outcome yet, an answer is not one of the choices, or all were skipped.
    :raises Decided: it was answered already.
    """
    known = {each.code: dict(each.answers) for each in office.edition_of(case).indicators}
    given = {code: answer for code, answer in answers.items() if answer}
    if case.state not in ANSWERED:
        raise Mistake(_("The questions are about the answer to your request, which has not been given yet."))
    if any(answer not in known.get(code, {}) for code, answer in given.items()):
        raise Mistake(_("Choose one of the answers."))
    if not given:
        raise Mistake(_("Choose an answer to one question at least."))
    with exclusive_transaction(site):
        if case.questioned:
            raise Decided(_("The questions about this request were answered already. Thank you."))
        case.questioned = True
        cell = Cell(case.service, case.channel, f"{office.today():%Y-%m}")
        site.statistics.answers.add(cell, {f"{code}/{answer}": 1 for code, answer in given.items()})
        # The transaction must not name the person.
        transaction = site._p_jar.transaction_manager.get()
        transaction.user = transaction.description = ""


def opinions(office: Office, site: Site) -> Iterator[Opinion]:
    """Yield what may be shown of all answers: of past months, combined until there are five answers."""
    this_month = f"{office.today():%Y-%m}"
    series: dict[tuple[str, str, str], list[tuple[str, Counter[str]]]] = {}
    for cell, numbers in site.statistics.answers:
        if cell.month >= this_month:
            continue
        by_indicator: dict[str, Counter[str]] = {}
        for name, number in numbers.items():
            indicator, _slash, answer = name.partition("/")
            by_indicator.setdefault(indicator, Counter())[answer] += number
        for indicator, answers in by_indicator.items():
            key = cell.service, cell.channel, indicator
            series.setdefault(key, []).append((cell.month, answers))
    for key, months in series.items():
        for first, last, answers in _grouped(months):
            yield Opinion(*key, first, last, answers)


def _grouped(months: Iterable[tuple[str, Counter[str]]]) -> Iterator[tuple[str, str, Counter[str]]]:
    first, gathered = "", Counter[str]()
    for month, answers in months:
        first, gathered = first or month, gathered + answers
        if gathered.total() >= MIN_ANSWERS:
            yield first, month, gathered
            first, gathered = "", Counter()
