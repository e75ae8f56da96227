"""What is covered, what is left, and chargeable service."""
