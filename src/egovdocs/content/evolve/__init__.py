"""The evolution of databases: steps that bring the database of any earlier version to the present schema.

The root of the database has a schema version: the number of steps that were carried out. A database of
version 0.1.0 of egovdocs has none, which counts as 0. To change what is stored, add a dated module with a
``STEP``, append it to ``steps.STEPS``, and keep a database of the last release under ``tests/databases``.
"""
