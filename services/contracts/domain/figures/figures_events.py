"""What the figures say; the fields are those of events.proto."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from services.contracts.domain.customers.customer import CustomerStage, CustomerTier
from services.contracts.domain.terms.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerValueChanged:
    """A customer counts for another tier than before."""

    type: ClassVar[str] = "customer_value_changed"
    schema: ClassVar[str] = "membercare.contracts.v1.CustomerValueChanged"
    subject: ClassVar[str] = "customer_id"

    customer_id: str
    tier_before: CustomerTier | None
    tier_after: CustomerTier
    stage: CustomerStage
    risk: int
    current_value: Money
    potential_value: Money
    reason_codes: tuple[str, ...]
    value_version: int
    occurred_time: datetime
