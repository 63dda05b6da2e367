"""Accounts: registration, log-in, settings, and the accounts of staff."""
