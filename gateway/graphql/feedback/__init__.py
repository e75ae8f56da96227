"""What the feedback service brings to the schema."""
