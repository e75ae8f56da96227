"""Triggers of campaigns as types and inputs of the schema."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.graphql.care.calendars.loaders import OCCASIONS
from gateway.graphql.care.campaigns.enums import DateKind, TimeUnit
from gateway.graphql.joins import joined
from gateway.graphql.scalars import Date, DateTime
from gateway.graphql.sources import message
from membercare.care.v1 import campaign_plan_pb2 as pb
from membercare.care.v1 import span_pb2

if TYPE_CHECKING:
    from gateway.graphql.care.calendars.types import Occasion

OccasionRef = Annotated["Occasion", strawberry.lazy("gateway.graphql.care.calendars.types")]

_ACT = "Name of what the member does, such as `contract_activated`, or one that `recordActs` told."
_ONE_OFF = "Once, on a civil day of each member's own calendar, or at one moment for everybody."
_SEND_TIME = (
    "The same instant for everybody, with `sendAt` empty; null: at the plan's hour of the date, where each lives."
)
_BEFORE = "So many days before it; 0 to 60."


@message(span_pb2.Span, description="So many of a unit.")
class Span:
    amount: int
    unit: TimeUnit


@strawberry.input(description="So many of a unit; ten years at most.")
class SpanInput:
    amount: int
    unit: TimeUnit


@message(pb.BirthdayTrigger, description="Once a year, on the birthday or before.")
class BirthdayTrigger:
    days_before: int = strawberry.field(description=_BEFORE)


@strawberry.input(description="Once a year, on the birthday or before.")
class BirthdayTriggerInput:
    days_before: int = strawberry.field(default=0, description=_BEFORE)


@message(pb.OccasionTrigger, description="On a day of the occasion calendar that falls anew each year, or before.")
class OccasionTrigger:
    occasion_id: strawberry.ID
    occasion: OccasionRef | None = joined(OCCASIONS, key="occasion_id", description="Which.")
    days_before: int = strawberry.field(description=_BEFORE)


@strawberry.input(description="On a day of the occasion calendar that falls anew each year, or before.")
class OccasionTriggerInput:
    occasion_id: strawberry.ID
    days_before: int = strawberry.field(default=0, description=_BEFORE)


@message(pb.AfterEventTrigger, description="So long after a member did something; each event is an occurrence.")
class AfterEventTrigger:
    act: str = strawberry.field(description=_ACT)
    after: Span


@strawberry.input(description="So long after a member did something; each event is an occurrence.")
class AfterEventTriggerInput:
    act: str = strawberry.field(description=_ACT)
    after: SpanInput = strawberry.field(description="Days, weeks, months, quarters or years; 0 is the same day.")


@message(pb.BeforeDateTrigger, description="So long before a date that is known of the member.")
class BeforeDateTrigger:
    date: DateKind
    before: Span
    attribute: str | None = strawberry.field(description="Which of the member's attributes holds the date.")


@strawberry.input(description="So long before a date that is known of the member.")
class BeforeDateTriggerInput:
    date: DateKind
    before: SpanInput = strawberry.field(description="Days, weeks, months, quarters or years; 0 is the day itself.")
    attribute: str | None = strawberry.field(default=None, description="Only with `ATTRIBUTE`: which one.")


@message(pb.InactivityTrigger, description="So many days after the member was last active.")
class InactivityTrigger:
    days: int
    act: str | None = strawberry.field(description="Only this counts as activity; null: anything does.")


@strawberry.input(description="So many days after the member was last active.")
class InactivityTriggerInput:
    days: int = strawberry.field(description="1 to 3650.")
    act: str | None = strawberry.field(default=None, description="Only this counts as activity; null: anything does.")


@message(pb.RecurringTrigger, description="On the first day, and then regularly, counted from it.")
class RecurringTrigger:
    first_date: Date
    every: Span
    last_date: Date | None


@strawberry.input(description="On the first day, and then regularly, counted from it.")
class RecurringTriggerInput:
    first_date: Date
    every: SpanInput = strawberry.field(description="Days, weeks, months, quarters or years.")
    last_date: Date | None = strawberry.field(default=None, description="Null: no end.")


@message(pb.OneOffTrigger, description=_ONE_OFF)
class OneOffTrigger:
    date: Date = strawberry.field(description="Of a moment: its day in UTC.")
    send_time: DateTime | None = strawberry.field(description=_SEND_TIME)


@strawberry.input(description=_ONE_OFF)
class OneOffTriggerInput:
    date: Date | None = strawberry.field(default=None, description="Needed unless there is a moment.")
    send_time: DateTime | None = strawberry.field(default=None, description=_SEND_TIME)


@message(pb.EventTrigger, description="As soon as a member does something.")
class EventTrigger:
    act: str = strawberry.field(description=_ACT)
    delay: Span | None
    again_after_days: int = strawberry.field(description="The same member not again for so many days; 0: each event.")


@strawberry.input(description="As soon as a member does something.")
class EventTriggerInput:
    act: str = strawberry.field(description=_ACT)
    delay: SpanInput | None = strawberry.field(default=None, description="Minutes, hours, days, weeks; null: at once.")
    again_after_days: int = strawberry.field(
        default=0, description="The same member not again for so many days; 0 to 3650, 0: with each event."
    )


@message(pb.CampaignTrigger, description="What makes members due: exactly one field is not null; none is the birthday.")
class CampaignTrigger:
    birthday: BirthdayTrigger | None
    occasion: OccasionTrigger | None
    after_event: AfterEventTrigger | None
    before_date: BeforeDateTrigger | None
    inactivity: InactivityTrigger | None
    recurring: RecurringTrigger | None
    one_off: OneOffTrigger | None
    event_triggered: EventTrigger | None


@strawberry.input(description="What makes members due: exactly one field.", one_of=True)
class CampaignTriggerInput:
    birthday: BirthdayTriggerInput | None = strawberry.UNSET
    occasion: OccasionTriggerInput | None = strawberry.UNSET
    after_event: AfterEventTriggerInput | None = strawberry.UNSET
    before_date: BeforeDateTriggerInput | None = strawberry.UNSET
    inactivity: InactivityTriggerInput | None = strawberry.UNSET
    recurring: RecurringTriggerInput | None = strawberry.UNSET
    one_off: OneOffTriggerInput | None = strawberry.UNSET
    event_triggered: EventTriggerInput | None = strawberry.UNSET
