"""The object tree as the provider's staff see it, at ``/provider``."""

from __future__ import annotations

from typing import Any

from pyramid.config import Configurator

from egovdocs.app.request import Request
from egovdocs.content import Site


class ProviderRoot:
    """The root of traversal behind ``/provider``: the cases and the licences of the site.

    ``/provider/cases/{reference}`` is the object of ``/cases/{reference}``, with the views of the staff.
    """

    __name__ = "provider"

    def __init__(self, request: Request) -> None:
        self.__parent__: Site = request.site

    def __getitem__(self, name: str) -> Any:
        if name not in ("cases", "licences"):
            raise KeyError(name)
        return self.__parent__[name]


def includeme(config: Configurator) -> None:
    config.add_route("provider", "/provider*traverse", factory=ProviderRoot)
