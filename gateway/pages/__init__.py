"""Pages for people: what members allow, GraphiQL, and while developing the inbox of the mail sink."""
