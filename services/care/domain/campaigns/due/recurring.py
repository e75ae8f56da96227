"""Again and again, counted from one first day: what a short month clips, the next month has in full again."""

from datetime import date

from services.care.domain.campaigns.due.who import Coming, Everybody
from services.care.domain.campaigns.triggers import RecurringTrigger
from services.care.domain.span import Span, TimeUnit

_SHORTEST = {TimeUnit.MONTH: 28, TimeUnit.QUARTER: 89, TimeUnit.YEAR: 365}


def recurring(trigger: RecurringTrigger, day: date) -> Everybody | None:
    """Return everybody if the day is one of the rule's; None: it is not."""
    if day < trigger.first_date or (trigger.last_date is not None and day > trigger.last_date):
        return None
    if not _recurs(trigger.first_date, trigger.every, day=day):
        return None
    return Everybody(Coming(f"recurring/{day.isoformat()}"))


def _recurs(first: date, every: Span, *, day: date) -> bool:
    """Count always from the first day: from one clipped day to the next, 31 January would end as the 28th for ever."""
    least = (every.after(first) - first).days if every.unit not in _SHORTEST else every.amount * _SHORTEST[every.unit]
    times = (day - first).days // least
    while times > 0 and every.after(first, times=times) > day:
        times -= 1
    return every.after(first, times=times) == day
