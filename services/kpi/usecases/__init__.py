"""What people and events do with employees, figures and facts."""
