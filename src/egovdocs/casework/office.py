"""What every use case works with: services, calendar, keys, external systems, clock."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache

from translationstring import TranslationStringFactory

from egovdocs.casework.accounts.throttle import Throttle
from egovdocs.casework.deadlines import WorkingCalendar
from egovdocs.casework.errors import Mistake
from egovdocs.content import Case, Licence, Site
from egovdocs.integrations.licence_numbers.embedded_licence_numbering import EmbeddedLicenceNumbering
from egovdocs.integrations.licence_numbers.licence_numbering_port import LicenceNumbering
from egovdocs.integrations.payments.payment_port import PaymentGateway
from egovdocs.integrations.state_registers.embedded_registers import EmbeddedRegisters
from egovdocs.integrations.state_registers.register_port import StateRegisters
from egovdocs.integrations.workstation.request_sender_port import RequestSender
from egovdocs.schemas import CommonEdition, NotInForce, ServiceEdition, Services
from egovdocs.signing import Signer, Timestamper, ValidationPolicy, sign

_ = TranslationStringFactory("egovdocs")

log = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Office:
    """The configuration of a site, made once at start and shared by all threads.

    :param policy: returns the validation policy with the current trust store.
    :param monthly_index: the monthly calculation index (МРП) in tenge, by the day from which it applies.
    :param timestamper: the source of time-stamps for evidence; None if no evidence is collected.
    :param two_person_rule: whoever decided a case may not sign its outcome.
    :param collect_days: an outcome that is not opened within so many days counts as not collected.
    :param seal: the site's own key; it signs receipts, remarks, and requests that nobody else signs.
    :param registers: returns the state registers for a site. A look-up may take seconds: it must come before
        the transaction changes anything, and before ``exclusive_transaction``.
    :param sending: sends signed requests through the gateway where the table provides for it; if None they
        are registered at once.
    """

    services: Services
    calendar: WorkingCalendar
    seal: Signer
    policy: Callable[[], ValidationPolicy]
    payments: PaymentGateway
    monthly_index: Mapping[date, Decimal]
    site_url: str
    max_file_bytes: int = 10 * 1024 * 1024
    timestamper: Timestamper | None = None
    two_person_rule: bool = True
    collect_days: int = 30
    numbering: LicenceNumbering = field(default_factory=EmbeddedLicenceNumbering)
    registers: Callable[[Site], StateRegisters] = EmbeddedRegisters
    sending: RequestSender | None = None
    clock: Callable[[], datetime] = field(default=_now)
    throttle: Throttle = field(default_factory=Throttle)

    def service(self, service_id: str) -> ServiceEdition:
        """Return the edition of a service that is in force today: for what is begun now.

        :raises Mistake: there is no such service, or it is not in force yet.
        """
        try:
            return self.services[service_id].in_force(self.today())
        except (KeyError, NotInForce):
            raise Mistake(_("There is no such service.")) from None

    def services_in_force(self) -> Mapping[str, ServiceEdition]:
        """Return the edition of each service that is in force today, by the service's id."""
        return self.services.in_force(self.today())

    def edition_of(self, owner: Case | Licence) -> ServiceEdition:
        """Return the edition that a case was begun under, or a licence issued: for all that is done with it.

        :raises LookupError: there is no such edition; the program does not start then.
        """
        return self.services[owner.service].edition(owner.edition)

    def common_edition(self) -> CommonEdition:
        """Return the common edition in force today, for documents of no service."""
        return self.services.common.in_force(self.today())

    def sealed(self, document: bytes) -> bytes:
        """Return a document signed with the site's seal, as of now."""
        return sign(document, self.seal, at=self.clock())

    def today(self) -> date:
        """Return the provider's date today."""
        return self.calendar.today(self.clock())

    def fee(self, edition: ServiceEdition, action: str) -> Decimal:
        """Return the state fee of an action in tenge, at the monthly index of today; 0 when it is free.

        :raises LookupError: the settings have no index for today.
        """
        fee = edition.actions[action].fee
        return Decimal(0) if fee is None else fee.amount(self.index())

    def index(self) -> Decimal:
        """Return the monthly index of today. One of an earlier year is used with a warning, logged once a
        day.

        :raises LookupError: the settings have no index for today.
        """
        today = self.today()
        since = max((day for day in self.monthly_index if day <= today), default=None)
        if since is None:
            raise LookupError("egovdocs.monthly_index has no value for today")
        if since.year < today.year:
            _warn_of_old_index(since, today)
        return self.monthly_index[since]


@lru_cache(maxsize=1)
def _warn_of_old_index(since: date, today: date) -> None:
    log.warning(
        "egovdocs.monthly_index has no value for %s: fees are calculated with the one of %s",
        today.year,
        since,
    )
