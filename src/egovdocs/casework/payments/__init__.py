"""Payment of the state fee (P4, C2, P5 of table A1)."""
