"""On the wire: leads, opportunities, quotes and orders."""
