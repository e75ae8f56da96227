"""What the contracts service brings to the schema."""
