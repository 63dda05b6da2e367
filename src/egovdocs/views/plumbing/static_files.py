"""The style sheet, the scripts and the fonts.

Their addresses change with their contents, so browsers may cache them for a year.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from pyramid.config import Configurator
from pyramid.static import QueryStringConstantCacheBuster

STATIC = Path(__file__).parents[1] / "static"
YEAR = 365 * 24 * 60 * 60


def includeme(config: Configurator) -> None:
    config.add_static_view("static", "egovdocs:static", cache_max_age=YEAR)
    config.add_cache_buster("egovdocs:static", QueryStringConstantCacheBuster(_digest()))


def _digest() -> str:
    built = sorted(STATIC.glob("*.css")) + sorted(STATIC.glob("*.js"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in built)).hexdigest()[:12]
