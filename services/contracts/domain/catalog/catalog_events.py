"""What the catalog says; the fields are those of events.proto."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetDelivered:
    """An item was delivered to a customer, or the day of its delivery was corrected."""

    type: ClassVar[str] = "asset_delivered"
    schema: ClassVar[str] = "membercare.contracts.v1.AssetDelivered"
    subject: ClassVar[str] = "asset_id"

    asset_id: str
    customer_id: str
    product_id: str
    serial: str
    delivery_date: date
    warranty_end: str
    """`YYYY-MM-DD`, or empty."""
    asset_version: int
    occurred_time: datetime
