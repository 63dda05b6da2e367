"""Examination of a document that anybody submits."""
