"""Decisions, outcomes, and orders on licences (P10, P11 of table A1)."""
