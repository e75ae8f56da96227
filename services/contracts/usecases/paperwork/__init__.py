"""What people do with clauses, texts and files of contracts."""
