"""Periods on the calendar: counted from one anchor, so that no month end drifts, and tiling time without gap."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.contracts.domain.terms.terms import AnchorMode, Period, PeriodUnit

_DAYS = {PeriodUnit.DAY: 1, PeriodUnit.WEEK: 7}
_MONTHS = {PeriodUnit.MONTH: 1, PeriodUnit.QUARTER: 3, PeriodUnit.YEAR: 12}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Days in a row; both ends are included."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many days it holds."""
        return (self.end - self.start).days + 1

    def holds(self, day: date) -> bool:
        """Say whether the day is one of them."""
        return self.start <= day <= self.end

    def cut(self, other: "Span") -> "Span | None":
        """Return the days that both hold, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Span(start, end) if start <= end else None


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of that month where it has no such day."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def add_period(anchor: date, period: Period, *, k: int) -> date:
    """Return the k-th date: anchor + k * period, always from the anchor; k may be negative.

    31 January + 1 month is 28 or 29 February, + 2 months is 31 March again. OverflowError or ValueError: the date
    lies outside of the years 1 to 9999.
    """
    if period.unit in _DAYS:
        return anchor + timedelta(days=_DAYS[period.unit] * period.count * k)
    return add_months(anchor, _MONTHS[period.unit] * period.count * k)


def month_end(day: date) -> date:
    """Return the last day of the day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months_to_end(day: date, months: int) -> date:
    """Return the day so many months later; a month's last day leads to a month's last day (28 February, 31 March)."""
    later = add_months(day, months)
    return month_end(later) if day == month_end(day) else later


def months_in(span: Span) -> int:
    """Return how many months from its first day the span holds exactly, or 0 where it does not end with a month."""
    after = span.end + _DAY
    months = (after.year - span.start.year) * 12 + after.month - span.start.month
    return months if months > 0 and add_months(span.start, months) == after else 0


def whole_tiles(anchor: date, period: Period, *, mode: AnchorMode, first: date, last: date) -> Iterator[Span]:
    """Yield the periods, uncut, that hold a day of `first` to `last`.

    The anchor may lie before, in or after them. In `CALENDAR` and `END_OF_MONTH` the anchor says which calendar unit
    the count begins with; a rhythm of days or weeks knows no month, so `END_OF_MONTH` leaves it alone.
    """
    if period.count < 1:
        raise ValueError(f"A period counts at least one unit, not {period.count}.")
    origin = _origin(anchor, period, mode=mode)
    k = _index(origin, period, day=first)
    while (start := add_period(origin, period, k=k)) <= last:
        k += 1
        yield Span(start, add_period(origin, period, k=k) - _DAY)


def tiles(anchor: date, period: Period, *, mode: AnchorMode, first: date, last: date) -> Iterator[Span]:
    """Yield the periods cut to `first` to `last`: together they hold each of its days exactly once."""
    bounds = Span(first, last)
    for whole in whole_tiles(anchor, period, mode=mode, first=first, last=last):
        part = whole.cut(bounds)
        if part:
            yield part


def local_day(moment: datetime, zone: str) -> date:
    """Return the civil date in a time zone at a moment."""
    return moment.astimezone(ZoneInfo(zone)).date()


def starts_at(day: date, zone: str) -> datetime:
    """Return the moment, in UTC, at which a civil date begins in a time zone.

    Where a clock is put forward over midnight, that is the moment of the change: fold 0 still counts the missing
    hour by yesterday's offset.
    """
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _origin(anchor: date, period: Period, *, mode: AnchorMode) -> date:
    if mode is AnchorMode.ANNIVERSARY or period.unit is PeriodUnit.DAY:
        return anchor
    if period.unit is PeriodUnit.WEEK:
        return anchor - timedelta(days=anchor.weekday()) if mode is AnchorMode.CALENDAR else anchor
    if mode is AnchorMode.END_OF_MONTH:
        return anchor.replace(day=1)
    unit = _MONTHS[period.unit]
    return date(anchor.year, (anchor.month - 1) // unit * unit + 1, 1)


def _index(origin: date, period: Period, *, day: date) -> int:
    """Return the number of the period that holds the day."""
    if period.unit in _DAYS:
        return (day - origin).days // (_DAYS[period.unit] * period.count)
    months = (day.year - origin.year) * 12 + day.month - origin.month
    k = months // (_MONTHS[period.unit] * period.count)
    return k if add_period(origin, period, k=k) <= day else k - 1
