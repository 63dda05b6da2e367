"""What the parent of served sites has imported and loaded before it forks them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from argon2 import PasswordHasher

import egovdocs
from egovdocs.schemas import Service, load_services


def cheap_passwords() -> None:
    """Make passwords cheap to hash and to check, in this process."""
    log_in = import_module("egovdocs.casework.accounts.log_in")
    log_in.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    log_in._NOBODYS_HASH = log_in.HASHER.hash("nobody's password")


def load_services_once() -> None:
    """Load the services of the package once for all sites of this process."""
    loaded = load_services()

    def services(*folders: Path) -> Mapping[str, Service]:
        return load_services(*folders) if folders else loaded

    import_module("egovdocs.app.open_office").load_services = services


def import_everything() -> None:
    """Import every module of the package."""
    for module in walk_packages(egovdocs.__path__, "egovdocs."):
        if module.name != "egovdocs.__main__":
            import_module(module.name)


import_everything()
cheap_passwords()
load_services_once()
