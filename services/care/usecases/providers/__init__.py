"""What is done about providers, their errors, and what they tell us afterwards."""
