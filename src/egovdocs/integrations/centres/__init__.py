"""Messages of a public service centre's own system."""
