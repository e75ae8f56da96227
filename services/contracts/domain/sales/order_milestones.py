"""The milestones of an order: in one order, none skipped, with the days they were planned for and reached."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from services.chassis.checks import civil_date
from services.chassis.errors import InvalidField


class OrderMilestone(StrEnum):
    """The milestones, in their order; and where an order stands that never reaches the rest of them."""

    PLANNED = "planned"
    IN_PRODUCTION = "in_production"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"


class OrderVerb(StrEnum):
    """What can be done to an order."""

    PLAN = "plan"
    START = "start"
    SHIP = "ship"
    DELIVER = "deliver"
    ACCEPT = "accept"
    CANCEL = "cancel"


SEQUENCE = tuple(each for each in OrderMilestone if each is not OrderMilestone.CANCELLED)
TRANSITIONS: dict[tuple[OrderMilestone, OrderVerb], OrderMilestone] = {
    **{(milestone, OrderVerb.PLAN): milestone for milestone in SEQUENCE[:-1]},
    (OrderMilestone.PLANNED, OrderVerb.START): OrderMilestone.IN_PRODUCTION,
    (OrderMilestone.IN_PRODUCTION, OrderVerb.SHIP): OrderMilestone.SHIPPED,
    (OrderMilestone.SHIPPED, OrderVerb.DELIVER): OrderMilestone.DELIVERED,
    (OrderMilestone.DELIVERED, OrderVerb.ACCEPT): OrderMilestone.ACCEPTED,
    (OrderMilestone.PLANNED, OrderVerb.CANCEL): OrderMilestone.CANCELLED,
    (OrderMilestone.IN_PRODUCTION, OrderVerb.CANCEL): OrderMilestone.CANCELLED,
}
"""Every move there is; whatever is not in here is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One milestone of an order."""

    milestone: OrderMilestone
    planned_date: date | None = None
    first_planned_date: date | None = None
    """What was planned at first: a plan that is put off keeps what was promised."""
    actual_date: date | None = None
    recorded_time: datetime | None = None
    recorded_by: str = ""

    @property
    def delay_days(self) -> int | None:
        """Return the days between plan and fact; negative: early; None unless both are known."""
        if self.planned_date is None or self.actual_date is None:
            return None
        return (self.actual_date - self.planned_date).days


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """Who called an order off, when and why."""

    by: str
    time: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Who says that a milestone was reached, when, and on which day; the day is not yet checked."""

    author: str
    now: datetime
    today: date
    actual_date: str = ""
    """Empty: today."""


def started(done: Done) -> tuple[Progress, ...]:
    """Return the milestones of a new order: the first is reached today."""
    first = Progress(
        milestone=SEQUENCE[0],
        planned_date=done.today,
        first_planned_date=done.today,
        actual_date=done.today,
        recorded_time=done.now,
        recorded_by=done.author,
    )
    return (first, *(Progress(milestone=milestone) for milestone in SEQUENCE[1:]))


def planned(milestones: tuple[Progress, ...], plan: Mapping[OrderMilestone, date]) -> tuple[Progress, ...]:
    """Return the milestones with these days planned; refuse those reached, and days out of the milestones' order."""
    made = []
    latest = milestones[0].actual_date
    for each in milestones:
        day = plan.get(each.milestone)
        if day and each.actual_date:
            raise InvalidField("plan", f"plan: {each.milestone} was reached already.")
        now = replace(each, planned_date=day, first_planned_date=each.first_planned_date or day) if day else each
        known = now.actual_date or now.planned_date
        if known and latest and known < latest and not now.actual_date:
            raise InvalidField("plan", f"plan: {each.milestone} cannot be before {latest}.")
        latest = known or latest
        made.append(now)
    return tuple(made)


def reached(milestones: tuple[Progress, ...], milestone: OrderMilestone, *, done: Done) -> tuple[Progress, ...]:
    """Return the milestones with one more reached; refuse a day in the future or before the milestone before."""
    place = SEQUENCE.index(milestone)
    day = civil_date(done.actual_date, "actual_date") if done.actual_date else done.today
    before = milestones[place - 1].actual_date
    if day > done.today:
        raise InvalidField("actual_date", f"actual_date {day} is in the future.")
    if before and day < before:
        raise InvalidField("actual_date", f"actual_date {day} is before {before}, the day of the milestone before.")
    fact = replace(milestones[place], actual_date=day, recorded_time=done.now, recorded_by=done.author)
    return (*milestones[:place], fact, *milestones[place + 1 :])
