"""The same from the command line: one module per command, imported when it is called."""

from __future__ import annotations

import warnings
from importlib import import_module

import click

# Pyramid and bagit still ask for it; it is no concern of whoever types a command.
warnings.filterwarnings("ignore", "pkg_resources is deprecated")

COMMANDS = {
    "serve": "Start the site.",
    "demo": "Carry requests from registration to the archive and keep every document.",
    "sign": "Sign an XML document with a key file.",
    "verify": "Tell whether signed documents are genuine.",
    "archive": "Export cases and check exported packages.",
    "database": "Pack, compare, rebuild and mend the database.",
    "registers": "Load the embedded registers of persons, entities and powers of attorney.",
    "centre": "Hand requests in through the gateway, as a centre's own system does.",
    "gateway": "Serve a stand-in of the e-government gateway and its registers.",
    "trust": "Keep revocation lists fresh, and give time-stamps.",
}


class Commands(click.Group):
    """Loads a command's module only when that command is called, so that each starts fast."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        return getattr(import_module(f"egovdocs.cli.{name}"), name)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=Commands)
@click.version_option(package_name="egovdocs")
def main() -> None:
    """egovdocs: public services from the first form to the archive, as signed XML documents."""
