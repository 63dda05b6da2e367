"""What lasts: export packages and fixity."""
