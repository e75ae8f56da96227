"""What every service stands on; a closed list of modules without any domain word."""
