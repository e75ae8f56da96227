"""Foresees who gets a place under caps, by the policy that dispatchers claim places by; nothing is claimed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.care.domain.calendars.day_book import DayBook
from services.care.domain.campaigns.campaign import Campaign, CampaignState
from services.care.domain.sending.caps import Contact, Rival, over_cap, rival_of
from services.care.domain.sending.policy import Circumstances, judge
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.recipient import Recipient
from services.care.domain.sending.settings import SendingSettings
from services.care.domain.sending.terms import Terms, terms_of
from services.care.domain.sending.touch import Touch
from services.care.domain.sending.verdict import leaves_within_a_day
from services.care.domain.sending.windows import zone_of
from services.care.ports.campaigns import Campaigns
from services.care.ports.contacts import ContactLooks

_NEVER = frozenset({CampaignState.PAUSED, CampaignState.ARCHIVED})


@dataclass(frozen=True, slots=True)
class Judging:
    """What every message is judged by."""

    settings: SendingSettings
    book: DayBook
    set_up: frozenset[str]
    """Channels that messages can leave by."""

    def around(self, terms: Terms, *, now: datetime) -> Circumstances:
        """Return the circumstances of messages of these terms."""
        blackout = self.book.moves(purpose=terms.purpose, cheerful=terms.cheerful)
        workday = self.book.kinds(terms.workdays)
        return Circumstances(now=now, settings=self.settings, set_up=self.set_up, blackout=blackout, workday=workday)


@dataclass(frozen=True, slots=True)
class Leaving:
    """A message that would leave if there is a place for it."""

    touch: Touch
    recipient: Recipient
    at: datetime


@dataclass(frozen=True, slots=True)
class ForeseePlaces:
    """Reads once for many messages, and only where there is a cap."""

    looks: ContactLooks
    campaigns: Campaigns

    def __call__(self, leaving: Sequence[Leaving], judging: Judging) -> Mapping[str, Reason]:
        """Return who gets no place and why, by the touch; all messages of a member must be asked about at once."""
        settings = judging.settings
        capped = [each for each in leaving if _counts(settings, each)]
        if not capped:
            return {}
        first = min(each.at for each in capped)
        members = list({each.touch.member_id for each in capped})
        since = settings.capped_since or first
        told = self.looks.contacts(members, capped_since=since, now=first)
        contacts = {member: list(told.get(member, ())) for member in members}
        rivals = self._rivals(capped, judging)
        refused: dict[str, Reason] = {}
        for each in sorted(capped, key=lambda one: (one.at, rival_of(one.touch).rank)):
            if reason := _over(each, settings, contacts=contacts[each.touch.member_id], rivals=rivals):
                refused[each.touch.id] = reason
            else:
                touch = each.touch
                contacts[touch.member_id].append(Contact(touch.id, each.at, touch.channel, touch.purpose))
        return refused

    def _rivals(self, capped: Sequence[Leaving], judging: Judging) -> Mapping[str, Sequence[Rival]]:
        """Return what waits in the ledger for the same members and would leave within a day."""
        last = max(each.at for each in capped)
        waiting = self.looks.rivals([each.touch for each in capped], before=last + timedelta(days=1))
        found = self.campaigns.batch_get(list({touch.campaign_id for touch in waiting}))
        running = {each.id: each for each in found if each.state not in _NEVER}
        asking = {each.touch.member_id: each for each in capped}
        rivals: dict[str, list[Rival]] = defaultdict(list)
        for touch in waiting:
            campaign, ours = running.get(touch.campaign_id), asking[touch.member_id]
            if campaign and _leaves(touch, campaign, ours=ours, judging=judging):
                rivals[touch.member_id].append(rival_of(touch))
        return rivals


def _counts(settings: SendingSettings, each: Leaving) -> bool:
    return any(cap.counts(each.touch.channel, each.touch.purpose) for cap in settings.caps)


def _over(
    each: Leaving, settings: SendingSettings, *, contacts: Sequence[Contact], rivals: Mapping[str, Sequence[Rival]]
) -> Reason | None:
    zone = zone_of(each.recipient.time_zone)
    if zone is None:
        return None  # the policy has refused it before
    ahead = rivals.get(each.touch.member_id, ())
    return over_cap(each.touch, settings.caps, contacts=contacts, rivals=ahead, zone=zone, now=each.at)


def _leaves(touch: Touch, campaign: Campaign, *, ours: Leaving, judging: Judging) -> bool:
    terms = terms_of(campaign.as_planned(touch.version), step=touch.step)
    around = judging.around(terms, now=ours.at)
    return leaves_within_a_day(judge(touch, campaign, terms=terms, recipient=ours.recipient, around=around), ours.at)
