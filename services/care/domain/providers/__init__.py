"""The rules of providers: who carries the messages of a channel, how fast, and when they are left alone."""
