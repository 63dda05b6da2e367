"""Assembly: from the settings to the office, the database and the workers."""
