"""XAdES: properties, evidence in a signature, and proof of existence (ETSI EN 319 132-1)."""
