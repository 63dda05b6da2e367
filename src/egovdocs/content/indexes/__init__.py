"""The indexes of cases and of licences, and their common parts. Each can be rebuilt from the objects."""
