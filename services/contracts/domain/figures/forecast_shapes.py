"""The purchases of a customer as the models see them; plain numbers, so that nobody needs numpy to hold them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class History:
    """The purchases of one customer as the models see them; several on one day are one purchase."""

    repeats: int
    last_weeks: float
    observed_weeks: float
    average: float
    """Mean amount of the repeat purchases, in smallest units; 0 without any."""
    mean: float
    """Mean amount of all purchases."""
