"""Clauses, texts and files of contracts."""
