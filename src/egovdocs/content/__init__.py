"""What is kept: the persistent objects and their indexes."""
