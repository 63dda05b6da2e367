"""The pages where anybody checks a document."""

from __future__ import annotations

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    config.scan("egovdocs.views.verification")
