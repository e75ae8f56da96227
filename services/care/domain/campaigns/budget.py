"""How many messages a campaign may send, and how much they may cost."""

import re
from dataclasses import dataclass

from services.chassis.errors import InvalidField

MOST_MINOR_UNITS = (2**63 - 1) // 1_000
"""Thousandths of it are counted in 64 bits."""
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Budget:
    """The campaign sends no more than this; 0 in a field: no such cap."""

    most_touches: int = 0
    minor_units: int = 0
    """What providers may charge in all, in the currency's smallest unit."""
    currency_code: str = ""

    @property
    def thousandths(self) -> int:
        """The amount in thousandths of the smallest unit, for a message may cost less than one."""
        return self.minor_units * 1_000

    @property
    def caps(self) -> bool:
        """Whether it says anything."""
        return bool(self.most_touches or self.minor_units)

    def checked(self, field: str) -> "Budget":
        """Return the budget, or refuse the field that is wrong."""
        for name in ("most_touches", "minor_units"):
            if getattr(self, name) < 0:
                raise InvalidField(f"{field}.{name}", f"{field}.{name} must not be negative.")
        if self.minor_units > MOST_MINOR_UNITS:
            path = f"{field}.minor_units"
            raise InvalidField(path, f"{path} must be {MOST_MINOR_UNITS} at most.")
        if bool(self.minor_units) != bool(_CURRENCY.fullmatch(self.currency_code)):
            path = f"{field}.currency_code"
            raise InvalidField(path, f"{path} must be an ISO 4217 code such as CNY if there is an amount, else empty.")
        return self
