"""How a request proceeds: a package for each subject, a module for each use case, named by a verb.

A use case takes the site's :class:`~egovdocs.casework.office.Office` and persistent objects. It raises
:class:`~egovdocs.casework.errors.Refusal` (a refusal of the regulation, written to the journal) or
:class:`~egovdocs.casework.errors.Mistake` (a person's mistake; nothing was changed).

Step numbers in docstrings (P1, C1 …) are those of the regulation's tables.
"""
