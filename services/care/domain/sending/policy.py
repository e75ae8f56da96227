"""The policy at the moment of send: whether a touch may leave now, or the reason why it must not."""

from datetime import date, datetime
from functools import lru_cache

from services.care.domain.calendars.birthday_rules import BirthdayRules, keys_due
from services.care.domain.campaigns.campaign import Campaign, CampaignState
from services.care.domain.campaigns.planning import days_late
from services.care.domain.channels import Channel, Purpose
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.recipient import Recipient
from services.care.domain.sending.touch import Touch


def reason_to_skip(touch: Touch, campaign: Campaign, *, recipient: Recipient | None, now: datetime) -> Reason | None:
    """Return why this touch must not leave now, or None if it may. The first reason that holds is the one recorded."""
    if campaign.state is CampaignState.ARCHIVED:
        return Reason.CAMPAIGN_ARCHIVED
    if recipient is None:
        return Reason.MEMBER_GONE
    if reason := unreachable(recipient, Channel(touch.channel), purpose=touch.purpose):
        return reason
    day = date.fromisoformat(touch.date)
    if recipient.birthday_key not in _celebrated(day, campaign.plan.rules):
        return Reason.BIRTHDAY_CHANGED
    if days_late(day, recipient.time_zone, now=now) > campaign.plan.catch_up_days:
        return Reason.TOO_LATE
    return None


def unreachable(recipient: Recipient, channel: Channel, *, purpose: Purpose) -> Reason | None:
    """Return why this member can never be reached by this channel as things stand, or None."""
    email = channel is Channel.EMAIL
    if recipient.do_not_contact:
        return Reason.DO_NOT_CONTACT
    if not recipient.address(channel):
        return Reason.NO_EMAIL_ADDRESS if email else Reason.NO_ADDRESS
    if channel in recipient.suppressed:
        return Reason.ADDRESS_SUPPRESSED
    if not recipient.agreed(channel, purpose):
        return Reason.NO_EMAIL_CONSENT if email else Reason.NO_CONSENT
    if not recipient.time_zone:
        return Reason.UNKNOWN_TIME_ZONE
    return None


@lru_cache(maxsize=4096)
def _celebrated(day: date, rules: BirthdayRules) -> frozenset[int]:
    return frozenset(due.key for due in keys_due(day, rules))
