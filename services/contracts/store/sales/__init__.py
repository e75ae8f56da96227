"""Leads, opportunities, quotes and orders in MongoDB."""
