"""The kinds of signed documents; offering, signing, acceptance and storage."""
