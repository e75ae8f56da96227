"""How the suite is installed, started and stopped."""
