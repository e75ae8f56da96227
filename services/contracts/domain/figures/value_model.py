"""What the last fit over all customers found; plain numbers, so that nobody needs numpy to read it."""

from dataclasses import dataclass
from datetime import datetime

from services.contracts.domain.figures.value_facts import Survival


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueModel:
    """Parameters of the purchase models, and the survival of terms."""

    fitted_time: datetime
    policy_version: int
    """The policy whose currency and rates the amounts were read by."""
    customers: int
    buying: tuple[float, ...] = ()
    """BG/NBD: r, alpha (weeks), a, b. Empty: not fitted."""
    buying_log_likelihood: float = 0.0
    spending: tuple[float, ...] = ()
    """Gamma-Gamma: p, q, v (smallest units of the policy's currency). Empty: not fitted."""
    spending_log_likelihood: float = 0.0
    note: str = ""
    survival: Survival
