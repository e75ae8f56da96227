"""The contracts service in MongoDB; documents never leave this package."""
