"""Certificates, the paths to trust anchors, and revocation."""
