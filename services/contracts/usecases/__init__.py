"""What people do with customers and contracts."""
