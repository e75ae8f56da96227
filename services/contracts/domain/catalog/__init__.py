"""Products, delivered assets and their warranty, prices."""
