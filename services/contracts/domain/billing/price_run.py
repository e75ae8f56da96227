"""A change of many prices at once: looked through, approved by a second person, applied, and undone if need be."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from services.contracts.domain.billing.billing_errors import PriceRunOwnWork, PriceRunTransitionRefused
from services.contracts.domain.billing.escalation import Bounds
from services.contracts.domain.terms.money import Money

MOST_ITEMS = 5000


class PriceRunKind(StrEnum):
    """How the new prices are found."""

    UPLIFT = "uplift"
    INDEX = "index"


class PriceRunState(StrEnum):
    """Where a run stands."""

    PREVIEWED = "previewed"
    """Computed; nothing has changed."""
    APPROVED = "approved"
    """A second person has looked through it."""
    APPLIED = "applied"
    """The contracts have their new prices, as far as the outcomes say."""
    UNDONE = "undone"
    """The old prices hold again."""


TRANSITIONS = {
    (PriceRunState.PREVIEWED, "approve"): PriceRunState.APPROVED,
    (PriceRunState.APPROVED, "apply"): PriceRunState.APPLIED,
    (PriceRunState.APPLIED, "undo"): PriceRunState.UNDONE,
}
"""Every move there is; whatever is not in here is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRule:
    """How a new price is found."""

    kind: PriceRunKind
    uplift_bps: int = 0
    index_id: str = ""
    lag_months: int = 0
    """The index of so many months before counts, since it is published late."""
    bounds: Bounds = field(default_factory=Bounds)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceItem:
    """One line of one contract that gets a new price."""

    contract_id: str
    line_id: str
    description: str
    old_price: Money
    new_price: Money
    formula: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSkip:
    """One line, or (without a line) one contract, that keeps its price, and why."""

    contract_id: str
    line_id: str = ""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceOutcome:
    """What came of one contract when the run was applied or undone."""

    contract_id: str
    terms_number: int = 0
    """The version of the terms that was made; 0: none."""
    problem: str = ""
    """The reason that refused it; the others went on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRun:
    """A run as stored."""

    id: str
    version: int = 1
    name: str
    rule: PriceRule
    effective_date: date
    state: PriceRunState = PriceRunState.PREVIEWED
    items: tuple[PriceItem, ...]
    skips: tuple[PriceSkip, ...] = ()
    outcomes: tuple[PriceOutcome, ...] = ()
    author: str
    approver: str = ""
    create_time: datetime
    update_time: datetime
    approved_time: datetime | None = None
    applied_time: datetime | None = None
    undone_time: datetime | None = None
    events: tuple[object, ...] = ()

    @property
    def contract_ids(self) -> tuple[str, ...]:
        """Each contract with an item, once."""
        return tuple(dict.fromkeys(item.contract_id for item in self.items))

    def prices_of(self, contract_id: str) -> dict[str, tuple[Money, Money]]:
        """Return the old and the new price of each line of a contract."""
        return {
            item.line_id: (item.old_price, item.new_price) for item in self.items if item.contract_id == contract_id
        }

    def approve(self, *, by: str, now: datetime) -> "PriceRun":
        """Return the run approved, or refuse with PRICE_RUN_OWN_WORK: four eyes."""
        moved = self.moved("approve", now=now)
        if by == self.author:
            raise PriceRunOwnWork(self.id)
        return replace(moved, approver=by, approved_time=now)

    def applied(self, outcomes: tuple[PriceOutcome, ...], *, now: datetime) -> "PriceRun":
        """Return the run with what came of each contract."""
        return replace(self.moved("apply", now=now), outcomes=outcomes, applied_time=now)

    def undone(self, outcomes: tuple[PriceOutcome, ...], *, now: datetime) -> "PriceRun":
        """Return the run taken back, with what came of each contract."""
        return replace(self.moved("undo", now=now), outcomes=outcomes, undone_time=now)

    def moved(self, verb: str, *, now: datetime) -> "PriceRun":
        """Return the run in the state that the verb leads to, or refuse with PRICE_RUN_TRANSITION_REFUSED."""
        state = TRANSITIONS.get((self.state, verb))
        if state is None:
            raise PriceRunTransitionRefused(self.id, state=self.state.value, verb=verb)
        return replace(self, state=state, update_time=now)
