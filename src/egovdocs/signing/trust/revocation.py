"""The revocation status of a certificate, from the statements of revocation lists and OCSP responses (RFC
5280, 6.3; RFC 6960).

docs/decisions/0009 explains why pyhanko-certvalidator is not used for this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from typing import Final

from cryptography import x509

REASONS: Final = frozenset(x509.ReasonFlags) - {
    x509.ReasonFlags.unspecified,
    x509.ReasonFlags.remove_from_crl,
}
"""The reasons by which revocation lists can be divided (ReasonFlags, RFC 5280, 4.2.1.13)."""

DEFAULT_VALIDITY: Final = timedelta(minutes=30)
"""For how long a statement without nextUpdate is used: newer ones are available all the time (RFC 6960,
4.2.2.1), and fetching one takes a while.
"""

DelegateCheck = Callable[[x509.Certificate, datetime], bool]
"""Returns whether a certificate that signs for an issuer was valid at a time, its own revocation included."""


class Revocation(StrEnum):
    """How much must be known about revocation (ETSI TS 119 172-1, A.4.2.1, revocation constraints)."""

    REQUIRE = "require"
    """Every certificate below the anchor needs a fresh statement; without one: TRY_LATER."""
    IF_PRESENT = "if-present"
    """Statements are used where there are any."""
    NONE = "none"
    """Revocation is not checked."""


class RevocationState(Enum):
    GOOD = "good"
    REVOKED = "revoked"
    ON_HOLD = "on hold"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RevocationEntry:
    """An entry about a certificate in a list, or the revocation information of a response.

    The invalidity date (RFC 5280, 5.3.2) is an estimate by the authority and is not used: what counts is when
    the certificate was revoked.
    """

    when: datetime
    reason: x509.ReasonFlags | None

    @property
    def is_permanent(self) -> bool:
        return self.reason not in (x509.ReasonFlags.certificate_hold, x509.ReasonFlags.remove_from_crl)


@dataclass(frozen=True)
class CertificateStatus:
    """The revocation status of a certificate at a moment.

    :ivar since: from when it was revoked or on hold.
    :ivar crls: the lists (DER) that prove it to be good.
    :ivar ocsp_responses: the responses (DER) that do.
    """

    state: RevocationState
    since: datetime | None = None
    crls: tuple[bytes, ...] = ()
    ocsp_responses: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class RevocationStatement:
    """What one authorised source states about one certificate.

    :ivar series: a newer statement of the same series replaces this one.
    :ivar reasons: the reasons of revocation that the statement covers.
    :ivar entry: None when the certificate is not revoked.
    :ivar crls: the lists (DER) that the statement comes from.
    :ivar ocsp_responses: the responses (DER) that it comes from.
    """

    series: object
    this_update: datetime
    next_update: datetime
    reasons: frozenset[x509.ReasonFlags]
    entry: RevocationEntry | None
    crls: tuple[bytes, ...] = ()
    ocsp_responses: tuple[bytes, ...] = ()


def status_at(
    statements: Iterable[RevocationStatement], moment: datetime, issuer_revoked: datetime | None
) -> CertificateStatus:
    """Return the status of a certificate at a moment. One statement of revocation is enough; a hold lasts
    until a newer statement of the same series lifts it.

    Statements from after the moment count too: a certificate not revoked later was not revoked before (ETSI
    EN 319 102-1, 5.6.2).

    :param issuer_revoked: when the issuer was revoked; its statements from then on do not prove a good
        status.
    """
    statements = list(statements)
    entries = [each for each in effective_entries(statements) if each.when <= moment]
    permanent = [each.when for each in entries if each.is_permanent]
    if permanent:
        return CertificateStatus(RevocationState.REVOKED, min(permanent))
    if entries:
        return CertificateStatus(RevocationState.ON_HOLD, min(each.when for each in entries))
    usable = [
        each
        for each in sorted(statements, key=lambda each: each.this_update, reverse=True)
        if moment <= each.next_update
        and not (each.entry and each.entry.when <= moment)
        and not (issuer_revoked and each.this_update >= issuer_revoked)
    ]
    complete = [each for each in usable if each.reasons == REASONS][:1]
    proving = complete or usable
    if frozenset().union(*(each.reasons for each in proving)) != REASONS:
        return CertificateStatus(RevocationState.UNKNOWN)
    return CertificateStatus(
        RevocationState.GOOD,
        crls=tuple(dict.fromkeys(der for each in proving for der in each.crls)),
        ocsp_responses=tuple(dict.fromkeys(der for each in proving for der in each.ocsp_responses)),
    )


def effective_entries(statements: Iterable[RevocationStatement]) -> tuple[RevocationEntry, ...]:
    """Return the entries of the statements, each once, without holds that were lifted."""
    by_time = sorted(statements, key=lambda each: each.this_update)
    newest = {each.series: each for each in by_time}
    return tuple(
        dict.fromkeys(
            each.entry
            for each in by_time
            if each.entry and (each.entry.is_permanent or newest[each.series] is each)
        )
    )
