"""Who signs and pays."""
