"""Foresees who gets a place in a budget: by number and by money, in the order in which messages leave."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from heapq import merge, nsmallest

from services.care.domain.campaigns.budget import Budget
from services.care.domain.results.prices import Prices
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.spending import Spent, cost_of

Place = tuple[datetime, str]
"""Who leaves earlier takes the place; of those at one moment the smaller id."""
_KEPT = 2
"""Lists are cut back when they hold so many times what counts: a budget is small where a day is large."""


@dataclass(frozen=True, slots=True)
class Rationed:
    """Where a budget ends; what is left never grows, so who comes later by the same channel has no place either."""

    full_at: Place | None = None
    """The first one for whom the number is used up."""
    broke_at: Mapping[str, Place] = field(default_factory=dict)
    """By channel: the first one that would cost more than is left."""

    def refused(self, place: Place, channel: str) -> Reason | None:
        """Return why a message that leaves then, by this channel, has no place in the budget, or None."""
        if self.full_at and place >= self.full_at:
            return Reason.BUDGET_SPENT
        broke = self.broke_at.get(channel)
        return Reason.MONEY_SPENT if broke and place >= broke else None


def ration(leaving: Iterable[tuple[Place, str]], spent: Spent, *, budget: Budget, prices: Prices) -> Rationed:
    """Return where the budget ends for messages, told by place and channel in any order, after what was spent."""
    earliest: dict[str, list[Place]] = defaultdict(list)
    for place, channel in leaving:
        cost = cost_of(channel, budget, prices=prices)
        most = None if cost is None else spent.most_left(budget, cost=cost)
        if most is not None:
            some = earliest[channel]
            some.append(place)
            if len(some) > _KEPT * (most + 1):
                some[:] = nsmallest(most + 1, some)
    return _walk(earliest, spent, budget=budget, prices=prices)


def _walk(earliest: Mapping[str, list[Place]], spent: Spent, *, budget: Budget, prices: Prices) -> Rationed:
    full_at: Place | None = None
    broke_at: dict[str, Place] = {}
    by_channel = [[(place, channel) for place in sorted(places)] for channel, places in earliest.items()]
    for place, channel in merge(*by_channel):
        cost = cost_of(channel, budget, prices=prices) or 0
        reason = spent.over(budget, cost=cost)
        if reason is Reason.BUDGET_SPENT:
            full_at = place
            break
        if reason:
            broke_at.setdefault(channel, place)
        else:
            spent = spent.with_one_more(cost)
    return Rationed(full_at, broke_at)
