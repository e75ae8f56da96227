"""What people do with products, assets and price lists."""
