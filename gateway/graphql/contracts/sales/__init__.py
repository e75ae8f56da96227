"""In the schema: leads, opportunities, quotes and orders."""
