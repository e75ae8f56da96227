"""In MongoDB: products, delivered assets and their warranty, prices."""
