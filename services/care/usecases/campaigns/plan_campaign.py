"""Plans a running campaign: every civil day exactly once, and open days again for members who changed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from services.care.domain.calendars.birthday_rules import keys_due
from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.planning import day_is_over, days_to_plan, due_moment, open_days
from services.care.domain.sending.touch import Touch, touch_id
from services.care.ports.campaigns import PlanCursors
from services.care.ports.planning import DueMember, DueMembers, PlannedTouches
from services.chassis.clock import Clock
from services.chassis.ids import new_id

BATCH = 500
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


@dataclass(frozen=True, slots=True)
class PlanCampaign:
    """Materialises touches. Repeating it, or killing it anywhere, changes nothing in the outcome."""

    members: DueMembers
    touches: PlannedTouches
    cursors: PlanCursors
    clock: Clock

    def __call__(self, campaign: Campaign, *, token: int, leading: Callable[[], bool]) -> Planned:
        """Plan what is missing; `token` fences the cursor, `leading` is asked before each day."""
        now, cursor = self.clock.now(), self.cursors.get(campaign.id)
        started = campaign.started_at or now
        made = 0
        since = cursor.swept_at - CLOCK_SKEW if cursor.swept_at else None
        for day in open_days(cursor.planned_through, now):
            made += self._plan_day(campaign, day, changed_since=since)
        missed = days_to_plan(cursor.planned_through, started, now=now)
        for day in missed:
            if not leading():
                raise LeadershipLost
            made += self._plan_day(campaign, day, changed_since=None)
            self._advance(campaign, day, now=now, token=token)
        if not missed and cursor.planned_through:
            self._advance(campaign, cursor.planned_through, now=now, token=token)
        return Planned(len(missed), made)

    def _advance(self, campaign: Campaign, day: date, *, now: datetime, token: int) -> None:
        if not self.cursors.advance(campaign.id, day, swept_at=now, token=token):
            raise LeadershipLost

    def _plan_day(self, campaign: Campaign, day: date, *, changed_since: datetime | None) -> int:
        campaign = campaign.on(day)
        occurrence = {due.key: due.occurrence for due in keys_due(day, campaign.plan.rules)}
        waiting: dict[datetime, list[DueMember]] = defaultdict(list)
        made = 0
        for member in self._due(campaign, day, occurrence=occurrence, changed_since=changed_since):
            moment = due_moment(day, campaign.plan.send_at, zone=member.time_zone or "UTC")
            waiting[moment].append(member)
            if len(waiting[moment]) == BATCH:
                made += self._plan_batch(
                    campaign, day, due_at=moment, members=waiting.pop(moment), occurrence=occurrence
                )
        for moment, members in waiting.items():
            made += self._plan_batch(campaign, day, due_at=moment, members=members, occurrence=occurrence)
        return made

    def _due(
        self, campaign: Campaign, day: date, *, occurrence: dict[int, str], changed_since: datetime | None
    ) -> Iterator[DueMember]:
        """Yield who is due; a day that was over for a member before the campaign started was never promised."""
        started = campaign.started_at
        for member in self.members.due(list(occurrence), changed_since=changed_since):
            if started and member.time_zone and day_is_over(day, member.time_zone, now=started):
                continue
            yield member

    def _plan_batch(
        self,
        campaign: Campaign,
        day: date,
        *,
        due_at: datetime,
        members: Iterable[DueMember],
        occurrence: dict[int, str],
    ) -> int:
        now, plan = self.clock.now(), campaign.plan
        batch_id, iso_day, channel = new_id("bat", now), day.isoformat(), plan.channels[0]
        return self.touches.plan(
            [
                Touch(
                    id=touch_id(campaign.id, member.id, occurrence=occurrence[member.birthday_key], channel=channel),
                    campaign_id=campaign.id,
                    member_id=member.id,
                    occurrence=occurrence[member.birthday_key],
                    channel=channel,
                    date=iso_day,
                    due_at=due_at,
                    batch_id=batch_id,
                    updated_at=now,
                    priority=plan.priority,
                    purpose=plan.purpose,
                    version=campaign.plan_version,
                )
                for member in islice(members, BATCH)
            ]
        )
