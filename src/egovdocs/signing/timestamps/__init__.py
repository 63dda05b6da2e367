"""Time-stamps of RFC 3161: tokens, services, and an authority of one's own."""
