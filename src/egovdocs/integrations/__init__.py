"""The systems around us: a folder each, with its port, an embedded default and an adapter."""
