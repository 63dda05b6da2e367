"""The revocation lists and OCSP responses of a store, found by what they concern."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from cryptography import x509

from .certificates import PARSE_ERRORS, comparable_name
from .crls import RevocationList, crl_statements
from .ocsp import OcspResponse, responder_ids
from .revocation import DelegateCheck, RevocationStatement


@dataclass(frozen=True)
class RevocationData:
    """Revocation lists and OCSP responses; not verified until a statement of theirs is used."""

    crls: tuple[RevocationList, ...]
    ocsp_responses: tuple[OcspResponse, ...]

    def statements(
        self,
        certificate: x509.Certificate,
        issuer: x509.Certificate | None,
        others: Iterable[x509.Certificate],
        check_delegate: DelegateCheck,
        moment: datetime,
    ) -> Iterator[RevocationStatement]:
        """Yield the statements of authorised signers about a certificate.

        :param issuer: the certificate's issuer. When it is None, lists in the issuer's name are accepted
            without a check of their signature.
        :param others: certificates among which the signer of a list or a response may be, beside the issuer
            and those in the response.
        :param moment: the moment to judge; for ``check_delegate``.
        """
        others = tuple(others)
        concerning = self._crls_about(certificate)
        yield from crl_statements(concerning, certificate, issuer, others, check_delegate, moment)
        if issuer is not None:
            for response in self.ocsp_responses:
                yield from response.statements(certificate, issuer, others, check_delegate, moment)

    def _crls_about(self, certificate: x509.Certificate) -> Iterator[RevocationList]:
        found = (*self._crls_by_issuer.get(comparable_name(certificate.issuer), ()), *self._indirect_crls)
        return (each for each in found if each.may_concern(certificate))

    @cached_property
    def _crls_by_issuer(self) -> dict[object, list[RevocationList]]:
        # A store may hold lists of hundreds of authorities.
        found: dict[object, list[RevocationList]] = {}
        for each in self.crls:
            if not each.is_indirect:
                found.setdefault(comparable_name(each.crl.issuer), []).append(each)
        return found

    @cached_property
    def _indirect_crls(self) -> tuple[RevocationList, ...]:
        return tuple(each for each in self.crls if each.is_indirect)

    def may_be_signed_by(self, certificate: x509.Certificate) -> bool:
        """Return whether a list or a response names the certificate's holder as its signer."""
        try:
            return not self._signers.isdisjoint(responder_ids(certificate))
        except PARSE_ERRORS:
            return False

    @cached_property
    def _signers(self) -> frozenset[object]:
        issuers = (comparable_name(each.crl.issuer) for each in self.crls)
        return frozenset(issuers).union(each.responder for each in self.ocsp_responses)

    @cached_property
    def change_times(self) -> frozenset[datetime]:
        """The times at which a list, a response or a responder's certificate begins or ends to be valid."""
        delegates = [each for response in self.ocsp_responses for each in response.certificates]
        times = {time for each in self.crls for time in (each.this_update, each.next_update)}
        for response in self.ocsp_responses:
            times.add(response.produced_at)
            times.update(
                time for each in response.single_responses for time in (each.this_update, each.next_update)
            )
        return frozenset(times.union(*map(self.change_times_of, delegates)))

    def change_times_of(self, certificate: x509.Certificate) -> frozenset[datetime]:
        """Return the certificate's dates of validity, and when it was revoked according to anybody."""
        times = {certificate.not_valid_before_utc, certificate.not_valid_after_utc}
        concerning: list[RevocationList] = []
        with suppress(*PARSE_ERRORS):
            concerning += self._crls_about(certificate)
        for each in concerning:
            with suppress(*PARSE_ERRORS):
                entry = each.find_entry(certificate)
                times |= {entry.when} if entry else set()
        for response in self.ocsp_responses:
            for single in response.single_responses:
                if single.serial_number == certificate.serial_number and single.entry:
                    times.add(single.entry.when)
        return frozenset(times)
