"""Requests sent to the provider's workstation."""
