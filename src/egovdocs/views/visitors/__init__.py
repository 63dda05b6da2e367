"""The pages where requests are made in person, at the provider or at a centre."""

from __future__ import annotations

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    config.scan("egovdocs.views.visitors")
