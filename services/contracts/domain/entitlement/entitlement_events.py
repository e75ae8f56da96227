"""What the room of entitlement says; the fields are those of events.proto."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from services.contracts.domain.terms.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeableServiceCompleted:
    """A service that the customer pays for was done."""

    type: ClassVar[str] = "chargeable_service_completed"
    schema: ClassVar[str] = "membercare.contracts.v1.ChargeableServiceCompleted"
    subject: ClassVar[str] = "order_id"

    order_id: str
    customer_id: str
    asset_id: str
    service_type: str
    reference: str
    technician_id: str
    charge: Money
    contract_would_have_saved: bool
    occurred_time: datetime
