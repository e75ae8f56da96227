"""Finds who is due on a day, for the planner and for a dry run alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from services.care.domain.calendars.day_book import DayBook
from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.due.anchors import start_of
from services.care.domain.campaigns.due.days import closed_by, leaves_on
from services.care.domain.campaigns.due.event_triggered import not_too_soon
from services.care.domain.campaigns.due.lines import DueDay, Line, line_of
from services.care.domain.campaigns.due.on_day import who_is_due
from services.care.domain.campaigns.due.who import told_moment
from services.care.domain.campaigns.planning import FARTHEST_AHEAD, first_open_day
from services.care.domain.campaigns.triggers import EventTrigger, moment_of
from services.care.domain.sending.touch import touch_id
from services.care.ports.planning import DueMember, DueMembers, PlannedBefore, Reach
from services.care.ports.segments import Audiences

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class DueLines:
    """Reads members and, where a rule looks back, the ledger; writes nothing."""

    members: DueMembers
    before: PlannedBefore
    audiences: Audiences
    company_zone: str

    def reach(self, campaign: Campaign, now: datetime) -> Reach:
        """Return whom the campaign may reach, or refuse with SEGMENT_NOT_FOUND."""
        audience = campaign.plan.audience
        return Reach(
            self.audiences.filter(audience.segment_id, now) if audience.segment_id else None,
            tuple(self.audiences.filter(each, now) for each in audience.exclude_segment_ids),
        )

    def __call__(
        self, campaign: Campaign, day: date, *, book: DayBook, now: datetime, changed_since: datetime | None = None
    ) -> Iterator[Line]:
        """Yield who is due on the day by the version that counts for it, each with the reason if they get nothing.

        A campaign that never started is taken to start now; asked for a day that is over, with that day.
        """
        planned = campaign.on(day)
        who = who_is_due(planned.plan, day, book=book, zone=self.company_zone)
        if who is None:
            return
        if (moment := moment_of(planned.plan.trigger)) and changed_since and changed_since > moment:
            return  # who became a member after it was not there at the moment
        started = campaign.started_at or _starts(day, now=now)
        closed = closed_by(planned.plan, day, book=book)
        due = DueDay(planned, day, leaves_on(planned.plan, day, book=book), started, closed)
        found = self.members.due(who, self.reach(planned, now), changed_since=changed_since)
        others = _other_channels(planned)
        if not others and not _looks_back(planned):
            yield from _lines(due, found)
            return
        while members := list(islice(found, _AT_ONCE)):
            let_through = self._not_too_soon(due, members) if _looks_back(planned) else members
            lines = list(_lines(due, let_through))
            yield from self._not_by_another_channel(planned, lines, channels=others) if others else lines

    def _not_too_soon(self, due: DueDay, members: Sequence[DueMember]) -> Iterator[DueMember]:
        trigger = due.campaign.plan.trigger
        known = self.before.occurrences(due.campaign.id, [member.id for member in members])
        for member in members:
            moments = [told_moment(each) for each in known.get(member.id, ())]
            if isinstance(trigger, EventTrigger):
                comings = not_too_soon(trigger, member.comings, known=moments)
                yield DueMember(member.id, member.time_zone, tuple(comings))

    def _not_by_another_channel(
        self, campaign: Campaign, lines: Sequence[Line], *, channels: Sequence[str]
    ) -> Iterator[Line]:
        """Leave out who has the message from a version that began with another channel: nobody gets it twice."""
        ids = {line: [_id(campaign, line, channel=channel) for channel in channels] for line in lines}
        known = self.before.known([each for some in ids.values() for each in some])
        return (line for line in lines if known.isdisjoint(ids[line]))


def _starts(day: date, *, now: datetime) -> datetime:
    return min(now, start_of(day, "UTC") - FARTHEST_AHEAD) if day < first_open_day(now) else now


def _lines(due: DueDay, members: Iterator[DueMember] | Sequence[DueMember]) -> Iterator[Line]:
    for member in members:
        for coming in member.comings:
            if line := line_of(due, member.id, zone=member.time_zone, coming=coming):
                yield line


def _looks_back(campaign: Campaign) -> bool:
    trigger = campaign.plan.trigger
    return isinstance(trigger, EventTrigger) and trigger.again_after_days > 0


def _other_channels(campaign: Campaign) -> Sequence[str]:
    firsts = {version.plan.channels[0].value for version in campaign.versions}
    return sorted(firsts - {campaign.plan.channels[0].value})


def _id(campaign: Campaign, line: Line, *, channel: str) -> str:
    return touch_id(campaign.id, line.member_id, occurrence=line.occurrence, channel=channel)
