"""Signing of documents, and acceptance of what was signed."""
