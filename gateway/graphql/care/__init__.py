"""What the care service brings to the schema."""
