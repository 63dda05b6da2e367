"""What people look at: PDF and the readable view of a document."""
