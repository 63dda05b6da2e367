"""Registration, log-in and an account's own pages."""

from __future__ import annotations

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    config.scan("egovdocs.views.accounts")
