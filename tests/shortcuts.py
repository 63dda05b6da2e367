"""What makes the application cheaper to run in tests, without a change in what it does."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from jinja2 import FileSystemBytecodeCache

from egovdocs import FRAMEWORK
from egovdocs.schemas import Services, load_services
from egovdocs.signing import Signer, load_pkcs12


def cheap_passwords() -> None:
    """Make passwords cheap to hash and to check, in this process."""
    log_in = import_module("egovdocs.casework.accounts.log_in")
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    vars(log_in).update(HASHER=hasher, _NOBODYS_HASH=hasher.hash("nobody's password"))


def load_services_once() -> None:
    """Load the services of the package once for all applications of this process."""
    office = import_module("egovdocs.app.open_office")
    loaded = import_module("egovdocs.sandbox.demo_people").SERVICES

    def services(*folders: Path) -> Services:
        return load_services(*folders) if folders else loaded

    vars(office).update(load_services=services)


def keep_compiled(templates: Path) -> None:
    """Have the applications of this process keep compiled templates in a folder."""
    cache: Any = FileSystemBytecodeCache(str(templates))
    FRAMEWORK["jinja2.bytecode_caching"] = cache


@cache
def load_key(file: Path, password: str) -> Signer:
    """Load a key file once; an RSA key is checked for a tenth of a second each time."""
    return load_pkcs12(file.read_bytes(), password)
