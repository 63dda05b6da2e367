"""What every use case works with: the services and the outside of the site, bundled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from translationstring import TranslationStringFactory

from egovdocs.casework.deadlines import WorkingCalendar
from egovdocs.casework.errors import Mistake
from egovdocs.schemas import Service
from egovdocs.signing import Signer, ValidationPolicy

if TYPE_CHECKING:
    from egovdocs.content import Case
    from egovdocs.registers import PaymentGateway
    from egovdocs.schemas import Procedure

_ = TranslationStringFactory("egovdocs")


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Office:
    """The services of a site, made once when it starts and shared by all threads.

    :param policy: gives the policy signatures are validated by, with the trust store as it is now.
    :param monthly_index: the monthly calculation index (МРП) in tenge, from each day on.
    :param seal: the site's own key; it signs receipts.
    """

    services: Mapping[str, Service]
    calendar: WorkingCalendar
    seal: Signer
    policy: Callable[[], ValidationPolicy]
    payments: PaymentGateway
    monthly_index: Mapping[date, Decimal]
    site_url: str
    max_file_bytes: int = 10 * 1024 * 1024
    clock: Callable[[], datetime] = field(default=_now)

    def service(self, service: str) -> Service:
        """The service of an id.

        :raises Mistake: there is none.
        """
        try:
            return self.services[service]
        except KeyError:
            raise Mistake(_("There is no such service.")) from None

    def procedure(self, case: Case) -> Procedure:
        """The regulation's table a case follows."""
        return self.service(case.service).channels[case.channel]

    def today(self) -> date:
        """The provider's date."""
        return self.calendar.today(self.clock())
