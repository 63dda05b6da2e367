"""The applicant's pages: services, forms, payment, status, documents."""

from __future__ import annotations

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    config.include("egovdocs.views.portal.embedded_bank")
    config.include("egovdocs.views.portal.procedure_pages")
    config.scan("egovdocs.views.portal")
