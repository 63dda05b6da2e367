"""Evidence of stored documents: time-stamps and revocation data, collected and renewed."""
