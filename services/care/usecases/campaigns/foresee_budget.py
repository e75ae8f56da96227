"""Foresees who gets a place in a budget: by number and by money, in the order in which messages leave."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from heapq import merge, nsmallest

from services.care.domain.campaigns.budget import Budget
from services.care.domain.results.prices import Prices
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.spending import Spent, cost_of

Place = tuple[datetime, str]
"""Who leaves earlier takes the place; of those at one moment the smaller id."""
_BEFORE_ALL: Place = (datetime.min.replace(tzinfo=UTC), "")
_KEPT = 2
"""Lists are cut back when they hold so many times what counts: a budget is small where a day is large."""


@dataclass(frozen=True, slots=True)
class Rationed:
    """Where a budget ends; what is left never grows, so who comes later by the same channel has no place either."""

    full_after: Place | None = None
    """Who takes the last place of the number; None: it is not used up."""
    broke_at: Mapping[str, Place] = field(default_factory=dict)
    """By channel: the first one that would cost more than is left."""

    def refused(self, place: Place, channel: str) -> Reason | None:
        """Return why a message that leaves then, by this channel, has no place in the budget, or None."""
        if self.full_after and place > self.full_after:
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
    full_after = _BEFORE_ALL if _is_full(spent, budget) else None
    broke_at: dict[str, Place] = {}
    by_channel = [[(place, channel) for place in sorted(places)] for channel, places in earliest.items()]
    for place, channel in merge(*by_channel):
        if full_after:
            break
        cost = cost_of(channel, budget, prices=prices) or 0
        if spent.over(budget, cost=cost):
            broke_at.setdefault(channel, place)
            continue
        spent = spent.with_one_more(cost)
        full_after = place if _is_full(spent, budget) else None
    return Rationed(full_after, broke_at)


def _is_full(spent: Spent, budget: Budget) -> bool:
    return spent.over(budget, cost=0) is Reason.BUDGET_SPENT
