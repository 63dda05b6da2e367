"""Response headers that keep a browser from doing what our pages never ask it to."""

from __future__ import annotations

from collections.abc import Callable

from pyramid.config import Configurator
from pyramid.registry import Registry
from pyramid.response import Response
from pyramid.tweens import INGRESS

from egovdocs.app.request import Request

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "worker-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
TWO_YEARS = 2 * 365 * 24 * 60 * 60


def includeme(config: Configurator) -> None:
    config.add_tween("egovdocs.views.plumbing.headers.headers_tween_factory", under=INGRESS)


def headers_tween_factory(handler: Callable[[Request], Response], registry: Registry) -> Callable:
    # The form that begins a payment is answered by a redirect to the payment gateway's page.
    own = HEADERS["Content-Security-Policy"]
    pages = registry["settings"].payment_pages
    headers = HEADERS | {
        "Content-Security-Policy": own.replace("form-action 'self'", f"form-action 'self' {pages}".strip())
    }

    def add_headers(request: Request) -> Response:
        response = handler(request)
        # WebOb would put the Host header before it, in which whoever asks may write what they like.
        response._make_location_absolute = lambda _environ, location: location
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if request.scheme == "https":
            response.headers.setdefault("Strict-Transport-Security", f"max-age={TWO_YEARS}")
        if response.cache_control.max_age is None:
            # Pages show personal data: neither a proxy nor the browser's disk keeps them.
            response.cache_control.no_store = True
        return response

    return add_headers
