"""Files given out: always saved, never opened inside our pages, whatever they hold."""

from __future__ import annotations

from urllib.parse import quote

from pyramid.response import Response


def download(data: bytes, name: str, media_type: str) -> Response:
    """Give a file out to be saved under a name (RFC 6266; the name in UTF-8 by RFC 8187).

    A browser that shows it nevertheless runs nothing of it: its policy is an empty sandbox.
    """
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in name)
    response = Response(data, content_type=media_type, charset=None)
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
