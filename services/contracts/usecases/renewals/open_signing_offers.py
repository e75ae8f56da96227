"""Open a signing opportunity, once, for each group of assets whose warranty ends soon."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.chassis import logs
from services.chassis.clock import Clock
from services.chassis.errors import DomainError
from services.contracts.domain.renewals.warranty_expiry import EndingWarranty, WarrantyExpiry, grouped, is_covered
from services.contracts.domain.sales.opportunity import Opportunity, OpportunityDetails
from services.contracts.domain.sales.opportunity_stages import OpportunityKind
from services.contracts.domain.terms.periods import local_day
from services.contracts.ports.warranties import SigningOpportunities, Warranties, WarrantyExpiries

BATCH = 500
_LOOK_BACK = timedelta(days=30)
"""After an outage, warranties that ended not longer ago still open an opportunity."""
_log = logs.get("contracts.renewals")


@dataclass(frozen=True, slots=True)
class OpenSigningOffers:
    """Repeating it, or killing it anywhere, opens nothing twice: every id follows from the group."""

    warranties: Warranties
    expiries: WarrantyExpiries
    opportunities: SigningOpportunities
    clock: Clock
    zone: str
    """IANA name: the company's, in which people count days."""
    window_days: int

    def __call__(self, *, holds: Callable[[], bool]) -> int:
        """Return how many groups were found."""
        now = self.clock.now()
        today, done = local_day(now, self.zone), 0
        last = today + timedelta(days=self.window_days)
        for batch in self.warranties.ending(today - _LOOK_BACK, last, size=BATCH):
            if not holds():
                break
            done += self._batch(batch, now)
        return done

    def _batch(self, batch: Sequence[EndingWarranty], now: datetime) -> int:
        customers = list({each.customer_id for each in batch})
        covers = self.warranties.covers(customers)
        bare = [each for each in batch if not is_covered(each, covers)]
        if not bare:
            return 0
        groups = grouped(bare, owners=dict(self.warranties.owners(customers)), now=now)
        known = {each.id: each for each in self.expiries.batch_get([group.id for group in groups])}
        new = [group for group in groups if group.id not in known]
        grown = [
            (old, joined)
            for group in groups
            if (old := known.get(group.id)) and (joined := old.joined_by(group.asset_ids, now=now)) is not old
        ]
        done = self.expiries.add_many(new) + self.expiries.change_many(grown)
        self._open([known.get(group.id, group) for group in groups], now)
        return done

    def _open(self, groups: Sequence[WarrantyExpiry], now: datetime) -> None:
        """Open what is missing: what an earlier run found, but was killed before it opened, too."""
        there = self.opportunities.known([group.opportunity_id for group in groups])
        missing = [group for group in groups if group.opportunity_id not in there]
        self.opportunities.add_many([each for group in missing if (each := _opportunity(group, now))])


def _opportunity(group: WarrantyExpiry, now: datetime) -> Opportunity | None:
    details = OpportunityDetails(
        kind=OpportunityKind.SIGNING_OFFER,
        title=f"Warranty ends {group.month} · {group.month} 保修到期 ({len(group.asset_ids)})",
        customer_id=group.customer_id,
        owner_id=group.owner_id,
        close_date=group.warranty_end.isoformat(),
        asset_ids=group.asset_ids,
    )
    try:
        return Opportunity.opened(group.opportunity_id, details, author="", now=now)
    except DomainError as error:  # one group whose customer or assets are wrong must not stop the others
        _log.warning("signing_offer_failed", warranty_expiry_id=group.id, reason=error.code)
        return None
