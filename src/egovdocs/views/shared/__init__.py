"""What the pages of several subjects have in common: lists, forms, documents, licences, the filters for them.

Imports no subject; a subject imports this package and ``plumbing``, and no other subject.
"""

from __future__ import annotations

from pyramid.config import Configurator

from egovdocs.views.plumbing.templating import add_filters
from egovdocs.views.shared import case_filters, form_filters


def includeme(config: Configurator) -> None:
    config.include("egovdocs.views.shared.provider_root")
    add_filters(
        config,
        case_filters.state_colour,
        case_filters.outcome_kind,
        case_filters.awaits_answer,
        case_filters.outcome_tag,
        case_filters.limit_text,
        form_filters.items,
        form_filters.autocomplete,
        form_filters.width,
        form_filters.inputmode,
    )
