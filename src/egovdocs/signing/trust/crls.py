"""Certificate revocation lists, complete and delta (RFC 5280, 5 and 6.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives.hashes import MD5, SHA1
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ObjectIdentifier

from .certificates import PARSE_ERRORS, comparable_name, has_strong_key, is_authority, key_usage, same_name
from .revocation import DEFAULT_VALIDITY, REASONS, DelegateCheck, RevocationEntry, RevocationStatement

_EXPIRED_CERTIFICATES_ON_CRL: Final = ObjectIdentifier("2.5.29.60")
_WEAK_DIGESTS: Final = (MD5, SHA1)
_KNOWN_EXTENSIONS: Final = (
    x509.IssuingDistributionPoint,
    x509.DeltaCRLIndicator,
    x509.CRLNumber,
    x509.AuthorityKeyIdentifier,
    x509.FreshestCRL,
)
_KNOWN_ENTRY_EXTENSIONS: Final = (x509.CRLReason, x509.InvalidityDate, x509.CertificateIssuer)
_CRITICAL: Final = b"\x01\x01\xff\x04"
"""The DER of ``critical TRUE`` and the tag that follows it in an extension."""


class RevocationList:
    """A certificate revocation list, complete or delta (RFC 5280, 5).

    Immutable but for caches; safe for many threads.

    :ivar number: the cRLNumber (5.2.3).
    :ivar base: the BaseCRLNumber of a delta (5.2.4); None for a complete list.
    :ivar scope: the issuing distribution point (5.2.5).
    :ivar series: equal for lists that replace, or are added to, one another (5.2.4).
    :ivar keeps_expired_since: the list still names certificates that expired after this (X.509,
        expiredCertsOnCRL).
    """

    @classmethod
    def load(cls, der: bytes) -> RevocationList:
        """:raises Exception: one of ``PARSE_ERRORS``: it is no list in DER, or has a malformed extension."""
        return cls(x509.load_der_x509_crl(der))

    def __init__(self, crl: x509.CertificateRevocationList) -> None:
        self.crl = crl
        self.der = crl.public_bytes(Encoding.DER)
        self.this_update = crl.last_update_utc
        self.next_update = crl.next_update_utc or self.this_update + DEFAULT_VALIDITY
        extensions = {type(each.value): each for each in crl.extensions}
        values: dict[type, Any] = {kind: each.value for kind, each in extensions.items()}
        number = values.get(x509.CRLNumber)
        base = values.get(x509.DeltaCRLIndicator)
        self.number: int | None = number.crl_number if number else None
        self.base: int | None = base.crl_number if base else None
        self.scope: x509.IssuingDistributionPoint | None = values.get(x509.IssuingDistributionPoint)
        self._critical = [each for each in crl.extensions if each.critical]
        self.is_understood = all(isinstance(each.value, _KNOWN_EXTENSIONS) for each in self._critical)
        key = values.get(x509.AuthorityKeyIdentifier)
        self.series: object = (
            crl.issuer,
            self.scope and self.scope.public_bytes(),
            key and key.key_identifier,
        )
        self.keeps_expired_since = _expired_since(crl)
        self._signed_by: dict[x509.Certificate, bool] = {}

    @property
    def is_indirect(self) -> bool:
        return self.scope is not None and self.scope.indirect_crl

    def may_concern(self, certificate: x509.Certificate) -> bool:
        """Return whether the list can have an entry about the certificate, judged by names."""
        return self.is_understood and (
            same_name(self.crl.issuer, certificate.issuer) or self._is_named_by(certificate)
        )

    def _is_named_by(self, certificate: x509.Certificate) -> bool:
        """Return whether the certificate names the list's signer as its CRL issuer (RFC 5280, 6.3.3
        (b) (1)).
        """
        return self.is_indirect and any(
            isinstance(name, x509.DirectoryName) and same_name(name.value, self.crl.issuer)
            for point in _distribution_points(certificate)
            for name in point.crl_issuer or ()
        )

    def covered_reasons(self, certificate: x509.Certificate) -> frozenset[x509.ReasonFlags]:
        """Return the reasons for which the list would name the certificate; none when the certificate is
        outside of its scope (RFC 5280, 6.3.3 (b) (2) and (d)).
        """
        scope = self.scope
        if scope is None:
            return REASONS
        authority = is_authority(certificate)
        if (
            scope.only_contains_attribute_certs
            or (scope.only_contains_user_certs and authority)
            or (scope.only_contains_ca_certs and not authority)
            or not self._shares_distribution_point(scope, certificate)
        ):
            return frozenset()
        return REASONS if scope.only_some_reasons is None else REASONS & scope.only_some_reasons

    def _shares_distribution_point(
        self, scope: x509.IssuingDistributionPoint, certificate: x509.Certificate
    ) -> bool:
        if scope.full_name is None and scope.relative_name is None:
            return True
        own = _point_names(scope.full_name, scope.relative_name, self.crl.issuer)
        named = {_comparable(x509.DirectoryName(certificate.issuer))}
        for point in _distribution_points(certificate):
            issuers = [name.value for name in point.crl_issuer or () if isinstance(name, x509.DirectoryName)]
            base = issuers[0] if issuers else certificate.issuer
            named |= _point_names(point.full_name, point.relative_name, base)
            if point.full_name is None and point.relative_name is None:
                named |= set(map(_comparable, point.crl_issuer or ()))
        return not own.isdisjoint(named)

    def find_entry(self, certificate: x509.Certificate) -> RevocationEntry | None:
        """Return the entry about the certificate; None when there is none.

        :raises Exception: one of ``PARSE_ERRORS``: the entry is malformed.
        """
        # cryptography looks up no negative serial numbers, which are forbidden and exist.
        if self.is_indirect or certificate.serial_number < 0:
            found = self._by_issuer.get((comparable_name(certificate.issuer), certificate.serial_number))
        else:
            found = self.crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
        return None if found is None else read_entry(found)

    @cached_property
    def _by_issuer(self) -> dict[tuple[object, int], x509.RevokedCertificate]:
        """Entries by issuer and serial number. The issuer is named in the entry, or in the last one before it
        that names any (RFC 5280, 5.3.3).
        """
        found: dict[tuple[object, int], x509.RevokedCertificate] = {}
        issuer = self.crl.issuer
        for entry in self.crl:
            for extension in entry.extensions:
                if isinstance(extension.value, x509.CertificateIssuer):
                    (issuer,) = extension.value.get_values_for_type(x509.DirectoryName)
            found.setdefault((comparable_name(issuer), entry.serial_number), entry)
        return found

    def is_signed_by(self, issuer: x509.Certificate) -> bool:
        """Return whether this authority's key signed the list, may do so and is strong enough, and no entry
        has an unknown critical extension.
        """
        if issuer not in self._signed_by:
            self._signed_by[issuer] = self._verifies(issuer)
        return self._signed_by[issuer]

    def _verifies(self, issuer: x509.Certificate) -> bool:
        try:
            usage = key_usage(issuer)
            key: Any = issuer.public_key()
            return (
                (usage is None or usage.crl_sign)
                and has_strong_key(issuer)
                and not isinstance(self.crl.signature_hash_algorithm, _WEAK_DIGESTS)
                and self.crl.is_signature_valid(key)
                and not self._has_unknown_entry_extensions()
            )
        except PARSE_ERRORS:
            return False

    def _has_unknown_entry_extensions(self) -> bool:
        # Reading all entries is slow, and hardly any list has a critical extension in one.
        return self.der.count(_CRITICAL) > len(self._critical) and any(map(_has_unknown_extension, self.crl))


def crl_statements(
    crls: Iterable[RevocationList],
    certificate: x509.Certificate,
    issuer: x509.Certificate | None,
    others: Iterable[x509.Certificate],
    check_delegate: DelegateCheck,
    moment: datetime,
) -> Iterator[RevocationStatement]:
    """Yield what the lists state about a certificate, of those that are signed by an authorised signer.

    :param issuer: the certificate's issuer. When it is None, lists in the issuer's name are accepted without
        a check of their signature.
    :param others: certificates among which the signer of a list may be, beside the issuer.
    """
    series: dict[object, list[RevocationList]] = {}
    for each in crls:
        signer = _signer(each, certificate, issuer, others, check_delegate, moment)
        if signer or issuer is None:
            series.setdefault((signer, each.series), []).append(each)
    for each_series in series.values():
        yield from _series_statements(each_series, certificate)


def continues(delta: RevocationList, crl: RevocationList) -> bool:
    """Return whether the two together are a complete list of the delta's time (RFC 5280, 5.2.4)."""
    if delta.base is None or delta.number is None or crl.number is None:
        return False
    return delta.base <= crl.number < delta.number


