"""On the wire: products, serviced assets and price lists."""
