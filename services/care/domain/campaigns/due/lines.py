"""What the planner writes down for one member and one day: when the message is due, by which variant, or why not."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.care.domain.campaigns.assignment import held_out, variant_of
from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.due.event_triggered import delay_of
from services.care.domain.campaigns.due.who import Coming
from services.care.domain.campaigns.planning import day_is_over, due_moment
from services.care.domain.campaigns.triggers import EventTrigger, moment_of
from services.care.domain.sending.reasons import MOVED, Reason
from services.care.domain.sending.touch import Touch, TouchState, touch_id

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class DueDay:
    """A civil day of the members' own calendars, as a campaign plans it."""

    campaign: Campaign
    """With the plan that counts for the day."""
    day: date
    leaves_on: date | None
    """Another day where a blackout or a day off moves the message; None where it drops it."""
    started: datetime
    """When the campaign started; of one that did not, when it is taken to start."""
    closed_by: Reason | None = None
    """Why it does not leave on its own day; None: it does."""


@dataclass(frozen=True, slots=True)
class Line:
    """A touch that is to be, before it has a batch."""

    member_id: str
    occurrence: str
    day: date
    due_at: datetime
    variant: str
    reason: Reason | None = None
    """Why it is skipped at once."""
    moved_by: Reason | None = None
    """Why it leaves on another day than its own."""


def line_of(due: DueDay, member_id: str, *, zone: str, coming: Coming) -> Line | None:
    """Return the line; None: for this member the day is not the one, or was over before the campaign started."""
    campaign, name = due.campaign, zone or "UTC"
    moment = moment_of(campaign.plan.trigger) or _event_moment(due, coming, zone=name)
    day = moment.astimezone(ZoneInfo(name)).date() if moment else _not_before(due.day, coming, zone=name)
    if moment and day != due.day:
        return None
    if moment and coming.since and coming.since < due.started:
        return None
    if day_is_over(day, name, now=due.started):
        return None
    wanted = moment or max(due_moment(day, campaign.plan.send_at, zone=name), coming.since or _LONG_AGO)
    return Line(
        member_id=member_id,
        occurrence=coming.occurrence,
        day=day,
        due_at=_moved(wanted, due, zone=name),
        variant=variant_of(campaign, member_id),
        reason=_skipped(due, member_id),
        moved_by=MOVED.get(due.closed_by) if due.closed_by and due.leaves_on else None,
    )


def touch_of(line: Line, campaign: Campaign, *, batch_id: str, now: datetime) -> Touch:
    """Return the touch by the plan of the campaign's version."""
    channel = campaign.plan.channels[0].value
    return Touch(
        id=touch_id(campaign.id, line.member_id, occurrence=line.occurrence, channel=channel),
        campaign_id=campaign.id,
        member_id=line.member_id,
        occurrence=line.occurrence,
        channel=channel,
        date=line.day.isoformat(),
        due_at=line.due_at,
        batch_id=batch_id,
        updated_at=now,
        state=TouchState.SKIPPED if line.reason else TouchState.PLANNED,
        reason=line.reason or "",
        variant=line.variant,
        version=campaign.plan_version,
        priority=campaign.plan.priority,
        purpose=campaign.plan.purpose,
        moved_by=line.moved_by or "",
    )


_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def _skipped(due: DueDay, member_id: str) -> Reason | None:
    if held_out(due.campaign, member_id):
        return Reason.HOLDOUT
    return due.closed_by if due.leaves_on is None else None


def _not_before(day: date, coming: Coming, *, zone: str) -> date:
    """Return the day, but none that was over for the member when the event happened."""
    return max(day, coming.since.astimezone(ZoneInfo(zone)).date()) if coming.since else day


def _event_moment(due: DueDay, coming: Coming, *, zone: str) -> datetime | None:
    """Return when a message that follows an event is due: after the delay, at the hour that the plan names, if any.

    Moments to come are rounded up to the minute, so that they share batches; what follows at once is due already.
    """
    trigger, plan = due.campaign.plan.trigger, due.campaign.plan
    if coming.since is None or not isinstance(trigger, EventTrigger):
        return None
    moment = coming.since + delay_of(trigger)
    if plan.send_at:
        day = moment.astimezone(ZoneInfo(zone)).date()
        today = due_moment(day, plan.send_at, zone=zone)
        return today if today >= moment else due_moment(day + timedelta(days=1), plan.send_at, zone=zone)
    whole = moment.replace(second=0, microsecond=0)
    return moment if trigger.delay is None or moment == whole else whole + _MINUTE


def _moved(wanted: datetime, due: DueDay, *, zone: str) -> datetime:
    """Return the same wall time on the day on which the message leaves."""
    if due.leaves_on is None or due.leaves_on == due.day:
        return wanted
    wall: time = wanted.astimezone(ZoneInfo(zone)).time()
    return due_moment(due.leaves_on, wall.isoformat(), zone=zone)
