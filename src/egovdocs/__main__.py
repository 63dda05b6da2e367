"""``python -m egovdocs`` is ``egovdocs``."""

from egovdocs.cli import main

main()
