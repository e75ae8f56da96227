"""On the wire: billing schedules, price changes and exports for accounting."""
