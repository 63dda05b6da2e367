"""XML signatures (XML Signature Syntax and Processing 1.1): structure, references, canonical form, making."""
