"""The command line: a module or package per command, imported only when the command is called."""

from __future__ import annotations

import warnings
from importlib import import_module

import click

# Pyramid 2.1 imports pkg_resources, which is of no interest to users of the commands.
warnings.filterwarnings("ignore", "pkg_resources is deprecated")

# name: (module with a command of this name, short help); the sandbox is named here and never imported
COMMANDS = {
    "init": ("egovdocs.cli.init", "Make the folder of a new site."),
    "serve": ("egovdocs.cli.serve", "Serve the site."),
    "demo": ("egovdocs.sandbox.commands.demo", "Carry requests from registration to the archive."),
    "sign": ("egovdocs.cli.sign", "Sign an XML document with a key file."),
    "verify": ("egovdocs.cli.verify", "Check whether signed documents are genuine."),
    "archive": ("egovdocs.cli.archive", "Export cases and check exported packages."),
    "database": ("egovdocs.cli.database", "Evolve, pack, compare, rebuild and mend the database."),
    "registers": ("egovdocs.cli.registers", "Load the embedded state registers."),
    "centre": ("egovdocs.cli.centre", "Hand in requests through the gateway, as a centre's own system does."),
    "gateway": (
        "egovdocs.sandbox.commands.serve_gateway_stub",
        "Serve a stub of the gateway and its registers.",
    ),
    "trust": ("egovdocs.cli.trust", "Keep revocation lists current, and serve time-stamps."),
}


class Commands(click.Group):
    """A group that imports a command's module only when the command is called, for a fast start."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[name][0]), name)
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])


@click.command(cls=Commands)
@click.version_option(package_name="egovdocs", prog_name="egovdocs")
def main() -> None:
    """egovdocs: public services from the first form to the archive, as signed XML documents."""
