"""What the use cases of care need from the world, in their own words."""
