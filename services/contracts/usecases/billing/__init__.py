"""What people and jobs do with billing schedules, price changes and exports."""
