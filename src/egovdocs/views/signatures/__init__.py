"""The pages where documents are read and signed, one or many."""

from __future__ import annotations

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    config.scan("egovdocs.views.signatures")
