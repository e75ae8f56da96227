"""What a customer and a contract are, and what may happen to them."""
