"""What makes a document trustworthy: sign, validate, certificates, revocation, timestamps."""
