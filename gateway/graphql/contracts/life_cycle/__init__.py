"""In the schema: customers and contracts."""
