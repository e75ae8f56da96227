"""Customers and contracts: what was promised to whom, for which term and price."""
