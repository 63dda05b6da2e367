"""Public services from the first form to the archive, as signed XML documents anyone can verify."""

from __future__ import annotations

from typing import Any

FRAMEWORK = {
    "tm.manager_hook": "pyramid_tm.explicit_manager",
    "retry.attempts": "3",
    "jinja2.directories": "egovdocs:views/templates",
    "jinja2.i18n.domain": "egovdocs",
    "jinja2.trim_blocks": "true",
    "jinja2.lstrip_blocks": "true",
}


def main(global_config: dict[str, str], **ini: str) -> Any:
    """Assemble the application from an ini file's section (PasteDeploy's ``app_factory``).

    :returns: the WSGI application.
    :raises egovdocs.settings.SettingsError: names every setting that is missing or wrong.
    """
    # Here and not above, so that `import egovdocs.signing` alone needs no web framework.
    from pyramid.config import Configurator

    from egovdocs.settings import Settings

    settings = Settings.read(ini)
    with Configurator(settings={**ini, **FRAMEWORK}) as config:
        config.registry["settings"] = settings

        # Keeping: one transaction a request, tried again when two requests collide.
        config.include("pyramid_tm")
        config.include("pyramid_retry")
        config.include("egovdocs.views.site")
        config.include("egovdocs.views.outbox")

        # Who may do what: nothing, unless a view says otherwise.
        config.include("egovdocs.views.security")
        config.include("egovdocs.views.headers")
        config.include("egovdocs.views.limits")

        # What people see, in their language.
        config.include("pyramid_jinja2")
        config.include("egovdocs.views.languages")
        config.include("egovdocs.views.templating")
        config.include("egovdocs.views.assets")

        # Every page of every room.
        config.include("egovdocs.views.provider")
        config.include("egovdocs.views.bank")
        config.include("egovdocs.views.gateway")
        config.include("egovdocs.views.procedures")
        config.scan("egovdocs.views")
    return config.make_wsgi_app()
