"""In the schema: products, serviced assets and price lists."""
