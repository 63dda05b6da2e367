"""The numbering of licences."""
