"""What a campaign has used of its budget, and whether there is room for one message more."""

from dataclasses import dataclass, replace
from datetime import timedelta

from services.care.domain.campaigns.budget import Budget
from services.care.domain.results.prices import Prices
from services.care.domain.sending.reasons import Reason

PRICE_PAUSE = timedelta(minutes=10)
"""So long waits what must be paid from a budget while its price is not known."""


def cost_of(channel: str, budget: Budget, *, prices: Prices) -> int | None:
    """Return what a message takes from the budget, in thousandths of the smallest unit; None: nobody knows."""
    return prices.thousandths(channel, currency_code=budget.currency_code) if budget.minor_units else 0


@dataclass(frozen=True, slots=True)
class Spent:
    """Counted when a message is about to leave, and taken back if it does not."""

    touches: int = 0
    thousandths: int = 0
    """Of the smallest unit of the budget's currency."""

    def over(self, budget: Budget, *, cost: int) -> Reason | None:
        """Return why there is no room for a message of this cost in thousandths, or None."""
        if budget.most_touches and self.touches >= budget.most_touches:
            return Reason.BUDGET_SPENT
        if budget.minor_units and self.thousandths + cost > budget.thousandths:
            return Reason.MONEY_SPENT
        return None

    def with_one_more(self, cost: int) -> "Spent":
        """Return it after a message of this cost."""
        return replace(self, touches=self.touches + 1, thousandths=self.thousandths + cost)

    def most_left(self, budget: Budget, *, cost: int) -> int | None:
        """Return how many messages of this cost there is room for at most; None: any number."""
        left = [max(0, budget.most_touches - self.touches)] if budget.most_touches else []
        if budget.minor_units and self.thousandths > budget.thousandths:
            return 0
        if budget.minor_units and cost:
            left.append((budget.thousandths - self.thousandths) // cost)
        return min(left, default=None)
