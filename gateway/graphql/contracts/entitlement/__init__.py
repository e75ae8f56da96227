"""In the schema: what is covered, what is left of allowances, and chargeable service."""
