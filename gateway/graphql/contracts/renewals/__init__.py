"""In the schema: warranties that end, renewals and their forecast."""
