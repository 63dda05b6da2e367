"""Notices by e-mail to applicants and staff."""
