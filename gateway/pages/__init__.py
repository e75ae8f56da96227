"""Pages for people: GraphiQL, and while developing the inbox of the mail sink."""
