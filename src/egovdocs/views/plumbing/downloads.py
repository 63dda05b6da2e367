"""Files to download, which never run as part of this site, whatever they contain."""

from __future__ import annotations

from urllib.parse import quote

from pyramid.response import Response


def download(data: bytes, name: str, media_type: str) -> Response:
    """Return a response that a browser saves under a name (RFC 6266; in UTF-8 by RFC 8187).

    Its content security policy is an empty sandbox, for browsers that show the file nevertheless.
    """
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in name)
    response = Response(data, content_type=media_type, charset=None)
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
