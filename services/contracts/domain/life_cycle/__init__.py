"""A contract, its versions and its life."""
