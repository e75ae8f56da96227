"""Recurring revenue, monthly statistics and customers' value."""
