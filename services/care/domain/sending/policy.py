"""The policy at the moment of send: a touch leaves now, waits until a moment, or is skipped, always with the reason."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from services.care.domain.calendars.birthday_rules import BirthdayRules, keys_due
from services.care.domain.calendars.blackout import BlackoutMove
from services.care.domain.calendars.statutory import DayKind
from services.care.domain.campaigns.campaign import Campaign, CampaignState
from services.care.domain.campaigns.due.who import told_end, told_moment
from services.care.domain.channels import Channel
from services.care.domain.members.asking import purpose_asked_for
from services.care.domain.segments.facts import RenewalOutcome
from services.care.domain.segments.rules import ContractState
from services.care.domain.sending.channel_choice import prefers_another, unreachable
from services.care.domain.sending.holdout import in_holdout
from services.care.domain.sending.law import legal_windows
from services.care.domain.sending.reasons import MOVED, Reason
from services.care.domain.sending.recipient import Recipient
from services.care.domain.sending.settings import SendingSettings
from services.care.domain.sending.terms import Terms
from services.care.domain.sending.touch import Touch
from services.care.domain.sending.verdict import SEND_NOW, HoldUntil, Skip, Verdict
from services.care.domain.sending.windows import quiet_until, start_of_day, zone_of

LOOK_AGAIN = timedelta(minutes=1)
"""After an emergency stop nobody knows when it will be lifted."""
CALENDAR_PAUSE = timedelta(hours=1)
"""So long waits what leaves on workdays only, while nobody knows whether the day is one."""
_MOST_DAYS_BLOCKED = 366
_OVER = (ContractState.EXPIRED, ContractState.TERMINATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What is the same for every touch that is judged together."""

    now: datetime
    settings: SendingSettings = field(default_factory=SendingSettings)
    set_up: Collection[str] = frozenset(Channel)
    """Channels that messages can leave by."""
    blackout: Callable[[date], BlackoutMove | None] = field(default=lambda _: None)
    """What the blackout of a civil day says of messages of this kind; None: it is none."""
    workday: Callable[[date], DayKind] = field(default=lambda _: DayKind.WORK)
    """Whether the campaign's messages leave on a civil day; always, if it does not keep to workdays."""


def judge(
    touch: Touch, campaign: Campaign, *, terms: Terms, recipient: Recipient | None, around: Circumstances
) -> Verdict:
    """Return what becomes of a touch as far as caps and budgets allow it; the first reason that holds is recorded."""
    if campaign.state is CampaignState.ARCHIVED or recipient is None:
        return Skip(Reason.MEMBER_GONE if recipient is None else Reason.CAMPAIGN_ARCHIVED)
    if around.settings.stop:
        return HoldUntil(around.now + LOOK_AGAIN, Reason.SENDING_STOPPED)
    zone = zone_of(recipient.time_zone)
    reason = refused(touch, terms, recipient=recipient, zone=zone, around=around)
    if reason or zone is None:
        return Skip(reason or Reason.UNKNOWN_TIME_ZONE)
    wait = _must_wait(touch, recipient, zone=zone, around=around)
    if wait is None:
        return SEND_NOW
    given_up = _given_up(wait, terms, zone=zone, around=around)
    return Skip(wait.reason) if given_up or _is_late(touch, terms, zone=zone, at=wait.moment) else wait


def _given_up(wait: HoldUntil, terms: Terms, *, zone: ZoneInfo, around: Circumstances) -> bool:
    """Say whether the campaign would rather skip a message than let it wait for this reason."""
    match wait.reason:
        case Reason.BLACKOUT_DAY:
            return (terms.on_blackout or around.blackout(_today(around.now, zone))) is BlackoutMove.DROP
        case Reason.NO_WORKDAY:
            return terms.workdays is not None and terms.workdays.move is BlackoutMove.DROP
        case Reason.WORKDAYS_UNKNOWN:
            return False
        case _:
            return terms.cancel_when_quiet


def refused(
    touch: Touch, terms: Terms, *, recipient: Recipient, zone: ZoneInfo | None, around: Circumstances
) -> Reason | None:
    """Return why it must never leave, at whatever hour, or None; of who lives in no known zone no day is judged."""
    if reason := _never(touch, terms, recipient=recipient, around=around):
        return reason
    return _out_of_season(touch, terms, recipient=recipient, zone=zone, now=around.now) if zone else None


def _never(touch: Touch, terms: Terms, *, recipient: Recipient, around: Circumstances) -> Reason | None:
    if in_holdout(recipient.id, draw=terms.draw, basis_points=terms.held_out):
        return Reason.HOLDOUT
    if (touch.campaign_id, touch.occurrence, touch.step) in recipient.had:
        return Reason.ALREADY_GREETED
    if recipient.do_not_contact:
        return Reason.DO_NOT_CONTACT
    if touch.channel not in around.set_up:
        return Reason.CHANNEL_NOT_SET_UP
    if prefers_another(touch, recipient, channels=terms.channels, set_up=around.set_up):
        return Reason.OTHER_CHANNEL_PREFERRED
    return unreachable(recipient, Channel(touch.channel), purpose=touch.purpose)


