"""The state's registers of persons, entities and powers of attorney."""
