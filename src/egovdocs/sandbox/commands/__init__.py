"""The commands of the sandbox: ``egovdocs demo`` and ``egovdocs gateway``."""
