"""What the upkeep of customers says; the fields are those of events.proto."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRegistered:
    """A customer was created."""

    type: ClassVar[str] = "customer_registered"
    schema: ClassVar[str] = "membercare.contracts.v1.CustomerRegistered"
    subject: ClassVar[str] = "customer_id"

    customer_id: str
    owner_id: str
    occurred_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerMerged:
    """A doublet was merged into the customer that stays."""

    type: ClassVar[str] = "customer_merged"
    schema: ClassVar[str] = "membercare.contracts.v1.CustomerMerged"
    subject: ClassVar[str] = "customer_id"

    customer_id: str
    into_id: str
    occurred_time: datetime
