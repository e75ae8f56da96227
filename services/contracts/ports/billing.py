"""What billing needs: contracts to bill, lines to keep, and a note of how far each contract is planned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from services.chassis.paging import Page
from services.contracts.domain.billing.billing_delivery import BillingDelivery
from services.contracts.domain.billing.billing_difference import Difference
from services.contracts.domain.billing.billing_line import BillingLine, BillingLineState
from services.contracts.domain.life_cycle.contract import Contract


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingLineFilter:
    """What a listed line must match; what is empty matches all."""

    contract_id: str = ""
    customer_id: str = ""
    state: BillingLineState | None = None
    due_from: date | None = None
    due_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A contract as found, or why it cannot be read."""

    contract_id: str
    version: int
    contract: Contract | None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parking:
    """Why a contract is not planned."""

    reason: str
    message: str
    time: datetime
    attempts: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """How far a contract is planned: by which version of it, up to which day."""

    contract_id: str
    contract_version: int
    planned_until: date
    """`date.max`: to its end."""
    complete: bool = True
    """False: a part of the difference is left for the next run."""
    parked: Parking | None = None


@dataclass(frozen=True, slots=True)
class Stale:
    """A page of contracts whose plan is not what their version and the horizon ask for."""

    contract_ids: Sequence[str]
    next_after: str
    """Empty: there is no further page."""


class BilledContracts(Protocol):
    """The contracts, as billing reads them."""

    def load(self, contract_ids: Sequence[str]) -> Sequence[Loaded]:
        """Return those that exist; one that cannot be read says so and does not hide the others."""

    def stale(self, planned_until: date, *, after: str, size: int) -> Stale:
        """Look at the next contracts in the order of ids, and return those to plan."""


class BillingLines(Protocol):
    """The billing lines on record."""

    def batch_get(self, billing_line_ids: Sequence[str]) -> Sequence[BillingLine]:
        """Return those that exist, in no promised order."""

    def get(self, billing_line_id: str) -> BillingLine:
        """Return the line, or refuse with BILLING_LINE_NOT_FOUND."""

    def of_contracts(self, contract_ids: Sequence[str]) -> Mapping[str, list[BillingLine]]:
        """Return all lines of each contract."""

    def first_of_contracts(self, contract_ids: Sequence[str], *, most: int) -> Mapping[str, Sequence[BillingLine]]:
        """Return at most so many lines of each contract, earliest due first."""

    def page(self, match: BillingLineFilter, *, now: datetime, size: int, after: str) -> Page[BillingLine]:
        """Return the page of matching lines in the order of due dates; refuse a token that is none."""

    def write(self, differences: Sequence[Difference]) -> frozenset[str]:
        """Store what the differences say; return the contracts of which somebody else changed a line meanwhile."""

    def change_many(self, changes: Sequence[tuple[BillingLine, BillingLine]]) -> Sequence[BillingLine]:
        """Store each pair's second in place of its first; return those that somebody else changed meanwhile."""


class BillingSchedules(Protocol):
    """How far each contract is planned."""

    def note(self, planned: Sequence[Planned]) -> None:
        """Store it, unless a newer version of the contract was planned meanwhile: then it is to be planned again."""

    def parked(self, *, size: int, after: str) -> Page[Planned]:
        """Return a page of those that are parked, in the order of ids."""

    def get(self, contract_id: str) -> Planned | None:
        """Return how far a contract is planned, or None."""


class LinesToDeliver(Protocol):
    """The billing lines, as the handing over needs them."""

    def to_deliver(self, now: datetime, *, size: int) -> Sequence[str]:
        """Return the ids of lines that are due, or withdrawn, and not handed over as they are now."""

    def assign(self, delivery: BillingDelivery) -> None:
        """Note on the lines of the delivery that they are in it, unless they are in another."""

    def in_delivery(self, delivery: BillingDelivery) -> Sequence[BillingLine]:
        """Return the lines that are still in it, in the order of ids; one that was planned anew has left it."""


class BillingDeliveries(Protocol):
    """The handings over on record."""

    def add(self, delivery: BillingDelivery) -> BillingDelivery:
        """Store a new one."""

    def due(self, now: datetime, *, size: int) -> Sequence[BillingDelivery]:
        """Return the readable ones whose next try has come, oldest first."""

    def unassigned(self, *, size: int) -> Sequence[BillingDelivery]:
        """Return the readable ones whose lines may not know of them yet."""

    def save(self, old: BillingDelivery, new: BillingDelivery) -> None:
        """Store the second in place of the first, unless somebody else changed it meanwhile."""

    def page(self, *, undelivered: bool, size: int, before: str) -> Page[BillingDelivery]:
        """Return a page, newest first, behind the id given."""


class AccountingWebhook(Protocol):
    """Where the accounting system listens."""

    def send(self, body: bytes, *, key: str, now: datetime) -> str:
        """Return the empty string once the other side has taken it, else what went wrong."""
