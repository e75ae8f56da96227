"""What care does, a verb or a tight family of verbs a file."""
