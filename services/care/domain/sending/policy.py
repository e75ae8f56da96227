"""The policy at the moment of send: whether a touch may leave now, or the reason why it must not."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from services.care.domain.calendars.birthday_rules import BirthdayRules, keys_due
from services.care.domain.campaigns.campaign import Campaign, CampaignState
from services.care.domain.campaigns.planning import days_late
from services.care.domain.language import Language
from services.care.domain.sending.touch import Reason, Touch


@dataclass(frozen=True, slots=True)
class Recipient:
    """What the policy and the words need to know of a member."""

    id: str
    name: str
    gender: str
    language: Language
    time_zone: str
    email: str
    email_consent: bool
    do_not_contact: bool
    birthday_key: int | None


def reason_to_skip(touch: Touch, campaign: Campaign, *, recipient: Recipient | None, now: datetime) -> Reason | None:
    """Return why this touch must not leave now, or None if it may. The first reason that holds is the one recorded."""
    if campaign.state is CampaignState.ARCHIVED:
        return Reason.CAMPAIGN_ARCHIVED
    if recipient is None:
        return Reason.MEMBER_GONE
    if reason := unreachable(recipient):
        return reason
    day = date.fromisoformat(touch.date)
    if recipient.birthday_key not in _celebrated(day, campaign.plan.rules):
        return Reason.BIRTHDAY_CHANGED
    if days_late(day, recipient.time_zone, now=now) > campaign.plan.catch_up_days:
        return Reason.TOO_LATE
    return None


def unreachable(recipient: Recipient) -> Reason | None:
    """Return why this member can never be greeted by e-mail as things stand, or None."""
    if recipient.do_not_contact:
        return Reason.DO_NOT_CONTACT
    if not recipient.email:
        return Reason.NO_EMAIL_ADDRESS
    if not recipient.email_consent:
        return Reason.NO_EMAIL_CONSENT
    if not recipient.time_zone:
        return Reason.UNKNOWN_TIME_ZONE
    return None


@lru_cache(maxsize=4096)
def _celebrated(day: date, rules: BirthdayRules) -> frozenset[int]:
    return frozenset(due.key for due in keys_due(day, rules))
