"""Log in with a login (IIN/BIN) and a password: P1, C1, P2 of every table."""

from __future__ import annotations

from datetime import date

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from translationstring import TranslationStringFactory

from egovdocs.casework.errors import Mistake, Refusal
from egovdocs.casework.office import Office
from egovdocs.casework.procedures import LEFT, ProcedureRun
from egovdocs.casework.transactions import commit_and_begin
from egovdocs.content import Account, JournalEntry, Site
from egovdocs.schemas import Procedure

_ = TranslationStringFactory("egovdocs")

HASHER = PasswordHasher()
MIN_PASSWORD_LENGTH = 8
MAX_PASSWORD_LENGTH = 256  # argon2 reads all of it: a longer one only costs time
MAX_JOURNAL_ENTRIES = 100


def hash_password(password: str, login: str = "") -> str:
    """Return the argon2id hash (RFC 9106) of a new password.

    :raises Mistake: the password is too short, too long, or equal to the login.
    """
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
        raise Mistake(
            _(
                "A password has from ${shortest} to ${longest} characters.",
                mapping={"shortest": MIN_PASSWORD_LENGTH, "longest": MAX_PASSWORD_LENGTH},
            )
        )
    if password == login or len(set(password)) < 4:
        raise Mistake(_("This password is too easy to guess."))
    return HASHER.hash(password)


# Verified against when there is no such account, so that the response time does not disclose it.
_UNKNOWN_LOGIN_HASH = HASHER.hash("nobody's password")


def log_in(office: Office, site: Site, login: str, password: str) -> Account:
    """Check a login and its password (P1, C1), and record the result in the account's journal.

    :returns: the account.
    :raises Refusal: P2: the login is unknown or the password wrong (the message does not say which), or there
        were too many failures just now. The latter is not recorded, so that guessing does not fill the
        journal.
    """
    login = login.strip()
    now = office.clock()
    account: Account | None = site.accounts.get(login)
    if too_many := office.throttle.refusal(login, now):
        raise Refusal(refusing_step(office, account), too_many)
    genuine = (
        _matches(account.password_hash if account else _UNKNOWN_LOGIN_HASH, password) and account is not None
    )
    if genuine:
        assert account is not None
        office.throttle.succeeded(login)
        journal_login(office, account, genuine=True)
        return account
    office.throttle.failed(login, now)
    if account is not None:
        journal_login(office, account, genuine=False)
        commit_and_begin(site)
    raise Refusal(refusing_step(office, account), _("The login or the password is wrong."))


def login_procedure(office: Office, account: Account | None, day: date | None = None) -> Procedure:
    """Return the table by which an account logs in: an applicant the portal's, an officer their provider's.

    :param day: the table in force on a day; today's by default.
    """
    wanted = "portal"
    if account is not None and "operator" in account.roles:
        wanted = "centre"
    elif account is not None and "applicant" not in account.roles:
        wanted = "provider"
    employer = account.provider if account is not None else None
    in_force = office.services.in_force(day or office.today()).values()
    services = sorted(in_force, key=lambda edition: edition.provider.bin != employer)
    tables = [service.channels for service in services]
    found = [channels[name] for name in (wanted, "portal") for channels in tables if name in channels]
    return found[0]


def refusing_step(office: Office, account: Account | None) -> str:
    """Return the number of the step that refuses the log-in."""
    procedure = login_procedure(office, account)
    step = procedure.step_for("refuse-login") or procedure.step_for("login")
    assert step is not None
    return step.number


def journal_login(office: Office, account: Account, *, genuine: bool) -> None:
    """Record P1 and C1, and P2 if the password was wrong, in the account's journal."""
    now = office.clock()
    # A run of its own each time: earlier entries may be of another edition's table, with other numbers.
    entries: list[JournalEntry] = []
    run = ProcedureRun(login_procedure(office, account), entries)
    run.enter("login", now, account.login)
    run.answer_condition("check-login", genuine, now)
    if not genuine:
        run.carry_out("refuse-login", now)
    if run.is_at("login"):  # a table that neither checks nor refuses, such as B2
        run.leave(now, "done" if genuine else LEFT)
    account.journal.extend(entries)
    del account.journal[:-MAX_JOURNAL_ENTRIES]


def begin_journal(office: Office, account: Account, run: ProcedureRun) -> None:
    """Begin a case's journal with its account's last successful log-in, as steps of the case's table."""
    asked: JournalEntry | None = None
    genuine: tuple[JournalEntry, ...] = ()
    tables: dict[date, Procedure] = {}  # by the day of an entry, the table in force
    for entry in account.journal:
        day = office.calendar.today(entry.started)
        own = tables.setdefault(day, login_procedure(office, account, day))
        login, check = own.step_for("login"), own.step_for("check-login")
        if login and entry.step == login.number:
            asked = entry
            genuine = (asked,) if check is None and entry.event == "done" else genuine
        elif check and entry.step == check.number and entry.event == "yes" and asked:
            genuine = (asked, entry)
    for does, entry in zip(("login", "check-login"), genuine, strict=False):
        assert entry.ended is not None, "a log-in that succeeded has ended"
        if run.procedure.step_for(does):
            run.enter(does, entry.started, entry.actor)
            run.leave(entry.ended, entry.event or "")
    if asked and asked.ended and len(genuine) == 1:  # the log-in's table has no condition
        run.answer_condition("check-login", True, asked.ended)


def _matches(password_hash: str | None, password: str) -> bool:
    try:
        return HASHER.verify(password_hash or _UNKNOWN_LOGIN_HASH, password[: MAX_PASSWORD_LENGTH + 1])
    except (VerificationError, InvalidHashError):
        return False
