"""What the kpi service brings to the schema."""