def read_entry(entry: x509.RevokedCertificate) -> RevocationEntry:
    """:raises Exception: one of ``PARSE_ERRORS``: the entry is malformed."""
    reasons = [each.value.reason for each in entry.extensions if isinstance(each.value, x509.CRLReason)]
    return RevocationEntry(entry.revocation_date_utc, reasons[0] if reasons else None)


def _signer(
    crl: RevocationList,
    certificate: x509.Certificate,
    issuer: x509.Certificate | None,
    others: Iterable[x509.Certificate],
    check_delegate: DelegateCheck,
    moment: datetime,
) -> x509.Certificate | None:
    """Return who signed the list: the issuer, its namesake with another key, or the CRL issuer that the
    certificate names (RFC 5280, 6.3.3 (f)). The last two must be valid themselves.
    """
    if issuer is None:
        return None
    if same_name(crl.crl.issuer, issuer.subject) and crl.is_signed_by(issuer):
        return issuer
    for other in others:
        usage = key_usage(other)
        if (
            other not in (issuer, certificate)
            and same_name(crl.crl.issuer, other.subject)
            and usage is not None
            and usage.crl_sign
            and crl.is_signed_by(other)
            and check_delegate(other, moment)
        ):
            return other
    return None


def _series_statements(
    crls: Sequence[RevocationList], certificate: x509.Certificate
) -> Iterator[RevocationStatement]:
    """:param crls: of one series, by one signer."""
    series = crls[0].series
    read = []
    for each in crls:
        try:
            read.append((each, each.covered_reasons(certificate), each.find_entry(certificate)))
        except PARSE_ERRORS:
            continue
    deltas = [each for each in read if each[0].base is not None]
    for crl, reasons, entry in read:
        if crl.base is not None:
            # An entry in a delta counts even without the list that the delta is added to.
            if entry and entry.reason is not x509.ReasonFlags.remove_from_crl:
                yield RevocationStatement(
                    series, crl.this_update, crl.next_update, frozenset(), entry, (crl.der,)
                )
            continue
        if entry or (reasons and _would_list(crl, certificate)):
            yield RevocationStatement(series, crl.this_update, crl.next_update, reasons, entry, (crl.der,))
        for delta, _reasons, change in deltas:
            if continues(delta, crl) and (change or entry or (reasons and _would_list(delta, certificate))):
                is_lifted = change is not None and change.reason is x509.ReasonFlags.remove_from_crl
                combined = None if is_lifted else change or entry
                yield RevocationStatement(
                    series, delta.this_update, delta.next_update, reasons, combined, (crl.der, delta.der)
                )


