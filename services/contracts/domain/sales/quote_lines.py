"""The lines of a quote, and what they cost over their whole terms: exact, and rounded once for each line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from services.chassis.checks import civil_date, line
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id, optional_id
from services.contracts.domain.catalog.product import service_type
from services.contracts.domain.terms.money import MOST_PRICE, Money, checked_price, scaled, split, total
from services.contracts.domain.terms.periods import add_period
from services.contracts.domain.terms.terms import Period, PeriodUnit

MOST_LINES, MOST_ASSETS, MOST_SERVICES = 100, 200, 20
MOST_QUANTITY, MOST_COUNT, WHOLE_BPS = 1_000_000, 1200, 10_000
_MOST_TEXT = 200
_MOST_LENGTH = {"days": 36_525, "months": 1_200}
"""A hundred years."""
_FIRST, _LAST = date(1900, 1, 1), date(2200, 12, 31)
_LENGTHS = {
    PeriodUnit.DAY: ("days", 1),
    PeriodUnit.WEEK: ("days", 7),
    PeriodUnit.MONTH: ("months", 1),
    PeriodUnit.QUARTER: ("months", 3),
    PeriodUnit.YEAR: ("months", 12),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteLineDetails:
    """What people write into a line, not yet checked."""

    description: str
    unit_price: Money | None
    quantity: int = 1
    product_id: str = ""
    discount_bps: int = 0
    term: Period | None = None
    period: Period | None = None
    start_date: str = ""
    asset_ids: tuple[str, ...] = ()
    service_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteLine:
    """One thing that is offered, with its price."""

    id: str
    description: str
    product_id: str
    quantity: int
    unit_price: Money
    """Of one unit for one period; without a period, for the whole term."""
    discount_bps: int
    term: Period | None
    """None: it is sold once."""
    period: Period | None
    start_date: date
    asset_ids: tuple[str, ...] = ()
    service_types: tuple[str, ...] = ()
    periods: str = "1"
    """How many periods the term has: `12`, or a fraction such as `7/6`."""
    gross: Money
    discount: Money
    """That of the line and its share of the quote's."""
    total: Money
    """Of the whole term."""

    @property
    def end_date(self) -> date | None:
        """Return the last day of the term, or None where there is no term."""
        return add_period(self.start_date, self.term, k=1) - timedelta(days=1) if self.term else None

    @property
    def formula(self) -> str:
        """Return how the total came about, in signs that need no translation."""
        parts = [f"{self.quantity} × {self.unit_price}"]
        if self.periods != "1":
            parts.append(f"× {self.periods}")
        if self.discount.minor_units:
            parts.append(f"− {self.discount}")
        return " ".join([*parts, f"= {self.total}"])


def length_of(period: Period) -> tuple[str, int]:
    """Return what the period counts in, `days` or `months`, and how many of them it has."""
    kind, length = _LENGTHS[period.unit]
    return kind, length * period.count


def periods_in(term: Period | None, period: Period | None, *, field: str = "line") -> Fraction:
    """Return how many periods a term has, as a fraction; once where there is no period.

    Refuses a period without a term, and days or weeks against months, quarters or years: no number says how many
    days a month has.
    """
    if period is None:
        return Fraction(1)
    if term is None:
        raise InvalidField(f"{field}.term", f"{field}.term is missing: a price for each period needs a term.")
    (kind, length), (other, step) = length_of(term), length_of(period)
    if kind != other:
        raise InvalidField(f"{field}.period", f"{field}.period counts in {other}, its term in {kind}.")
    return Fraction(length, step)


