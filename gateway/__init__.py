"""The gateway: one GraphQL schema in front of the four services."""
