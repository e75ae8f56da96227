"""What is said of warranties that end and of renewals; the fields are those of events.proto."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from services.contracts.domain.terms.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class WarrantyExpiring:
    """The warranty of a group of assets ends soon, and an opportunity was opened to sign a contract."""

    type: ClassVar[str] = "warranty_expiring"
    schema: ClassVar[str] = "membercare.contracts.v1.WarrantyExpiring"
    subject: ClassVar[str] = "customer_id"

    warranty_expiry_id: str
    customer_id: str
    owner_id: str
    product_id: str
    asset_ids: tuple[str, ...]
    warranty_end: date
    opportunity_id: str
    occurred_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalOpened:
    """Work on the next term of a contract began."""

    type: ClassVar[str] = "renewal_opened"
    schema: ClassVar[str] = "membercare.contracts.v1.RenewalOpened"
    subject: ClassVar[str] = "contract_id"

    renewal_id: str
    contract_id: str
    customer_id: str
    owner_id: str
    term_number: int
    term_end: date
    notice_date: date
    reminder_dates: tuple[date, ...]
    occurred_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalWon:
    """The contract goes on, or another takes its place; reminders stop."""

    type: ClassVar[str] = "renewal_won"
    schema: ClassVar[str] = "membercare.contracts.v1.RenewalWon"
    subject: ClassVar[str] = "contract_id"

    renewal_id: str
    contract_id: str
    customer_id: str
    owner_id: str
    term_number: int
    successor_id: str
    amount: Money
    occurred_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalLost:
    """The contract ends with its term; reminders stop."""

    type: ClassVar[str] = "renewal_lost"
    schema: ClassVar[str] = "membercare.contracts.v1.RenewalLost"
    subject: ClassVar[str] = "contract_id"

    renewal_id: str
    contract_id: str
    customer_id: str
    owner_id: str
    term_number: int
    lost_reason: str
    amount: Money
    occurred_time: datetime
