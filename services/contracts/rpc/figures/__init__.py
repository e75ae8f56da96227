"""On the wire: recurring revenue, monthly statistics and customers' value."""
