"""In the schema: billing schedules, price changes and exports for accounting."""
