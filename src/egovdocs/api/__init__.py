"""The interfaces for machines, over the same use cases as the pages."""

from __future__ import annotations

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    config.include("egovdocs.api.soap_endpoint")
    config.scan("egovdocs.api")
