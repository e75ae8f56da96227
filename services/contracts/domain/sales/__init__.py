"""Leads, opportunities, quotes and orders."""
