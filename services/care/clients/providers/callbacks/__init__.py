"""Callbacks of providers, a module for each of whose words we understand."""
