"""What a part of a period costs, by a day-count convention; the parts of a period always add up to its price.

Weights are counted from the period's first day, and a part costs the rounded cost up to its end less the rounded cost
up to its start. So any partition adds up exactly, and each part is found without knowing the others.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.contracts.domain.terms.money import Money, portion
from services.contracts.domain.terms.periods import Span, add_months_to_end
from services.contracts.domain.terms.terms import DayCount

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Prorated:
    """An amount and how it was found, in signs that need no language."""

    amount: Money
    formula: str


def prorate(price: Money, *, part: Span, whole: Span, day_count: DayCount) -> Prorated:
    """Return what the part costs of a period that costs `price`. ValueError: the part is not inside the whole.

    - `ACT_ACT`: its days of the period's days.
    - `ACT_365`: likewise, but 29 February weighs nothing: a day of a year costs a 365th of it in leap years, too.
    - `THIRTY_360`: days of months of 30 (30E/360, ISDA 2006 Definitions, 4.16(g)), first day included, last day's
      morrow excluded.
    - `WHOLE_MONTHS`: months counted from the period's first day; a month belongs to the part that holds its first day.
    A period that weighs nothing by its convention (a 29 February alone) is counted in days.
    """
    if part.start < whole.start or part.end > whole.end:
        raise ValueError(f"{part} is not inside {whole}.")
    weigh = _WEIGHTS[day_count]
    if weigh(whole.start, whole.end + _DAY) <= 0:
        day_count, weigh = DayCount.ACT_ACT, days_actual
    of = weigh(whole.start, whole.end + _DAY)
    before, until = weigh(whole.start, part.start), weigh(whole.start, part.end + _DAY)
    return _difference(price, before=before, until=until, of=of, name=NAMES[day_count])


def at_the_same_rate(price: Money, *, whole: Span, longer: Span, day_count: DayCount) -> Money:
    """Return what a longer whole costs whose days cost what they cost in the shorter one."""
    weigh = _WEIGHTS[day_count] if _WEIGHTS[day_count](whole.start, whole.end + _DAY) > 0 else days_actual
    return portion(price, weigh(longer.start, longer.end + _DAY), of=weigh(whole.start, whole.end + _DAY))


def days_actual(start: date, end: date) -> int:
    """Return the days from `start` to before `end`."""
    return (end - start).days


def days_365(start: date, end: date) -> int:
    """Return the days from `start` to before `end` without any 29 February."""
    return (end - start).days - (_leap_days_before(end) - _leap_days_before(start))


def days_30e_360(start: date, end: date) -> int:
    """Return the days between by 30E/360 (Eurobond basis): every month has 30, a 31st is read as the 30th."""
    days = min(end.day, 30) - min(start.day, 30)
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + days


def months_begun(start: date, end: date) -> int:
    """Return how many months, counted from `start` (month end to month end), have begun before `end`."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months + 1 if add_months_to_end(start, months) < end else months


_WEIGHTS: Mapping[DayCount, Callable[[date, date], int]] = {
    DayCount.ACT_ACT: days_actual,
    DayCount.ACT_365: days_365,
    DayCount.THIRTY_360: days_30e_360,
    DayCount.WHOLE_MONTHS: months_begun,
}
NAMES: Mapping[DayCount, str] = {
    DayCount.ACT_ACT: "ACT/ACT",
    DayCount.ACT_365: "ACT/365",
    DayCount.THIRTY_360: "30/360",
    DayCount.WHOLE_MONTHS: "1/1",
}


def _difference(price: Money, *, before: int, until: int, of: int, name: str) -> Prorated:
    upper, lower = portion(price, until, of=of), portion(price, before, of=of)
    amount = upper - lower
    if not before:
        return Prorated(amount, f"{price} × {until}/{of} = {amount} ({name})")
    return Prorated(amount, f"{price} × {until}/{of} − {price} × {before}/{of} = {upper} − {lower} = {amount} ({name})")


def _leap_days_before(day: date) -> int:
    year = day.year if (day.month, day.day) > (2, 29) else day.year - 1
    return year // 4 - year // 100 + year // 400
