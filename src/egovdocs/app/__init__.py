"""Assembly of the application: settings, office, database, workers, and the typed request."""
