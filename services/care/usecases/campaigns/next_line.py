"""Finds when a campaign is to write to one member next, by the rules that the planner goes by."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.care.domain.calendars.birthday_rules import next_date
from services.care.domain.calendars.day_book import DayBook
from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.due.days import closed_by, leaves_on
from services.care.domain.campaigns.due.event_triggered import not_too_soon
from services.care.domain.campaigns.due.lines import DueDay, Line, line_of
from services.care.domain.campaigns.due.on_day import who_is_due
from services.care.domain.campaigns.due.who import Coming, told_moment
from services.care.domain.campaigns.plan import CampaignPlan
from services.care.domain.campaigns.triggers import BirthdayTrigger, EventTrigger
from services.care.domain.members.member import Member
from services.care.domain.segments.evaluate import Facts
from services.care.usecases.campaigns.due_lines import DueLines

DAYS_AHEAD = 400
"""A year and a little: a lunar year of thirteen months has 384 days. Birthdays are looked for as far as they come."""


@dataclass(frozen=True, slots=True)
class NextLine:
    """Goes through the days to come in memory, by one record of the member; writes nothing."""

    due_lines: DueLines

    def record(self, campaign: Campaign, member_id: str, *, now: datetime) -> Facts | None:
        """Return what is stored of the member; None: the campaign does not reach them."""
        return self.due_lines.members.record(member_id, self.due_lines.reach(campaign, now))

    def known(self, campaign: Campaign, member_id: str) -> Collection[str]:
        """Return the occasions for which the member has something of the campaign in the ledger."""
        return self.due_lines.before.occurrences(campaign.id, [member_id]).get(member_id, ())

    def __call__(
        self, campaign: Campaign, member: Member, *, facts: Facts, known: Collection[str], book: DayBook, now: datetime
    ) -> Line | None:
        """Return the first line from today on, where the member lives; None: there is none.

        A campaign that never started is taken to start now.
        """
        zone = member.time_zone or "UTC"
        for day in _days(campaign.plan, member, today=now.astimezone(ZoneInfo(zone)).date()):
            planned = campaign.on(day)
            who = who_is_due(planned.plan, day, book=book, zone=self.due_lines.company_zone)
            comings = _let_through(planned, who.comings(facts), known=known) if who else ()
            for coming in comings:
                due = _due_day(planned, day, book=book, now=now)
                if line := line_of(due, member.id, zone=zone, coming=coming):
                    return line
        return None


def _days(plan: CampaignPlan, member: Member, *, today: date) -> Iterator[date]:
    if not isinstance(plan.trigger, BirthdayTrigger):
        yield from (today + timedelta(days=count) for count in range(DAYS_AHEAD + 1))
    elif member.birthday is not None:
        early = timedelta(days=plan.trigger.days_before)
        if celebrated := next_date(member.birthday, plan.rules, after=today + early - timedelta(days=1)):
            yield celebrated - early


def _let_through(campaign: Campaign, comings: Iterable[Coming], *, known: Collection[str]) -> Iterable[Coming]:
    trigger = campaign.plan.trigger
    if not isinstance(trigger, EventTrigger) or not trigger.again_after_days:
        return comings
    return not_too_soon(trigger, comings, known=[told_moment(each) for each in known])


def _due_day(planned: Campaign, day: date, *, book: DayBook, now: datetime) -> DueDay:
    return DueDay(
        planned,
        day,
        leaves_on(planned.plan, day, book=book),
        planned.started_at or now,
        closed_by(planned.plan, day, book=book),
    )
