"""The world outside: the mail server, and the provider that can be asked about a message."""
