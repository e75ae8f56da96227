"""What members did, told and hold, as events say: what rules ask about beside the record."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.care.domain.segments.rules import ContractState, ValueTier

OWN_ACTS = frozenset(
    {
        "consent_asked",
        "contract_activated",
        "contract_suspended",
        "contract_expired",
        "contract_terminated",
        "contract_renewed",
        "renewal_opened",
        "renewal_lost",
        "warranty_expiring",
        "order_shipped",
        "order_delivered",
        "order_accepted",
        "chargeable_service_completed",
        "case_opened",
        "case_closed",
        "complaint_opened",
        "visit_completed",
        "touch_engaged",
        "survey_answered",
    }
)
"""What the suite records itself, so nobody else may tell it."""
NO_SIGN_OF_LIFE = frozenset({"contract_expired", "renewal_opened", "warranty_expiring", "order_shipped"})
"""What comes to members without their doing: whoever is silent stays silent."""
MOST_KEPT = 50
"""Moments of one act, answers, and contracts that a member keeps, newest first."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done at a moment; the event that said so is counted once."""

    name: str
    at: datetime
    event_id: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A score that was given at a moment; the event that said so is counted once."""

    survey: str
    score: int
    at: datetime
    event_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractNews:
    """What one event says of a contract; None and the empty string: it does not say."""

    contract_id: str
    customer_id: str
    version: int
    """Of the contract; news of state and end may come in any order, and the newest of each kind holds."""
    state: ContractState | None = None
    end_date: str = ""
    term: int = 0
    """Counts the terms of the contract from 1; 0: it does not say."""


class RenewalOutcome(StrEnum):
    """How the renewal of a term ended. Data: add, never rename."""

    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalNews:
    """Says that the renewal of one term of a contract is settled."""

    contract_id: str
    customer_id: str
    term: int
    """The one that ends."""
    outcome: RenewalOutcome
    at: datetime
    """Of the same term the latest word holds: what went on by itself is lost when a cancellation turns up in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldWarranty:
    """The warranty of a delivered item as heard last."""

    id: str
    """Of the asset."""
    customer_id: str
    end_date: str
    seq: int
    """Grows with everything heard of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldValue:
    """What a customer is worth as heard last."""

    id: str
    """Of the customer."""
    tier: ValueTier
    minor_units: int
    """Margin of the last twelve months less the cost to serve, in the smallest unit of the currency."""
    currency_code: str
    seq: int
    """Grows with everything heard of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldContract:
    """A contract as heard so far."""

    id: str
    customer_id: str
    state: ContractState
    end_date: str
    seq: int
    """Grows with everything heard of this contract, so that an older picture never replaces a newer one."""
    renewal: RenewalOutcome | None = None
    """How the renewal of the term it is in was settled; None: not yet."""
