"""Providers of channels, each spoken to in its own words."""
