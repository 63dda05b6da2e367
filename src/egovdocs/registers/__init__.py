"""The systems around us: a port each, an embedded default and a real adapter."""
