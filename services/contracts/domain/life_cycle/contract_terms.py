"""What people write into a contract, and how it becomes a version of terms: every check of a field stands here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.chassis.checks import civil_date, line, text
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id, derived_id, optional_id
from services.contracts.domain.catalog.product import service_type
from services.contracts.domain.life_cycle.errors import PriceDiffersFromLines
from services.contracts.domain.terms.money import Money, checked_price
from services.contracts.domain.terms.periods import Span
from services.contracts.domain.terms.term_price import anchor_day, term_price
from services.contracts.domain.terms.terms import (
    Allowance,
    BillingTerms,
    ContractLine,
    Period,
    PeriodUnit,
    PriceChange,
    RenewalTerms,
    TermsVersion,
)

MOST_TITLE, MOST_REASON = 200, 500
MOST_LINES, MOST_ASSETS, MOST_QUANTITY = 200, 200, 1_000_000
LEAST_BPS, MOST_BPS = -10_000, 100_000
"""A price falls by all of it at most, and rises tenfold."""
MOST_PERIOD = {
    PeriodUnit.DAY: 36_500,
    PeriodUnit.WEEK: 5_200,
    PeriodUnit.MONTH: 1200,
    PeriodUnit.QUARTER: 400,
    PeriodUnit.YEAR: 100,
}
"""A period is no longer than a hundred years."""
MOST_CHARGES = 20_000
"""The price of a term is added up from so many charges at most: a monthly line for a century is 1,200."""
FIRST_YEAR, LAST_YEAR = 1900, 2999
_LEAST_DAYS = {
    PeriodUnit.DAY: 1,
    PeriodUnit.WEEK: 7,
    PeriodUnit.MONTH: 28,
    PeriodUnit.QUARTER: 90,
    PeriodUnit.YEAR: 365,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDetails:
    """What people write into a line, not yet checked."""

    id: str = ""
    """The line that this one changes. Empty: a new one."""
    description: str
    product_id: str = ""
    asset_ids: tuple[str, ...] = ()
    service_types: tuple[str, ...] = ()
    quantity: int = 1
    price: Money | None
    allowances: tuple[Allowance, ...] = ()
    start_date: str = ""
    end_date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsDetails:
    """What people agree on, not yet checked."""

    title: str
    start_date: str
    end_date: str
    price: Money | None
    lines: tuple[LineDetails, ...] = ()
    billing: BillingTerms | None = None
    """None: as before in an amendment; else yearly, in advance."""
    renewal: RenewalTerms | None = None
    """None: as before in an amendment; else a renewal is offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """How a version came to be: its number and contract, from which day it holds, by whom, when and why."""

    contract_id: str
    number: int
    by: str
    now: datetime
    effective_date: date | None = None
    """None: the first day of its term."""
    reason: str = ""
    first_date: date | None = None
    """The first day of the contract's first term, which periods are counted from. None: of this one."""


def checked_terms(details: TermsDetails, recorded: Recorded) -> TermsVersion:
    """Return the version of terms; without a price, at that of its lines.

    Refused with INVALID_FIELD or INVALID_ID and the field's name, and with PRICE_DIFFERS_FROM_LINES.
    """
    start, end = _day(details.start_date, "start_date"), _day(details.end_date, "end_date")
    if end < start:
        raise InvalidField("end_date", f"end_date {end} is before start_date {start}.")
    title, billing = line(details.title, "title", most=MOST_TITLE, least=1), _billing(details.billing or BillingTerms())
    lines = _lines(details, recorded, term=Span(start, end))
    anchor = anchor_day(billing, first=recorded.first_date or start, start=start)
    price = _price(details, lines, billing=billing, term=Span(start, end), anchor=anchor)
    return TermsVersion(
        number=recorded.number,
        effective_date=recorded.effective_date or start,
        recorded_time=recorded.now,
        recorded_by=recorded.by,
        title=title,
        start_date=start,
        end_date=end,
        price=price,
        lines=lines,
        billing=billing,
        renewal=_renewal(details.renewal or RenewalTerms()),
        reason=text(recorded.reason, "reason", most=MOST_REASON),
    )


def _lines(details: TermsDetails, recorded: Recorded, *, term: Span) -> tuple[ContractLine, ...]:
    if len(details.lines) > MOST_LINES:
        raise InvalidField("lines", f"lines holds {len(details.lines)} lines; at most {MOST_LINES} are allowed.")
    currency = _currency(details)
    lines = tuple(
        _line(each, f"lines[{place}]", term=term, currency=currency, line_id=_line_id(each, place, recorded=recorded))
        for place, each in enumerate(details.lines)
    )
    _refuse_twice([each.id for each in lines], "lines")
    return lines


def _currency(details: TermsDetails) -> str:
    prices = [details.price, *(each.price for each in details.lines)]
    return next((price.currency_code for price in prices if price), "")


