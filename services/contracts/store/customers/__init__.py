"""In MongoDB: who signs and pays."""
