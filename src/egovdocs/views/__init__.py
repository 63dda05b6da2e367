"""How people and machines reach it."""
