"""What a document is: XSDs, and one folder per service."""
