"""WeCom's broadcasts: a task for one of our people to send a message, a customer's quota, and what follows when."""

import hashlib
from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import Enum, StrEnum
from zoneinfo import ZoneInfo

CONFIRM_BY = time(17)
LEAST_TIME = timedelta(hours=1)
"""A task that comes later than this before the hour has until the hour of the next day."""
MOST_REMINDERS = 3
"""WeCom reminds of a task so often within 24 hours, and no oftener."""
REMINDER_PAUSE = timedelta(minutes=30)
LOOK_PAUSE = timedelta(minutes=10)
"""WeCom is asked what became of a task so often, and first so long after it was made."""
MOST_CUSTOMERS = 10_000
"""WeCom takes so many customers for one task (developer.work.weixin.qq.com 92135)."""
_DAYS_IN_WEEK = 7


class QuotaKind(StrEnum):
    """How many broadcasts a customer may get, as the company has set it in WeCom; calendar days, weeks and months."""

    DAY = "day"
    """One a day."""
    WEEK = "week"
    """Seven a week, which begins on Monday."""
    MONTH = "month"
    """As many as the month has days, or what `per_month` says."""


@dataclass(frozen=True, slots=True)
class Quota:
    """What one customer may get within one day, week or month."""

    key: str
    most: int
    ends_at: datetime


class BroadcastState(StrEnum):
    """Data: add, never rename."""

    ASKED = "asked"
    """WeCom was about to be asked; whether there is a task is not known before its answer is stored."""
    CREATED = "created"
    """There is a task; nobody has heard what became of it."""
    ENDED = "ended"


class BroadcastEnd(StrEnum):
    """Data: add, never rename."""

    DELIVERED = "delivered"
    QUOTA_FULL = "quota full"
    NOT_A_FRIEND = "not a friend"
    NOT_CONFIRMED = "not confirmed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """One message to one customer; others of the same text and sender may be in the same task for one of our people."""

    id: str
    """The id of the message: another attempt is another broadcast."""
    touch_id: str
    campaign_id: str
    member_id: str
    provider_id: str
    corp_id: str
    sender: str
    """User id in WeCom of whoever must confirm."""
    customer: str
    """External user id in WeCom; empty once it has ended."""
    quota_key: str
    asked_at: datetime
    look_at: datetime
    """When WeCom is asked next."""
    state: BroadcastState = BroadcastState.ASKED
    task_id: str = ""
    """WeCom's `msgid`."""
    reminders: int = 0
    reminded_at: datetime | None = None
    withdrawn_at: datetime | None = None
    """When WeCom was told to stop the task."""
    end: BroadcastEnd | None = None
    unwanted: bool = False
    """The member was erased meanwhile: it is stopped."""
    digest: str = ""
    """Of the text, as long as it is not known whether there is a task: by it the task is found in WeCom."""


@dataclass(frozen=True, slots=True)
class Circular:
    """One text of one of our people to one or many customers: one task to confirm."""

    sender: str
    text: str
    broadcasts: tuple[Broadcast, ...]
    """No two of them to the same customer."""

    def of(self, broadcasts: Iterable[Broadcast]) -> "Circular":
        """Return the same text to these."""
        return replace(self, broadcasts=tuple(broadcasts))

    def halves(self) -> "tuple[Circular, Circular]":
        """Return the same text to half of the customers each; there must be two."""
        middle = len(self.broadcasts) // 2
        return self.of(self.broadcasts[:middle]), self.of(self.broadcasts[middle:])


class Step(Enum):
    """What to do about a task that is not confirmed."""

    WAIT = "wait"
    REMIND = "remind"
    FALL_BACK = "fall back"


def quota_of(settings: Mapping[str, str], customer: str, *, now: datetime, zone: ZoneInfo) -> Quota:
    """Return the quota of a customer that `now` lies in; `zone` is the company's."""
    today = now.astimezone(zone).date()
    match QuotaKind(settings.get("quota", QuotaKind.MONTH)):
        case QuotaKind.DAY:
            first, days, most = today, 1, 1
        case QuotaKind.WEEK:
            first, days, most = today - timedelta(days=today.weekday()), _DAYS_IN_WEEK, _DAYS_IN_WEEK
        case QuotaKind.MONTH:
            first, days = today.replace(day=1), monthrange(today.year, today.month)[1]
            most = int(settings.get("per_month", days))
    key = f"{settings['corp_id']}/{customer}/{first.isoformat()}+{days}"
    return Quota(key, most, _at(first + timedelta(days=days), time(), zone=zone))


def digest_of(text: str) -> str:
    """Return by what a text is known again without being kept."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def shared_out(doubtful: Iterable[Broadcast], tasks: Mapping[str, Collection[str]]) -> dict[str, list[Broadcast]]:
    """Return which of these messages of one text and sender are in which task, by its customers; none in two."""
    left = list(doubtful)
    found: dict[str, list[Broadcast]] = {}
    for task_id, customers in tasks.items():
        mine = {each.customer: each for each in reversed(left) if each.customer in customers}
        found[task_id] = list(mine.values())
        left = [each for each in left if mine.get(each.customer) is not each]
    return found


def sender_of(settings: Mapping[str, str], owner_id: str) -> str:
    """Return who sends to an owner's member: whom `senders` (`emp_...=user emp_...=user`) names, or the default."""
    known = dict(each.split("=", 1) for each in settings.get("senders", "").split())
    return known.get(owner_id, settings["sender"])


def circulars(wanted: Iterable[tuple[Broadcast, str]], *, most: int = MOST_CUSTOMERS) -> list[Circular]:
    """Return the fewest tasks that carry these texts: one for what is of one campaign, sender and text.

    A customer who gets the same text twice is in two tasks; a task has at most so many customers. Order is kept.
    """
    begun: dict[tuple[str, str, str], list[dict[str, Broadcast]]] = {}
    for broadcast, text in wanted:
        alike = begun.setdefault((broadcast.campaign_id, broadcast.sender, text), [])
        room = next((each for each in alike if len(each) < most and broadcast.customer not in each), None)
        if room is None:
            alike.append(room := {})
        room[broadcast.customer] = broadcast
    return [
        Circular(sender, text, tuple(each.values())) for (_, sender, text), alike in begun.items() for each in alike
    ]


def confirm_by(asked_at: datetime, *, zone: ZoneInfo) -> datetime:
    """Return until when a task must be confirmed: 17:00 where the company is, on the first day that leaves an hour."""
    earliest = asked_at + LEAST_TIME
    day = earliest.astimezone(zone).date()
    moment = _at(day, CONFIRM_BY, zone=zone)
    return moment if moment >= earliest else _at(day + timedelta(days=1), CONFIRM_BY, zone=zone)


def next_step(broadcast: Broadcast, now: datetime, *, zone: ZoneInfo) -> Step:
    """Return what to do now about a task that nobody has confirmed."""
    due = confirm_by(broadcast.asked_at, zone=zone)
    if broadcast.reminded_at is not None:
        due = max(due, broadcast.reminded_at + REMINDER_PAUSE)
    if now < due:
        return Step.WAIT
    return Step.REMIND if broadcast.reminders < MOST_REMINDERS else Step.FALL_BACK


def _at(day: date, wall: time, *, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, wall, zone)
