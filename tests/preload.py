"""What the parent of served sites has imported and loaded before it forks them."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages

from tests.shortcuts import cheap_passwords, load_services_once

import egovdocs

for module in walk_packages(egovdocs.__path__, "egovdocs."):
    if module.name != "egovdocs.__main__":
        import_module(module.name)
cheap_passwords()
load_services_once()
