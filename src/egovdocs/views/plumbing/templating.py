"""Jinja2 with the GOV.UK component macros and this site's filters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, Environment, PackageLoader, PrefixLoader
from pyramid.config import Configurator
from pyramid_jinja2 import PARENT_RELATIVE_DELIM

from egovdocs.views.plumbing import display_filters
from egovdocs.views.plumbing.languages import NAMES


class GovukMacros(PrefixLoader):
    """The GOV.UK macros, which import each other by names from the root.

    pyramid_jinja2 puts the importing template before each name, for paths relative to it; it is cut off.
    """

    def get_loader(self, template: str) -> tuple[BaseLoader, str]:
        return super().get_loader(template.partition(PARENT_RELATIVE_DELIM)[0])


def includeme(config: Configurator) -> None:
    config.action(None, _add_loader_and_globals, args=(config,), order=1)
    add_filters(
        config,
        display_filters.tr,
        display_filters.field_error,
        display_filters.error_list,
        display_filters.day,
        display_filters.moment,
        display_filters.month,
        display_filters.percent,
        display_filters.money,
        display_filters.size,
        display_filters.runs,
    )


def add_filters(config: Configurator, *filters: Callable[..., Any]) -> None:
    """Give templates filters, each under its function's name."""
    named = {each.__name__: each for each in filters}
    # The environment is there once pyramid_jinja2's own actions, of order 0, were executed.
    config.action(None, lambda: _environment(config).filters.update(named), order=1)


def _add_loader_and_globals(config: Configurator) -> None:
    environment = _environment(config)
    assert environment.loader is not None
    environment.loader = ChoiceLoader(
        [environment.loader, GovukMacros({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})]
    )
    environment.globals["language_names"] = NAMES


def _environment(config: Configurator) -> Environment:
    environment: Environment = config.get_jinja2_environment()
    return environment
