"""In MongoDB: a contract, its versions and its life."""
