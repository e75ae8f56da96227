"""What the contracts service reads and writes outside of its database."""
