"""What the room of leads, opportunities, quotes and orders says; the fields are those of events.proto."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from services.contracts.domain.terms.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteAccepted:
    """The customer signed a quote."""

    type: ClassVar[str] = "quote_accepted"
    schema: ClassVar[str] = "membercare.contracts.v1.QuoteAccepted"
    subject: ClassVar[str] = "quote_id"

    quote_id: str
    quote_version: int
    opportunity_id: str
    customer_id: str
    owner_id: str
    title: str
    total: Money
    start_date: date
    occurred_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderShipped:
    """An order is on its way: care tells the customer."""

    type: ClassVar[str] = "order_shipped"
    schema: ClassVar[str] = "membercare.contracts.v1.OrderShipped"
    subject: ClassVar[str] = "order_id"

    order_id: str
    quote_id: str
    customer_id: str
    owner_id: str
    title: str
    carrier: str
    tracking_number: str
    planned_date: date | None
    shipped_date: date
    delay_days: int | None
    expected_delivery_date: date | None
    occurred_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredLine:
    """What was delivered of one line."""

    line_id: str
    product_id: str
    quantity: int
    serials: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDelivered:
    """The customer has what was ordered."""

    type: ClassVar[str] = "order_delivered"
    schema: ClassVar[str] = "membercare.contracts.v1.OrderDelivered"
    subject: ClassVar[str] = "order_id"

    order_id: str
    quote_id: str
    customer_id: str
    owner_id: str
    title: str
    lines: tuple[DeliveredLine, ...]
    planned_date: date | None
    delivered_date: date
    delay_days: int | None
    occurred_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Something that was wrong when the customer accepted."""

    line_id: str
    """Empty: the whole order."""
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAccepted:
    """The customer accepted what was delivered; with issues, feedback opens a case."""

    type: ClassVar[str] = "order_accepted"
    schema: ClassVar[str] = "membercare.contracts.v1.OrderAccepted"
    subject: ClassVar[str] = "order_id"

    order_id: str
    quote_id: str
    customer_id: str
    owner_id: str
    title: str
    total: Money
    planned_date: date | None
    accepted_date: date
    delay_days: int | None
    cycle_days: int
    """From the order to its acceptance."""
    accepted_by: str
    issues: tuple[Issue, ...]
    occurred_time: datetime
