"""Recurring revenue, months, and customers' value."""
