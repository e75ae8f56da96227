"""On the wire: customers and contracts."""
