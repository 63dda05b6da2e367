"""The provider's review: claim, checklist, remarks and answers, leave (C4 of table A1)."""
