"""Money, days, periods and parts: what every promise is made of."""
