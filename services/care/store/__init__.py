"""What care stores: documents live and die here, use cases see their own types."""
