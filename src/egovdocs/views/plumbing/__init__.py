"""What every page needs: security, headers, limits, errors, languages, templates. Imports no subject."""

from __future__ import annotations

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    # Nobody may do anything unless a view names another permission.
    config.include("egovdocs.views.plumbing.security")
    config.include("egovdocs.views.plumbing.headers")
    config.include("egovdocs.views.plumbing.request_limits")

    config.include("pyramid_jinja2")
    config.include("egovdocs.views.plumbing.languages")
    config.include("egovdocs.views.plumbing.templating")
    config.include("egovdocs.views.plumbing.static_files")
    config.scan("egovdocs.views.plumbing")
