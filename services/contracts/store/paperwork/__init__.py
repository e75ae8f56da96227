"""In MongoDB: clauses, texts and files of contracts."""
