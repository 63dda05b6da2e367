"""Time-stamp services: the protocol, and one over HTTP (RFC 3161, 3.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from rfc3161_client import HashAlgorithm, TimestampRequestBuilder
from translationstring import TranslationStringFactory

from ..errors import BadTimestamp, TimestampUnavailable
from .tokens import MAX_MESSAGE_BYTES, TimestampToken, of_other_data, read_response

_ = TranslationStringFactory("egovdocs")


class Timestamper(Protocol):
    """A source of time-stamps (RFC 3161)."""

    def stamp(self, data: bytes) -> TimestampToken:
        """Return a time-stamp over data.

        :raises TimestampError: none can be had.
        """


@dataclass(frozen=True)
class TimestampService:
    """A time-stamping authority at an address from the site's own configuration.

    :ivar policy: the policy (dotted) that a token must be under; None for any.
    :ivar timeout: seconds to wait for a connection, and between pieces of the response.
    """

    url: str
    policy: str | None = None
    timeout: float = 10.0

    def stamp(self, data: bytes) -> TimestampToken:
        """Request a time-stamp over data; only their SHA-256 digest is sent.

        :raises TimestampUnavailable: no response, or not one of the protocol.
        :raises TimestampRefused: the service refuses.
        :raises BadTimestamp: the token is not what was requested.
        """
        request = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()
        token = read_response(self._post(request.as_bytes()))
        if token.nonce != request.nonce:
            raise BadTimestamp(_("The time-stamp answers another request than ours."))
        if self.policy is not None and token.policy != self.policy:
            raise BadTimestamp(
                _("The time-stamp is under the policy ${policy}.", mapping={"policy": token.policy})
            )
        if not token.covers(data):
            raise of_other_data()
        return token

    def _post(self, request: bytes) -> bytes:
        import requests  # slow to import, and not needed for validation

        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        try:
            with requests.post(
                self.url,
                data=request,
                headers=headers,
                timeout=self.timeout,
                stream=True,
                allow_redirects=False,
            ) as response:
                # Counted while reading: the Content-Length header need not be true.
                body = b""
                for piece in response.iter_content(8192):
                    body += piece
                    if len(body) > MAX_MESSAGE_BYTES:
                        raise TimestampUnavailable(_("The time-stamp service's answer is too long."))
                kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
                status = response.status_code
        except requests.RequestException as problem:
            raise TimestampUnavailable(
                _("The time-stamp service did not answer: ${problem}", mapping={"problem": str(problem)})
            ) from None
        if status != requests.codes.ok or kind != "application/timestamp-reply":
            raise TimestampUnavailable(
                _(
                    "The time-stamp service answered with status ${status} and no time-stamp.",
                    mapping={"status": str(status)},
                )
            )
        return body
