"""How a request proceeds: one package a subject, one module a use case, named by a verb.

Each use case takes the site's :class:`~egovdocs.casework.office.Office` and persistent objects. It raises
:class:`~egovdocs.casework.errors.Refusal` (a refusal of the regulation, journaled) or
:class:`~egovdocs.casework.errors.Mistake` (a person's mistake; nothing was changed).
"""
