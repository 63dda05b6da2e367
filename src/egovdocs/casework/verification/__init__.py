"""Examination of documents that anybody submits."""
