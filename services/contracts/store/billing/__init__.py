"""In MongoDB: what is billed when, and how prices change."""
