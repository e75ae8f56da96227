"""The schema: its types, how they are read from protobuf messages, and how they are joined."""
