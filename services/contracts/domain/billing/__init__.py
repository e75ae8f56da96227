"""What is billed when, and how prices change."""
