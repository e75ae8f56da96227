"""What people do with leads, opportunities, quotes and orders."""
