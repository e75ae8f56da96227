"""Until when a term can be cancelled, counted back from its last day; the one place that decides it."""

from datetime import date

from services.contracts.domain.terms.periods import add_period, month_end
from services.contracts.domain.terms.terms import Period, PeriodUnit

_OF_MONTHS = frozenset({PeriodUnit.MONTH, PeriodUnit.QUARTER, PeriodUnit.YEAR})


def last_cancellation_date(end: date, notice: Period) -> date:
    """Return the last day on which a cancellation is in time for a term whose last day is `end`.

    Months are counted back month-end safe: from a month's last day to a month's last day (30 June less one month is
    31 May), and never past the end of a shorter month (30 March less one month is 28 or 29 February).
    """
    back = add_period(end, notice, k=-1)
    return month_end(back) if notice.unit in _OF_MONTHS and end == month_end(end) else back


def still_cancellable(today: date, *, end: date, notice: Period) -> bool:
    """Say whether a cancellation today is in time; on the last day it still is."""
    return today <= last_cancellation_date(end, notice)
