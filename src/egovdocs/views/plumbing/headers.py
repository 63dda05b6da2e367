"""Response headers that restrict what a browser does with the pages."""

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

Tween = Callable[[Request], Response]


def includeme(config: Configurator) -> None:
    config.add_tween("egovdocs.views.plumbing.headers.headers_tween_factory", under=INGRESS)


def headers_tween_factory(handler: Tween, registry: Registry) -> Tween:
    # The response to the form that starts a payment redirects to the payment gateway.
    own = HEADERS["Content-Security-Policy"]
    pages = registry["settings"].payment_pages
    headers = HEADERS | {
        "Content-Security-Policy": own.replace("form-action 'self'", f"form-action 'self' {pages}".strip())
    }

    def add_headers(request: Request) -> Response:
        response = handler(request)
        # WebOb would prefix the Host header, which the client chooses.
        response._make_location_absolute = lambda _environ, location: location
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if request.scheme == "https":
            response.headers.setdefault("Strict-Transport-Security", f"max-age={TWO_YEARS}")
        if response.cache_control.max_age is None:
            # Pages show personal data: neither a proxy nor a browser may store them.
            response.cache_control.no_store = True
        return response

    return add_headers
