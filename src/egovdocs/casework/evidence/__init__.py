"""Evidence of kept documents: time-stamps and revocation data, taken and renewed."""
