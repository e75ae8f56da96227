"""In the schema: recurring revenue, monthly statistics and customers' value."""
