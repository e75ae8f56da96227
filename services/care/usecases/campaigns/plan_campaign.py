"""Plans a running campaign: every civil day exactly once, and open days again for members who changed."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.care.domain.calendars.day_book import DayBook
from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.due.days import brought_forward, days_behind
from services.care.domain.campaigns.due.lines import Line, touch_of
from services.care.domain.campaigns.planning import days_to_plan, open_days
from services.care.domain.journeys.way import run_of
from services.care.ports.campaigns import PlanCursors
from services.care.ports.journeys import Enrolments
from services.care.ports.planning import PlannedTouches
from services.care.usecases.campaigns.due_lines import DueLines
from services.chassis.clock import Clock
from services.chassis.ids import new_id

BATCH = 1_000
"""Touches in a batch: enough to share one lease, few enough to lose little time when a dispatcher dies."""
CLOCK_SKEW = timedelta(minutes=2)
"""Processes may differ so much in their clocks; looking a little too far back costs nothing."""


class LeadershipLost(Exception):
    """A leader with a newer fencing token has taken over; it goes on from the cursor."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What one sweep over one campaign did."""

    days: int
    touches: int
    """Messages, or members who begin a journey."""


@dataclass(frozen=True, slots=True)
class PlanCampaign:
    """Materialises touches. Repeating it, or killing it anywhere, changes nothing in the outcome."""

    due_lines: DueLines
    touches: PlannedTouches
    cursors: PlanCursors
    enrolments: Enrolments
    clock: Clock

    def __call__(self, campaign: Campaign, book: DayBook, *, token: int, leading: Callable[[], bool]) -> Planned:
        """Plan what is missing; `token` fences the cursor, `leading` is asked before each day."""
        now, cursor = self.clock.now(), self.cursors.get(campaign.id)
        started = campaign.started_at or now
        made = 0
        since = cursor.swept_at - CLOCK_SKEW if cursor.swept_at else None
        behind = days_behind(campaign.plan)
        for day in open_days(cursor.planned_through, now, looked_at=cursor.swept_at, behind=behind):
            made += self._plan_day(campaign, day, book=book, changed_since=since)
        missed = days_to_plan(cursor.planned_through, started, now=now)
        for day in missed:
            if not leading():
                raise LeadershipLost
            made += self._plan_day(campaign, day, book=book, changed_since=None)
            self._advance(campaign, day, now=now, token=token)
        if not missed and cursor.planned_through:
            self._advance(campaign, cursor.planned_through, now=now, token=token)
        return Planned(len(missed), made)

    def _advance(self, campaign: Campaign, day: date, *, now: datetime, token: int) -> None:
        if not self.cursors.advance(campaign.id, day, swept_at=now, token=token):
            raise LeadershipLost

    def _plan_day(self, campaign: Campaign, day: date, *, book: DayBook, changed_since: datetime | None) -> int:
        early = brought_forward(campaign.on(day).plan, day, book=book)
        return sum(self._plan_lines(campaign, each, book=book, changed_since=changed_since) for each in (day, *early))

    def _plan_lines(self, campaign: Campaign, day: date, *, book: DayBook, changed_since: datetime | None) -> int:
        """Plan in batches of what is due at the same moment of the same day; what is overdue is due now."""
        now, made = self.clock.now(), 0
        planned = campaign.on(day)
        waiting: dict[tuple[date, datetime], list[Line]] = defaultdict(list)
        for line in self.due_lines(campaign, day, book=book, now=now, changed_since=changed_since):
            alike = line.day, max(line.due_at, now)
            waiting[alike].append(line)
            if len(waiting[alike]) == BATCH:
                made += self._plan_batch(planned, waiting.pop(alike))
        return made + sum(self._plan_batch(planned, lines) for lines in waiting.values())

    def _plan_batch(self, campaign: Campaign, lines: Sequence[Line]) -> int:
        now = self.clock.now()
        if campaign.plan.steps:
            return self.enrolments.enrol([run_of(line, campaign, now=now) for line in lines])
        batch_id = new_id("bat", now)
        return self.touches.plan([touch_of(line, campaign, batch_id=batch_id, now=now) for line in lines])