def _price(
    details: TermsDetails, lines: tuple[ContractLine, ...], *, billing: BillingTerms, term: Span, anchor: date
) -> Money:
    """Return the price of the term: what the lines cost in it, period by period; without lines, as said."""
    if not lines:
        return checked_price(details.price)
    if term.days // _LEAST_DAYS[billing.period.unit] // billing.period.count * len(lines) > MOST_CHARGES:
        raise InvalidField(
            "billing.period", f"billing.period is too short: the lines are billed more than {MOST_CHARGES} times."
        )
    currency = lines[0].price.currency_code
    cost = checked_price(term_price(lines, billing, term=term, anchor=anchor, currency=currency))
    if details.price is not None and checked_price(details.price) != cost:
        raise PriceDiffersFromLines(price=details.price, lines=cost)
    return cost


def _line_id(details: LineDetails, place: int, *, recorded: Recorded) -> str:
    if details.id:
        return check_id(details.id, "lin", field=f"lines[{place}].id")
    return derived_id("lin", recorded.contract_id, str(recorded.number), str(place))


def _line(details: LineDetails, field: str, *, term: Span, currency: str, line_id: str) -> ContractLine:
    if not 1 <= details.quantity <= MOST_QUANTITY:
        raise InvalidField(f"{field}.quantity", f"{field}.quantity must be 1 to {MOST_QUANTITY}.")
    if len(details.asset_ids) > MOST_ASSETS:
        raise InvalidField(f"{field}.asset_ids", f"{field}.asset_ids holds more than {MOST_ASSETS} ids.")
    unit = checked_price(details.price, f"{field}.price")
    checked_price(unit * details.quantity, f"{field}.price")
    if unit.currency_code != currency:
        raise InvalidField(f"{field}.price.currency_code", f"{field}.price must be in {currency}.")
    start, end = _within(details, field, term=term)
    return ContractLine(
        id=line_id,
        description=line(details.description, f"{field}.description", most=MOST_TITLE, least=1),
        product_id=optional_id(details.product_id, "prd", field=f"{field}.product_id"),
        asset_ids=tuple(dict.fromkeys(check_id(each, "ast", field=f"{field}.asset_ids") for each in details.asset_ids)),
        service_types=tuple(
            dict.fromkeys(service_type(each.strip(), f"{field}.service_types") for each in details.service_types)
        ),
        quantity=details.quantity,
        price=unit,
        allowances=_allowances(details.allowances, field),
        start_date=start,
        end_date=end,
    )


def _within(details: LineDetails, field: str, *, term: Span) -> tuple[date | None, date | None]:
    start = civil_date(details.start_date, f"{field}.start_date") if details.start_date else None
    end = civil_date(details.end_date, f"{field}.end_date") if details.end_date else None
    if start and not term.holds(start):
        raise InvalidField(f"{field}.start_date", f"{field}.start_date is outside the term.")
    if end and not (start or term.start) <= end <= term.end:
        raise InvalidField(f"{field}.end_date", f"{field}.end_date is outside the term.")
    return start, end


def _allowances(allowances: Sequence[Allowance], field: str) -> tuple[Allowance, ...]:
    for each in allowances:
        if not 1 <= each.amount <= MOST_QUANTITY:
            raise InvalidField(f"{field}.allowances", f"{field}.allowances must be 1 to {MOST_QUANTITY} each.")
    _refuse_twice([each.unit.value for each in allowances], f"{field}.allowances")
    return tuple(allowances)


def _billing(billing: BillingTerms) -> BillingTerms:
    _checked_period(billing.period, "billing.period")
    if billing.anchor_date:
        _refuse_far(billing.anchor_date, "billing.anchor_date")
    return billing


def _renewal(renewal: RenewalTerms) -> RenewalTerms:
    _checked_period(renewal.term, "renewal.term")
    if renewal.notice.count:
        _checked_period(renewal.notice, "renewal.notice")
    if not LEAST_BPS <= renewal.uplift_bps <= MOST_BPS:
        raise InvalidField("renewal.uplift_bps", f"renewal.uplift_bps must be {LEAST_BPS} to {MOST_BPS}.")
    if renewal.price_change is PriceChange.INDEX and not renewal.index_id:
        raise InvalidField("renewal.index_id", "renewal.index_id is missing: name the index that the price follows.")
    optional_id(renewal.index_id, "idx", field="renewal.index_id")
    return renewal


def _checked_period(period: Period, field: str) -> None:
    most = MOST_PERIOD[period.unit]
    if not 1 <= period.count <= most:
        raise InvalidField(f"{field}.count", f"{field}.count must be 1 to {most}.")


def _day(value: str, field: str) -> date:
    return _refuse_far(civil_date(value, field), field)


def _refuse_far(day: date, field: str) -> date:
    """Refuse days from which no calendar could count a long period on or back."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InvalidField(field, f"{field} must be in the years {FIRST_YEAR} to {LAST_YEAR}.")
    return day


def _refuse_twice(values: Sequence[str], field: str) -> None:
    if len(set(values)) < len(values):
        raise InvalidField(field, f"{field} names one thing twice.")
