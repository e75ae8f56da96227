"""Providers in MongoDB, and the counts that dispatchers share."""