def _out_of_season(touch: Touch, terms: Terms, *, recipient: Recipient, zone: ZoneInfo, now: datetime) -> Reason | None:
    if reason := _reason_is_gone(touch, terms, recipient=recipient):
        return reason
    if _is_late(touch, terms, zone=zone, at=now):
        return Reason.TOO_LATE
    if terms.cheerful and recipient.complaints:
        return Reason.COMPLAINT_OPEN
    if terms.cheerful and recipient.cheerless_until and recipient.cheerless_until >= _today(now, zone).isoformat():
        return Reason.NO_CHEERFUL_MESSAGES
    return None


def _reason_is_gone(touch: Touch, terms: Terms, *, recipient: Recipient) -> Reason | None:
    """Say that what made the member due holds no longer."""
    asked = purpose_asked_for(touch.occurrence)
    if asked and recipient.unconfirmed.get(touch.channel, {}).get(asked) != touch.id:
        return Reason.CONFIRMATION_SETTLED
    if terms.birthday and recipient.birthday_key not in _celebrated(
        touch.date, terms.days_before, rules=terms.birthday
    ):
        return Reason.BIRTHDAY_CHANGED
    if terms.about_renewal and (reason := _renewal_settled(touch, recipient)):
        return reason
    if terms.silence is not None and _active_again(touch, recipient, act=terms.silence):
        return Reason.ACTIVE_AGAIN
    return None


def _must_wait(touch: Touch, recipient: Recipient, *, zone: ZoneInfo, around: Circumstances) -> HoldUntil | None:
    """Return the first moment on a free day and outside all quiet hours, with the reason of the first obstacle."""
    channel = Channel(touch.channel)
    legal = legal_windows(recipient.phone, channel, purpose=touch.purpose)
    quiet = [rule.window for rule in around.settings.quiet if rule.concerns(channel, touch.purpose)]
    closed = _closed_by(_today(around.now, zone), around)
    if closed is Reason.WORKDAYS_UNKNOWN:
        return HoldUntil(around.now + CALENDAR_PAUSE, closed)
    if not legal and not quiet and closed is None:
        return None
    moment, reason = around.now, closed
    for _ in range(_MOST_DAYS_BLOCKED):
        later = _free_day(moment, zone, around=around) or quiet_until((*legal, *quiet), moment, zone=zone)
        if later is None:
            break
        if reason is None:
            reason = Reason.LEGAL_HOURS if quiet_until(legal, moment, zone=zone) else Reason.QUIET_HOURS
        moment = later
    return HoldUntil(moment, reason) if reason else None


def _closed_by(day: date, around: Circumstances) -> Reason | None:
    """Return why nothing leaves on a civil day, or None."""
    if around.blackout(day) is not None:
        return Reason.BLACKOUT_DAY
    kind = around.workday(day)
    if kind is DayKind.WORK:
        return None
    return Reason.NO_WORKDAY if kind is DayKind.OFF else Reason.WORKDAYS_UNKNOWN


def _free_day(moment: datetime, zone: ZoneInfo, *, around: Circumstances) -> datetime | None:
    """Return the moment's wall time on the first free day after it; None: its own day is free.

    A day of which nobody knows whether it is worked is not passed over: what it is will be known when it comes.
    """
    today = _today(moment, zone)
    if _closed_by(today, around) not in MOVED:
        return None
    into_the_day = moment - start_of_day(today, zone)
    day = today + timedelta(days=1)
    while _closed_by(day, around) in MOVED and (day - today).days < _MOST_DAYS_BLOCKED:
        day += timedelta(days=1)
    return start_of_day(day, zone) + into_the_day


def _is_late(touch: Touch, terms: Terms, *, zone: ZoneInfo, at: datetime) -> bool:
    """Say whether more civil days of the member's own calendar have passed than the campaign allows."""
    return (_today(at, zone) - date.fromisoformat(touch.date)).days > terms.catch_up_days


def _active_again(touch: Touch, recipient: Recipient, *, act: str) -> bool:
    last = recipient.last_acts.get(act)
    return last is not None and last > told_moment(touch.occurrence)


def _renewal_settled(touch: Touch, recipient: Recipient) -> Reason | None:
    """Say how the renewal ended that the occurrence asks for; whoever goes on after the day it names was won."""
    contract_id, last_day = told_end(touch.occurrence)
    held = next((each for each in recipient.contracts if each.get("id") == contract_id), None)
    if held is None:  # the member holds others, and is asked for none of somebody else's
        return Reason.RENEWAL_WON if recipient.contracts else None
    if held.get("renewal") == RenewalOutcome.WON or str(held.get("end_date") or "") > last_day:
        return Reason.RENEWAL_WON
    lost = held.get("renewal") == RenewalOutcome.LOST or held.get("state") in _OVER
    return Reason.RENEWAL_LOST if lost else None


@lru_cache(maxsize=4096)
def _celebrated(day: str, days_before: int, *, rules: BirthdayRules) -> frozenset[int]:
    celebrated = date.fromisoformat(day) + timedelta(days=days_before)
    return frozenset(due.key for due in keys_due(celebrated, rules))


@lru_cache(maxsize=4096)
def _today(now: datetime, zone: ZoneInfo) -> date:
    """Return the civil day of a moment: asked for every touch, and there are but a few zones."""
    return now.astimezone(zone).date()
