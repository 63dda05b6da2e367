"""Demo, scenarios, stand-ins of external systems, fault injection: never imported by production code."""