def _would_list(crl: RevocationList, certificate: x509.Certificate) -> bool:
    """Return whether the list would still name the certificate. Expired ones may be left out (RFC 5280, 3.3),
    unless expiredCertsOnCRL (X.509) says otherwise.
    """
    end = certificate.not_valid_after_utc
    return crl.this_update <= end or (crl.keeps_expired_since is not None and crl.keeps_expired_since <= end)


def _has_unknown_extension(entry: x509.RevokedCertificate) -> bool:
    """Return whether an entry has an unknown critical extension, or malformed ones: then the whole list
    cannot be used (RFC 5280, 5.3).
    """
    try:
        return any(
            each.critical and not isinstance(each.value, _KNOWN_ENTRY_EXTENSIONS) for each in entry.extensions
        )
    except PARSE_ERRORS:
        return True


def _expired_since(crl: x509.CertificateRevocationList) -> datetime | None:
    for each in crl.extensions:
        if each.oid == _EXPIRED_CERTIFICATES_ON_CRL:
            time: datetime = core.GeneralizedTime.load(each.value.public_bytes(), strict=True).native
            return time
    return None


def _distribution_points(certificate: x509.Certificate) -> Iterable[x509.DistributionPoint]:
    try:
        return certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except (x509.ExtensionNotFound, *PARSE_ERRORS):
        return ()


def _point_names(
    full: Iterable[x509.GeneralName] | None, relative: x509.RelativeDistinguishedName | None, base: x509.Name
) -> set[object]:
    if relative is not None:
        return {_comparable(x509.DirectoryName(x509.Name([*base.rdns, relative])))}
    return set(map(_comparable, full or ()))


def _comparable(name: x509.GeneralName) -> object:
    return comparable_name(name.value) if isinstance(name, x509.DirectoryName) else name
