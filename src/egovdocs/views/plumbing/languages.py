"""The language of a page: chosen by ``?lang=``, else by a cookie, else by the browser's preferences."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from pyramid.config import Configurator
from pyramid.events import NewResponse

from egovdocs.app.request import Request
from egovdocs.i18n import LANGUAGES
from egovdocs.views.plumbing.form_recovery import referring_page

NAMES = {"ru": "Русский", "kk": "Қазақша", "en": "English"}
COOKIE = "lang"
YEAR = 365 * 24 * 60 * 60


def includeme(config: Configurator) -> None:
    config.add_translation_dirs("egovdocs:locale")
    config.set_locale_negotiator(negotiate)
    config.add_subscriber(remember_language, NewResponse)
    config.add_request_method(current_url_in)


def negotiate(request: Request) -> str:
    """Return the language for a request (Pyramid's locale negotiator)."""
    for chosen in (request.GET.get("lang"), request.cookies.get(COOKIE)):
        if chosen in LANGUAGES:
            return chosen
    return request.accept_language.lookup(LANGUAGES, default="ru")


def remember_language(event: NewResponse) -> None:
    """Store the language that a link chose in a cookie."""
    chosen = event.request.GET.get("lang")
    if chosen in LANGUAGES:
        event.response.set_cookie(
            COOKIE,
            chosen,
            max_age=YEAR,
            httponly=True,
            samesite="Lax",
            secure=event.request.scheme == "https",
        )


def current_url_in(request: Request, language: str) -> str:
    """Return the address of this page in another language; after a form was sent, that of the form's page."""
    place = urlsplit((request.method == "POST" and referring_page(request)) or request.path_qs)
    query = {name: value for name, value in parse_qsl(place.query) if name != "lang"}
    return f"{place.path}?{urlencode({**query, 'lang': language})}"
