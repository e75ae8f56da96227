"""What a customer is worth: how it was judged, and every change of tier with its reasons."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.contracts.domain.customers.customer import CustomerStage, CustomerTier
from services.contracts.domain.figures.figures_events import CustomerValueChanged
from services.contracts.domain.figures.value_reasons import Because, Reason
from services.contracts.domain.terms.money import Money

MOST_CHANGES = 100
"""A value remembers so many changes of tier; the oldest is forgotten first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What was found of a customer at a moment."""

    tier: CustomerTier
    stage: CustomerStage
    risk: int
    current_value: Money
    contract_margin: Money
    order_margin: Money
    cost_to_serve: Money
    contract_potential: Money
    order_potential: Money
    alive_permille: int | None = None
    expected_orders_hundredths: int | None = None
    reasons: tuple[Reason, ...]

    @property
    def potential_value(self) -> Money:
        """What contracts and orders are expected to bring."""
        return self.contract_potential + self.order_potential


@dataclass(frozen=True, slots=True, kw_only=True)
class TierChange:
    """One change of tier, newest first."""

    before: CustomerTier | None
    after: CustomerTier
    reasons: tuple[Reason, ...]
    changed_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerValue:
    """The value as stored; its id is the customer's."""

    id: str
    version: int = 1
    judged: Judgement
    changes: tuple[TierChange, ...]
    computed_time: datetime
    events: tuple[object, ...] = ()

    @classmethod
    def first(cls, customer_id: str, judged: Judgement, *, now: datetime) -> "CustomerValue":
        """Return the value of a customer that had none; one who has bought nothing yet is no news."""
        bare = cls(id=customer_id, version=0, judged=judged, changes=(), computed_time=now)
        made = replace(bare._changed(None, judged, now=now), version=1)
        unknown = any(each.code == Because.NOTHING_YET for each in judged.reasons)
        return replace(made, events=()) if unknown else made

    def judged_again(self, judged: Judgement, *, now: datetime) -> "CustomerValue":
        """Return the value as judged now, with the change noted and said where the tier is another; else silently."""
        if judged.tier is not self.judged.tier:
            return self._changed(self.judged.tier, judged, now=now)
        return replace(self, judged=judged, computed_time=now, events=())

    def _changed(self, before: CustomerTier | None, judged: Judgement, *, now: datetime) -> "CustomerValue":
        change = TierChange(before=before, after=judged.tier, reasons=judged.reasons, changed_time=now)
        said = CustomerValueChanged(
            customer_id=self.id,
            tier_before=before,
            tier_after=judged.tier,
            stage=judged.stage,
            risk=judged.risk,
            current_value=judged.current_value,
            potential_value=judged.potential_value,
            reason_codes=tuple(each.code for each in judged.reasons),
            value_version=self.version + 1,
            occurred_time=now,
        )
        changes = (change, *self.changes)[:MOST_CHANGES]
        return replace(self, judged=judged, changes=changes, computed_time=now, events=(said,))
