"""Algorithms, and the keys that sign with them."""
