"""A small time-stamping authority (RFC 3161), in the process or over HTTP.

``egovdocs trust tsa`` runs it as a process of its own, for the demo site, for tests, and for an organisation
that keeps its own clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.hashes import SHA256
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder
from translationstring import TranslationStringFactory

from ..crypto.signers import KeySigner
from ..errors import UnsupportedKey
from ..trust.certificates import asn1_certificate
from ..trust.purposes import is_for_timestamps
from .token_signatures import DIGESTS
from .tokens import MAX_MESSAGE_BYTES, TimestampResponse, TimestampToken, read_response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_ = TranslationStringFactory("egovdocs")

EXAMPLE_POLICY = "2.999.3161"
"""Under the arc that X.660 reserves for examples; a real authority has a policy of its own."""

QUERY = "application/timestamp-query"
REPLY = "application/timestamp-reply"


class _Refused(Exception):  # noqa: N818 - a response, not an error of the program
    """:ivar failure: the PKIFailureInfo (RFC 3161, 2.4.2)."""

    def __init__(self, failure: str, reason: str) -> None:
        super().__init__(reason)
        self.failure = failure


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class TimestampAuthority:
    """Signs digests with the time at which it received them.

    :raises UnsupportedKey: the certificate is not for time-stamps alone (RFC 3161, 2.3).
    """

    signer: KeySigner
    policy: str = EXAMPLE_POLICY
    clock: Callable[[], datetime] = _now

    def __post_init__(self) -> None:
        if not is_for_timestamps(self.signer.certificate):
            raise UnsupportedKey(
                _("The certificate is not for time-stamps: that must be its only purpose, and critical.")
            )

    def respond(self, request: bytes) -> bytes:
        """Return the TimeStampResp for a TimeStampReq, both DER (RFC 3161, 2.4); a refusal for
        anything else.
        """
        try:
            token = self._token(_read(request))
        except _Refused as refusal:
            status = {
                "status": "rejection",
                "status_string": [str(refusal)],
                "fail_info": {refusal.failure},
            }
            return _dumped(TimestampResponse({"status": status}))
        return _dumped(TimestampResponse({"status": {"status": "granted"}, "time_stamp_token": token}))

    def stamp(self, data: bytes) -> TimestampToken:
        """Return a time-stamp over data, as a :class:`.timestamper.Timestamper` in the process.

        :raises TimestampRefused: its certificate is out of date.
        """
        request = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()
        return read_response(self.respond(request.as_bytes()))

    def _token(self, request: tsp.TimeStampReq) -> cms.ContentInfo:
        policy = request["req_policy"].native
        if policy is not None and policy != self.policy:
            raise _Refused("unaccepted_policy", f"The only policy here is {self.policy}.")
        moment = self.clock().replace(microsecond=0)
        certificate = self.signer.certificate
        if not certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc:
            raise _Refused("system_failure", "The certificate of this authority is out of date.")
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": self.policy,
                "message_imprint": request["message_imprint"],
                "serial_number": x509.random_serial_number(),
                "gen_time": moment,
                "accuracy": {"seconds": 1},
                "nonce": request["nonce"].native,
            }
        )
        return self._signed(info, certificates=request["cert_req"].native)

    def _signed(self, info: tsp.TSTInfo, *, certificates: bool) -> cms.ContentInfo:
        own = asn1_certificate(self.signer.certificate)
        attributes = cms.CMSAttributes(
            [
                _attribute("content_type", "tst_info"),
                _attribute("message_digest", sha256(_dumped(info)).digest()),
                _attribute("signing_certificate_v2", _signing_certificate(own)),
            ]
        )
        signer_info = {
            "version": "v1",
            "sid": {"issuer_and_serial_number": {"issuer": own.issuer, "serial_number": own.serial_number}},
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": attributes,
            "signature_algorithm": self._signature_algorithm(),
            "signature": self._signature(_dumped(attributes)),
        }
        content = {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {
                "content_type": "tst_info",
                "content": core.ParsableOctetString(_dumped(info)),
            },
            "signer_infos": [signer_info],
        }
        if certificates:
            content["certificates"] = [own, *map(asn1_certificate, self.signer.chain)]
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(content)})

    def _signature_algorithm(self) -> algos.SignedDigestAlgorithm:
        is_rsa = isinstance(self.signer.key, rsa.RSAPrivateKey)
        return algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa" if is_rsa else "sha256_ecdsa"})

    def _signature(self, data: bytes) -> bytes:
        key = self.signer.key
        if isinstance(key, rsa.RSAPrivateKey):
            return key.sign(data, padding.PKCS1v15(), SHA256())
        return key.sign(data, ECDSA(SHA256()))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve the authority over HTTP (RFC 3161, 3.4), as a WSGI application."""
        if environ["REQUEST_METHOD"] != "POST":
            return _plain(start_response, "405 Method Not Allowed", ("Allow", "POST"))
        if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != QUERY:
            return _plain(start_response, "415 Unsupported Media Type")
        query = environ["wsgi.input"].read(MAX_MESSAGE_BYTES + 1)
        if len(query) > MAX_MESSAGE_BYTES:
            return _plain(start_response, "413 Content Too Large")
        reply = self.respond(query)
        start_response("200 OK", [("Content-Type", REPLY), ("Content-Length", str(len(reply)))])
        return [reply]


def _plain(start_response: StartResponse, status: str, *headers: tuple[str, str]) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "text/plain"), *headers])
    return [status.encode()]


def _read(data: bytes) -> tsp.TimeStampReq:
    try:
        request = tsp.TimeStampReq.load(data, strict=True)
        request.native  # noqa: B018 - asn1crypto parses lazily
        algorithm = request["message_imprint"]["hash_algorithm"]["algorithm"].native
        imprint = request["message_imprint"]["hashed_message"].native
    except (ValueError, TypeError):
        raise _Refused("bad_data_format", "This is no time-stamp request.") from None
    if request["version"].native != "v1":
        raise _Refused("bad_request", "Only version 1 is known.")
    if algorithm not in DIGESTS:
        raise _Refused("bad_alg", f"The digest must be one of {', '.join(DIGESTS)}.")
    if len(imprint) != DIGESTS[algorithm]().digest_size:
        raise _Refused("bad_data_format", "The digest is not of its algorithm's length.")
    if request["extensions"].native:
        raise _Refused("unaccepted_extensions", "No extensions are known.")
    return request


def _signing_certificate(certificate: asn1_x509.Certificate) -> tsp.SigningCertificateV2:
    """Return the attribute that binds the certificate to the signature (RFC 5816, 2.2.1)."""
    issuer = {
        "issuer": [asn1_x509.GeneralName("directory_name", certificate.issuer)],
        "serial_number": certificate.serial_number,
    }
    return tsp.SigningCertificateV2(
        {"certs": [{"cert_hash": sha256(_dumped(certificate)).digest(), "issuer_serial": issuer}]}
    )


def _attribute(kind: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": [value]})


def _dumped(value: Any) -> bytes:
    der: bytes = value.dump()
    return der
