"""Bounded HTTP requests to configured addresses."""

from __future__ import annotations

from typing import Any

import requests

from egovdocs.cli.trust.store_folder import NotAccepted

_TIMEOUT = 30  # seconds
_CHUNK = 65_536  # bytes


def download(method: str, url: str, max_bytes: int, **request: Any) -> bytes:
    """Return the body of an HTTP response.

    Redirects are not followed, because only configured addresses may be used.

    :param request: more arguments of ``requests.request``.
    :raises NotAccepted: there is no response with status 200, or it exceeds ``max_bytes``.
    """
    try:
        with requests.request(
            method, url, timeout=_TIMEOUT, stream=True, allow_redirects=False, **request
        ) as response:
            if response.status_code != requests.codes.ok:
                raise NotAccepted(f"{url} responded with status {response.status_code}")
            data = bytearray()
            for chunk in response.iter_content(_CHUNK):
                data += chunk
                if len(data) > max_bytes:
                    raise NotAccepted(f"the response of {url} exceeds {max_bytes} bytes")
    except requests.RequestException as problem:
        raise NotAccepted(f"{url} did not respond: {problem}") from None
    return bytes(data)
