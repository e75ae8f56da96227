"""On the wire: clause templates, rendered contracts and signed documents."""
