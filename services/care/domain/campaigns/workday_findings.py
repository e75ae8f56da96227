"""What would go wrong with a plan that keeps to workdays: years that nobody knows, holidays that are too long."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from services.care.domain.calendars.blackout import BlackoutMove
from services.care.domain.calendars.day_book import DayBook
from services.care.domain.calendars.statutory import DayKind, TableStatus
from services.care.domain.calendars.workdays import WorkdayRule
from services.care.domain.campaigns.findings import Finding
from services.care.domain.campaigns.plan import CampaignPlan
from services.care.domain.campaigns.planning import first_open_day
from services.care.domain.campaigns.triggers import OneOffTrigger
from services.care.domain.sending.reasons import Reason

_SOON, _YEAR = timedelta(days=31), 366


def workday_findings_of(plan: CampaignPlan, book: DayBook, *, now: datetime) -> Iterator[Finding]:
    """Yield what the calendar tells of the plan as of now; nothing if it does not keep to workdays.

    A country whose days of this year nobody knows blocks: nothing could leave. A later year is only warned of, since
    it may be announced in time.
    """
    rule, today = plan.workdays, first_open_day(now)
    if rule is None:
        return
    days = plan.trigger.days if isinstance(plan.trigger, OneOffTrigger) else (today, today + _SOON)
    for year in sorted({today.year, *(day.year for day in days)}):
        if book.tables(rule.country_code, year).status is TableStatus.UNKNOWN:
            yield _unknown(rule.country_code, year, blocks=year == today.year)
    longest = _longest_closed(rule, book, first=today)
    if rule.move is BlackoutMove.FORWARD and longest > plan.catch_up_days:
        yield Finding(
            blocks=False,
            code="WORKDAYS_FARTHER_THAN_CATCH_UP",
            field="plan.catch_up_days",
            english=f"In {rule.country_code} up to {longest} days in a row are off: what would have to move by more "
            f"than {plan.catch_up_days} days is skipped.",
            chinese=f"{rule.country_code} 最多连续 {longest} 天不是工作日，"
            f"需要推迟超过 {plan.catch_up_days} 天的消息将被跳过。",
        )


def _unknown(country: str, year: int, *, blocks: bool) -> Finding:
    return Finding(
        blocks=blocks,
        code=Reason.WORKDAYS_UNKNOWN,
        field="plan.workdays.country_code",
        english=f"Which days of {year} are worked in {country} is not known: messages wait until they are imported.",
        chinese=f"{country} {year} 年的工作日安排未知，导入之前消息将等待。",
    )


def _longest_closed(rule: WorkdayRule, book: DayBook, *, first: date) -> int:
    """Return how many days in a row are off, at most, in the year to come, as far as it is known."""
    longest = here = 0
    for count in range(_YEAR):
        off = book.workday(first + timedelta(days=count), rule.country_code) is DayKind.OFF
        here = here + 1 if off else 0
        longest = max(longest, here)
    return longest
