"""Public services from the first form to the archive, as signed XML documents anyone can verify."""

from __future__ import annotations

from typing import Any

FRAMEWORK = {
    "tm.manager_hook": "pyramid_tm.explicit_manager",
    "retry.attempts": "3",
    "jinja2.directories": "egovdocs:views/plumbing\negovdocs:views",
    "jinja2.i18n.domain": "egovdocs",
    "jinja2.trim_blocks": "true",
    "jinja2.lstrip_blocks": "true",
}


def main(global_config: dict[str, str], **ini: str) -> Any:
    """Assemble the application from an ini file's section (PasteDeploy's ``app_factory``).

    :returns: the WSGI application.
    :raises egovdocs.settings.SettingsError: settings are missing or wrong; the message has a line for each.
    """
    # Not at the top, so that importing egovdocs.signing needs no web framework.
    from pyramid.config import Configurator

    from egovdocs.settings import Settings

    settings = Settings.read(ini)
    with Configurator(settings={**ini, **FRAMEWORK}) as config:
        config.registry["settings"] = settings

        # One transaction a request, repeated when it conflicts with another.
        config.include("pyramid_tm")
        config.include("pyramid_retry")

        # What requests work with.
        config.include("egovdocs.app.request")
        config.include("egovdocs.app.site_root")
        config.include("egovdocs.app.workers")

        # What all pages need.
        config.include("egovdocs.views.plumbing")
        config.include("egovdocs.views.shared")

        # For applicants and the public.
        config.include("egovdocs.views.portal")
        config.include("egovdocs.views.accounts")
        config.include("egovdocs.views.register")
        config.include("egovdocs.views.verification")

        # For the staff.
        config.include("egovdocs.views.desk")
        config.include("egovdocs.views.visitors")
        config.include("egovdocs.views.archive")

        # For everybody who signs.
        config.include("egovdocs.views.signatures")

        # For programs.
        config.include("egovdocs.api")
    return config.make_wsgi_app()
