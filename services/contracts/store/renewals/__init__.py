"""Renewals, their signals and snapshots, and ending warranties in MongoDB."""
