"""What a contract promises: its lines, and the rules by which it is billed, renewed and ended."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.contracts.domain.terms.money import Money


class PeriodUnit(StrEnum):
    """The unit that a period counts in."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class AnchorMode(StrEnum):
    """Where periods begin."""

    ANNIVERSARY = "anniversary"
    """On the anchor's day, every `count` units after the anchor."""
    CALENDAR = "calendar"
    """On the first day of the calendar's week (Monday), month, quarter or year; the first period may be a stub."""
    END_OF_MONTH = "end_of_month"
    """Periods end on the last day of a month, whatever its number; the first may be a stub."""


class BillingTiming(StrEnum):
    """When a period is due."""

    IN_ADVANCE = "in_advance"
    IN_ARREARS = "in_arrears"


class DayCount(StrEnum):
    """The convention by which a part of a period is weighed."""

    ACT_ACT = "act_act"
    ACT_365 = "act_365"
    THIRTY_360 = "thirty_360"
    WHOLE_MONTHS = "whole_months"


class AllowanceUnit(StrEnum):
    """What an allowance counts."""

    CASES = "cases"
    HOURS = "hours"
    VISITS = "visits"


class RenewalKind(StrEnum):
    """What happens when the term ends."""

    OFFER = "offer"
    """Nothing by itself: a renewal is offered."""
    AUTO = "auto"
    """The contract goes on for another term unless it is cancelled in time."""
    EVERGREEN = "evergreen"
    """The contract goes on, period by period, until it is cancelled."""


class PriceChange(StrEnum):
    """How the price of the next term is found."""

    SAME = "same"
    LIST = "list"
    UPLIFT = "uplift"
    INDEX = "index"


class CreditPolicy(StrEnum):
    """What a customer gets back for the part of a paid period that a termination cuts off."""

    NONE = "none"
    PRORATED = "prorated"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Period:
    """So many units."""

    unit: PeriodUnit
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """How much of a service a line covers in each term."""

    unit: AllowanceUnit
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractLine:
    """One thing that is promised, with the price of one billing period of it."""

    id: str
    """`lin_...`; stays the same through amendments."""
    description: str
    product_id: str = ""
    asset_ids: tuple[str, ...] = ()
    """The assets that are covered. Empty: all of the customer's."""
    service_types: tuple[str, ...] = ()
    """The services that are covered, such as `repair`. Empty: none, the line is only billed."""
    quantity: int = 1
    price: Money
    """Of one unit for one billing period."""
    allowances: tuple[Allowance, ...] = ()
    """Empty: without limit."""
    start_date: date | None = None
    """First day, where it is later than the contract's."""
    end_date: date | None = None
    """Last day, where it is earlier than the contract's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingTerms:
    """How often, from where and by which convention the lines are billed."""

    period: Period = Period(PeriodUnit.YEAR, 1)
    anchor_mode: AnchorMode = AnchorMode.ANNIVERSARY
    anchor_date: date | None = None
    """None: the first day of the term."""
    timing: BillingTiming = BillingTiming.IN_ADVANCE
    day_count: DayCount = DayCount.ACT_ACT


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalTerms:
    """How the contract goes on when its term ends."""

    kind: RenewalKind = RenewalKind.OFFER
    term: Period = Period(PeriodUnit.YEAR, 1)
    notice: Period = Period(PeriodUnit.MONTH, 1)
    """How long before the term's end a cancellation must be said."""
    price_change: PriceChange = PriceChange.SAME
    uplift_bps: int = 0
    """Hundredths of a percent, for `UPLIFT`."""
    index_id: str = ""
    """Which index, for `INDEX`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsVersion:
    """What is agreed from a day on, as recorded at a moment; never changed once the contract is signed."""

    number: int
    effective_date: date
    recorded_time: datetime
    recorded_by: str
    title: str
    start_date: date
    end_date: date
    """Last day of the current term, included."""
    price: Money
    """Of the whole term."""
    lines: tuple[ContractLine, ...] = ()
    billing: BillingTerms = BillingTerms()
    renewal: RenewalTerms = RenewalTerms()
    reason: str = ""
    """Why the version was made. Empty for the first."""
    text_sha256: str = ""
    """Of the frozen text of an amendment. Empty: the version has no paper of its own."""
