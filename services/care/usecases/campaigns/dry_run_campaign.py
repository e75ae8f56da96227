"""Says who would get a campaign's message on a day, who would not, and why; nothing is written or sent."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice

from services.care.domain.calendars.day_book import DayBook
from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.due.lines import touch_of
from services.care.domain.sending.channel_choice import stand_in
from services.care.domain.sending.policy import Circumstances, judge
from services.care.domain.sending.recipient import Recipient
from services.care.domain.sending.settings import SendingSettings
from services.care.domain.sending.terms import terms_of
from services.care.domain.sending.touch import Touch
from services.care.domain.sending.verdict import HoldUntil, Skip
from services.care.ports.calendars import Calendars
from services.care.ports.campaigns import Campaigns
from services.care.ports.planning import DueMembers, PlannedBefore
from services.care.ports.sending_settings import Settings
from services.care.usecases.campaigns.due_lines import DueLines
from services.chassis.clock import Clock
from services.chassis.ids import check_id

ALREADY_PLANNED = "ALREADY_PLANNED"
MOST_SHOWN = 100
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class DryLine:
    """What would become of one member."""

    member_id: str
    occurrence: str
    channel: str
    variant: str
    leaves_at: datetime | None
    """When the message would leave; None: it would not."""
    reason: str = ""
    """Why it would not, or why it would wait; empty: it would leave when it is due."""


@dataclass(frozen=True, slots=True)
class DryRun:
    """What would happen, as things stand now; caps and budgets are claimed at the moment of send only."""

    day: date
    would_get: int
    would_not: Mapping[str, int]
    """Members by reason."""
    lines: Sequence[DryLine]
    """The first hundred."""


@dataclass(frozen=True, slots=True)
class DryRunCampaign:
    """Finds who is due as the planner does, and judges them as the dispatcher does."""

    campaigns: Campaigns
    due_lines: DueLines
    members: DueMembers
    before: PlannedBefore
    calendars: Calendars
    settings: Settings
    clock: Clock

    def __call__(self, campaign_id: str, day: date) -> DryRun:
        """Return the outcome for everybody who is due on the day, or refuse with CAMPAIGN_NOT_FOUND."""
        campaign = self.campaigns.get(check_id(campaign_id, "cmp", field="campaign_id")).on(day)
        would_get, would_not = 0, Counter[str]()
        shown: list[DryLine] = []
        for line in self._lines(campaign, day):
            would_get += line.leaves_at is not None
            would_not[line.reason] += line.leaves_at is None
            if len(shown) < MOST_SHOWN:
                shown.append(line)
        return DryRun(day, would_get, {reason: count for reason, count in would_not.items() if count}, shown)

    def _lines(self, campaign: Campaign, day: date) -> Iterator[DryLine]:
        now, book, settings = self.clock.now(), self.calendars.read(), self.settings.get()
        found = self.due_lines(campaign, day, book=book, now=now)
        while lines := list(islice(found, _AT_ONCE)):
            touches = [touch_of(line, campaign, batch_id="", now=line.due_at) for line in lines]
            recipients = self.members.recipients([touch.member_id for touch in touches])
            known = self.before.known([touch.id for touch in touches])
            for touch in touches:
                if reason := ALREADY_PLANNED if touch.id in known else touch.reason:
                    yield _dry(touch, leaves_at=None, reason=reason)
                    continue
                around = _around(touch, campaign, book=book, settings=settings)
                yield _judged(touch, campaign, recipient=recipients.get(touch.member_id), around=around)


def _around(touch: Touch, campaign: Campaign, *, book: DayBook, settings: SendingSettings) -> Circumstances:
    """Return the circumstances as they will be when the touch is due."""
    cheerful = campaign.plan.cheerful
    return Circumstances(
        now=touch.due_at,
        settings=settings,
        blocked=lambda day: book.blackout(day, purpose=touch.purpose, cheerful=cheerful) is not None,
    )


def _judged(touch: Touch, campaign: Campaign, *, recipient: Recipient | None, around: Circumstances) -> DryLine:
    """Return what becomes of the touch, or of the one that takes over where a channel cannot be used."""
    terms, reason = terms_of(campaign), ""
    for _ in terms.channels:
        verdict = judge(touch, campaign, terms=terms, recipient=recipient, around=around)
        if isinstance(verdict, HoldUntil):
            return _dry(touch, leaves_at=verdict.moment, reason=verdict.reason)
        if not isinstance(verdict, Skip):
            return _dry(touch, leaves_at=touch.due_at)
        reason = verdict.reason
        other = stand_in(touch, verdict.reason, recipient=recipient, channels=terms.channels)
        if other is None:
            break
        touch = replace(touch, channel=other.value, fallback_of=touch.id)
    return _dry(touch, leaves_at=None, reason=reason)


def _dry(touch: Touch, *, leaves_at: datetime | None, reason: str = "") -> DryLine:
    return DryLine(touch.member_id, touch.occurrence, touch.channel, touch.variant, leaves_at, reason)
