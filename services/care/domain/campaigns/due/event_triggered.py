"""As soon as something was heard of a member, or some time after; at once, unless the last time is too near."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from services.care.domain.campaigns.due.anchors import start_of
from services.care.domain.campaigns.due.who import Acted, Coming
from services.care.domain.campaigns.planning import FARTHEST_AHEAD, FARTHEST_BEHIND
from services.care.domain.campaigns.triggers import EventTrigger


def heard(trigger: EventTrigger, day: date, *, waits_for_hour: bool) -> Acted:
    """Return who did it at a time from which the delay leads into `day` somewhere on earth.

    On which day it is for one member, the planner tells by the member's own zone. A message that waits for an hour of
    the day may wait until the next day.
    """
    first = start_of(day, "UTC") - FARTHEST_AHEAD - delay_of(trigger) - timedelta(days=1 if waits_for_hour else 0)
    end = start_of(day + timedelta(days=1), "UTC") + FARTHEST_BEHIND - delay_of(trigger)
    return Acted(trigger.act, ((first, end),))


def delay_of(trigger: EventTrigger) -> timedelta:
    """Return how long after the event the message is due."""
    return trigger.delay.exact() if trigger.delay else timedelta()


def not_too_soon(trigger: EventTrigger, comings: Iterable[Coming], *, known: Iterable[datetime]) -> list[Coming]:
    """Return the comings that the re-entry rule lets through; `known` are the moments of those in the ledger.

    The oldest goes first. One in the ledger already is let through: planning it again finds it there.
    """
    pause, taken = timedelta(days=trigger.again_after_days), set(known)
    let_through = []
    for coming in sorted(comings, key=lambda each: each.occurrence):
        moment = coming.since
        if moment is None or moment in taken or all(abs(moment - other) >= pause for other in taken):
            let_through.append(coming)
            taken |= {moment} if moment else set()
    return let_through