def priced(
    details: Sequence[QuoteLineDetails], discount_bps: int, *, start: date, ids: Sequence[str]
) -> tuple[QuoteLine, ...]:
    """Return the lines with their prices, or refuse with INVALID_FIELD or INVALID_ID and the field's name.

    A line costs quantity x unit price x periods of its term, less its own discount, each rounded half up once. The
    discount on everything is taken from the sum and borne by the lines in proportion, largest remainder first, so that
    the lines add up to the total whatever the percentages.
    """
    if not 1 <= len(details) <= MOST_LINES:
        raise InvalidField("lines", f"lines holds {len(details)} lines; 1 to {MOST_LINES} are allowed.")
    _checked_bps(discount_bps, "discount_bps")
    if not _FIRST <= start <= _LAST:
        raise InvalidField("start_date", f"start_date must lie between {_FIRST} and {_LAST}.")
    lines = [_line(each, f"lines[{place}]", start=start, line_id=ids[place]) for place, each in enumerate(details)]
    currency = lines[0].unit_price.currency_code
    for place, each in enumerate(lines):
        if each.unit_price.currency_code != currency:
            field = f"lines[{place}].unit_price.currency_code"
            raise InvalidField(field, f"{field} must be {currency}: a quote is in one currency.")
    net = total((each.total for each in lines), currency)
    if sum(each.gross.minor_units for each in lines) > MOST_PRICE:
        raise InvalidField("lines", f"lines add up to more than {MOST_PRICE} minor units.")
    shared = scaled(net, Fraction(discount_bps, WHOLE_BPS))
    if not shared.minor_units:
        return tuple(lines)
    shares = split(shared, [each.total.minor_units for each in lines])
    return tuple(
        replace(each, discount=each.discount + share, total=each.total - share)
        for each, share in zip(lines, shares, strict=True)
    )


def _line(details: QuoteLineDetails, field: str, *, start: date, line_id: str) -> QuoteLine:
    if not 1 <= details.quantity <= MOST_QUANTITY:
        raise InvalidField(f"{field}.quantity", f"{field}.quantity must be 1 to {MOST_QUANTITY}.")
    _checked_bps(details.discount_bps, f"{field}.discount_bps")
    for name, period in (("term", details.term), ("period", details.period)):
        _checked_period(period, f"{field}.{name}.count")
    periods = periods_in(details.term, details.period, field=field)
    price = checked_price(details.unit_price, f"{field}.unit_price")
    gross = scaled(price * details.quantity, periods)
    discount = scaled(gross, Fraction(details.discount_bps, WHOLE_BPS))
    return QuoteLine(
        id=line_id,
        description=line(details.description, f"{field}.description", most=_MOST_TEXT, least=1),
        product_id=optional_id(details.product_id, "prd", field=f"{field}.product_id"),
        quantity=details.quantity,
        unit_price=price,
        discount_bps=details.discount_bps,
        term=details.term,
        period=details.period,
        start_date=_day(details.start_date, f"{field}.start_date") if details.start_date else start,
        asset_ids=_assets(details.asset_ids, f"{field}.asset_ids"),
        service_types=_services(details.service_types, f"{field}.service_types"),
        periods=str(periods),
        gross=gross,
        discount=discount,
        total=gross - discount,
    )


def _assets(values: Sequence[str], field: str) -> tuple[str, ...]:
    if len(values) > MOST_ASSETS:
        raise InvalidField(field, f"{field} holds more than {MOST_ASSETS} ids.")
    return tuple(dict.fromkeys(check_id(each, "ast", field=field) for each in values))


def _services(values: Sequence[str], field: str) -> tuple[str, ...]:
    if len(values) > MOST_SERVICES:
        raise InvalidField(field, f"{field} holds more than {MOST_SERVICES} services.")
    return tuple(dict.fromkeys(service_type(each.strip(), field) for each in values))


def _checked_period(period: Period | None, field: str) -> None:
    if period is None:
        return
    kind, length = length_of(period)
    if not 1 <= period.count <= MOST_COUNT or length > _MOST_LENGTH[kind]:
        raise InvalidField(field, f"{field} must be 1 to {MOST_COUNT}, and a hundred years at most.")


def _day(value: str, field: str) -> date:
    day = civil_date(value, field)
    if not _FIRST <= day <= _LAST:
        raise InvalidField(field, f"{field} must lie between {_FIRST} and {_LAST}.")
    return day


def _checked_bps(value: int, field: str) -> None:
    if not 0 <= value <= WHOLE_BPS:
        raise InvalidField(field, f"{field} must be 0 to {WHOLE_BPS}: hundredths of a percent.")
