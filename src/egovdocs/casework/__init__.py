"""How a request proceeds: procedures, deadlines, journal, decisions."""
