"""The provider's pages: queue, review, orders, leave."""

from __future__ import annotations

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    config.scan("egovdocs.views.desk")
