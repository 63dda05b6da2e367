"""Requests made in person, at the provider or at a public service centre (tables A2, A3, B2)."""
