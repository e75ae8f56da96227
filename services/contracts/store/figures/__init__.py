"""In MongoDB: recurring revenue, months, and customers' value."""
