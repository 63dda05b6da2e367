"""Demo, scenario, stubs of external systems, fault injection: never imported by production code."""
