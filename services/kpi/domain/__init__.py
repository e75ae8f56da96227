"""What an employee, a figure and a fact are, and who may see them."""
