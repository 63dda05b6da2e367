"""The external systems: a folder each, with its port, an embedded default and the adapter of the real system.

The folders do not import each other, except that all may use the transport, ``gateway``.
"""
