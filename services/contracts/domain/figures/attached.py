"""The attach rate: of the assets whose warranty ended, how many a contract took over. Every report asks here."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.contracts.domain.catalog.warranty import ATTACH_WITHIN
from services.contracts.domain.figures.booked import BookedContract
from services.contracts.domain.terms.periods import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which days, as known at which moment."""

    span: Span
    known_at: datetime
    today: date
    """The company's day at that moment: what lies ahead of it has not happened."""

    def over(self, last: date) -> bool:
        """Say whether a last day lies within the days asked for, and has passed."""
        return self.span.holds(last) and last < self.today


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedWarranty:
    """An asset whose free maintenance ran out."""

    asset_id: str
    customer_id: str
    owner_id: str
    """Who owns the customer."""
    last_day: date


def ended(
    warranties: Iterable[EndedWarranty], covering: Iterable[BookedContract], *, asked: Asked
) -> Iterator[tuple[EndedWarranty, bool]]:
    """Yield each warranty that ended within the days and has passed, with whether a contract took its asset over.

    It did where it was in force for the asset on one of the 90 days (`ATTACH_WITHIN`) that follow the warranty, until
    today, as known at the moment asked about. `covering` are the contracts of the customers, with what their lines
    cover; what is signed and not yet in force has taken nothing over.
    """
    by_customer: defaultdict[str, list[BookedContract]] = defaultdict(list)
    for contract in covering:
        if known := contract.known(asked.known_at):
            by_customer[contract.customer_id].append(known)
    for warranty in warranties:
        if asked.over(warranty.last_day):
            first = warranty.last_day + timedelta(days=1)
            within = Span(first, min(warranty.last_day + ATTACH_WITHIN, asked.today))
            contracts = by_customer[warranty.customer_id]
            yield warranty, any(_covers(contract, warranty.asset_id, within=within) for contract in contracts)


def _covers(contract: BookedContract, asset_id: str, *, within: Span) -> bool:
    """Say whether the contract was in force for the asset on one of the days: where anything changes, or the first."""
    days = {within.start} | {each.effective_date for each in contract.moves}
    for version in contract.versions:
        days |= {version.start_date, version.effective_date}
    return any(
        within.holds(day) and (terms := contract.paying_at(day)) is not None and terms.covers(asset_id)
        for day in sorted(days)
    )
