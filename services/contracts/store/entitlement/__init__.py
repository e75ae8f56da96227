"""In MongoDB: what is covered, what is left, and chargeable service."""
