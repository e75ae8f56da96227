"""One line of a billing schedule: what is billed of one contract line for one period, and where that stands."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from services.contracts.domain.billing.billing_errors import BillingLineBilled, BillingLineNotDue
from services.contracts.domain.terms.money import Money


class BillingLineState(StrEnum):
    """Where a line stands."""

    PLANNED = "planned"
    """Its day lies ahead; it changes with the contract."""
    DUE = "due"
    """Its day has come, and it waits for the invoice."""
    BILLED = "billed"
    """It stands on an invoice and never changes again; what becomes different is a line of its own."""
    CREDITED = "credited"
    """Nothing is left of it: taken back by credits that are billed, or withdrawn before it was billed."""


class BillingLineKind(StrEnum):
    """Why there is a line."""

    CHARGE = "charge"
    """The price of the period."""
    ADJUSTMENT = "adjustment"
    """What a billed period costs more than was billed."""
    CREDIT = "credit"
    """What a billed period costs less than was billed; the amount is negative."""


@dataclass(frozen=True, slots=True, order=True)
class BillingKey:
    """What is billed once: a contract line (empty: the contract as a whole) for one period, uncut."""

    line_id: str
    period_start: date
    period_end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoiced:
    """On which invoice of the accounting system it stands."""

    invoice: str
    by: str
    time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingLine:
    """A line as stored."""

    id: str
    """`bil_...`, derived from contract, key and ordinal: whoever computes it again finds this one."""
    version: int = 1
    contract_id: str
    customer_id: str
    line_id: str
    period_start: date
    period_end: date
    """Of the whole period; what is billed of it stands in `start_date` and `end_date`."""
    ordinal: int = 0
    """0: the charge; above: the so-manieth correction of it."""
    kind: BillingLineKind
    description: str
    start_date: date
    end_date: date
    due_date: date
    due_time: datetime
    """The moment at which the due date begins for the customer."""
    amount: Money
    formula: str
    """How the amount was found, in signs that need no language."""
    terms_number: int
    """Which version of the contract's terms it was computed from."""
    billed: Invoiced | None = None
    credited_time: datetime | None = None
    delivery_id: str = ""
    """The delivery to accounting that it is in. Empty: not handed over as it is now."""
    create_time: datetime
    update_time: datetime
    events: tuple[object, ...] = ()

    @property
    def key(self) -> BillingKey:
        return BillingKey(self.line_id, self.period_start, self.period_end)

    def state_at(self, now: datetime) -> BillingLineState:
        """Return where it stands at a moment; the store asks the same question in the words of its database."""
        if self.credited_time:
            return BillingLineState.CREDITED
        if self.billed:
            return BillingLineState.BILLED
        return BillingLineState.DUE if self.due_time <= now else BillingLineState.PLANNED

    def on_invoice(self, invoice: str, *, by: str, now: datetime) -> "BillingLine":
        """Return the line as billed; the same invoice again changes nothing.

        Refused with BILLING_LINE_NOT_DUE (planned or withdrawn) or BILLING_LINE_BILLED (on another invoice).
        """
        if self.billed:
            if self.billed.invoice == invoice:
                return self
            raise BillingLineBilled(self.id, invoice=self.billed.invoice)
        state = self.state_at(now)
        if state is not BillingLineState.DUE:
            raise BillingLineNotDue(self.id, state=state.value, due_date=self.due_date.isoformat())
        return replace(self, billed=Invoiced(invoice=invoice, by=by, time=now), update_time=now)

    def taken_back(self, now: datetime) -> "BillingLine":
        """Return the line of which nothing is left."""
        return replace(self, credited_time=now, update_time=now)
