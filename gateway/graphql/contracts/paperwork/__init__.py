"""In the schema: clause templates, rendered contracts and signed documents."""
