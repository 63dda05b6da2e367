"""Requests: from the first draft to the registered request, and its end."""
