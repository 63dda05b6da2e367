"""What stands around every page: security, headers, limits, errors, languages, templates."""

from __future__ import annotations

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    # Who may do what: nothing, unless a view says otherwise.
    config.include("egovdocs.views.plumbing.security")
    config.include("egovdocs.views.plumbing.headers")
    config.include("egovdocs.views.plumbing.request_limits")

    # What people see, in their language.
    config.include("pyramid_jinja2")
    config.include("egovdocs.views.plumbing.languages")
    config.include("egovdocs.views.plumbing.templating")
    config.include("egovdocs.views.plumbing.assets")
    config.scan("egovdocs.views.plumbing")
