"""What people and events do with cases."""
