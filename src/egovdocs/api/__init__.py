"""How machines reach it, over the same use cases."""

from __future__ import annotations

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    config.include("egovdocs.api.soap_endpoint")
    config.scan("egovdocs.api")
