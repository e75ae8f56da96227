"""Cases: what people told us, what was promised, and what became of it."""
