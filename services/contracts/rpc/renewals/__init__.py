"""On the wire: warranties that end, renewals and their forecast."""
