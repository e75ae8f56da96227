"""In the schema: customers' upkeep: change, merge, import, export."""
