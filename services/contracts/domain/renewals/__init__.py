"""Warranties that end, renewals and their forecast."""
