"""Triggers as messages, and back."""

from dataclasses import replace
from datetime import date

from membercare.care.v1 import campaign_plan_pb2 as pb
from membercare.care.v1 import span_pb2
from services.care.domain.campaigns.triggers import (
    AfterEventTrigger,
    BeforeDateTrigger,
    BirthdayTrigger,
    CampaignKind,
    DateKind,
    EventTrigger,
    InactivityTrigger,
    OccasionTrigger,
    OneOffTrigger,
    RecurringTrigger,
    Trigger,
)
from services.care.domain.span import Span, TimeUnit
from services.care.rpc.enums import needed
from services.chassis import checks
from services.chassis.errors import InvalidField
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_datetime, to_timestamp

KINDS = EnumTable(CampaignKind, pb.CampaignKind)
DATES = EnumTable(DateKind, pb.DateKind)
UNITS = EnumTable(TimeUnit, span_pb2.TimeUnit)


def span_to_pb(span: Span) -> span_pb2.Span:
    return span_pb2.Span(amount=span.amount, unit=UNITS.number(span.unit))


def to_span(span: span_pb2.Span, field: str) -> Span:
    return Span(span.amount, needed(UNITS, span.unit, field=f"{field}.unit"))


def trigger_to_pb(trigger: Trigger) -> pb.CampaignTrigger:  # noqa: PLR0911  # one line for each kind
    match trigger:
        case BirthdayTrigger():
            return pb.CampaignTrigger(birthday=pb.BirthdayTrigger(days_before=trigger.days_before))
        case OccasionTrigger():
            occasion = pb.OccasionTrigger(occasion_id=trigger.occasion_id, days_before=trigger.days_before)
            return pb.CampaignTrigger(occasion=occasion)
        case AfterEventTrigger():
            after = pb.AfterEventTrigger(act=trigger.act, after=span_to_pb(trigger.after))
            return pb.CampaignTrigger(after_event=after)
        case BeforeDateTrigger():
            before = pb.BeforeDateTrigger(
                date=DATES.number(trigger.date), before=span_to_pb(trigger.before), attribute=trigger.attribute
            )
            return pb.CampaignTrigger(before_date=before)
        case InactivityTrigger():
            return pb.CampaignTrigger(inactivity=pb.InactivityTrigger(days=trigger.days, act=trigger.act))
        case RecurringTrigger():
            return pb.CampaignTrigger(recurring=_recurring_to_pb(trigger))
        case OneOffTrigger():
            once = pb.OneOffTrigger(date=trigger.day.isoformat(), send_time=to_timestamp(trigger.send_time))
            return pb.CampaignTrigger(one_off=once)
        case EventTrigger():
            return pb.CampaignTrigger(event_triggered=_event_to_pb(trigger))


def _recurring_to_pb(trigger: RecurringTrigger) -> pb.RecurringTrigger:
    return pb.RecurringTrigger(
        first_date=trigger.first_date.isoformat(),
        every=span_to_pb(trigger.every),
        last_date=trigger.last_date.isoformat() if trigger.last_date else "",
    )


def _event_to_pb(trigger: EventTrigger) -> pb.EventTrigger:
    return pb.EventTrigger(
        act=trigger.act,
        delay=span_to_pb(trigger.delay) if trigger.delay else None,
        again_after_days=trigger.again_after_days,
    )


def to_trigger(told: pb.CampaignTrigger, field: str) -> Trigger:  # noqa: PLR0911  # one line for each kind
    """Return what makes members due; unset means the birthday."""
    match told.WhichOneof("trigger"):
        case "occasion":
            return OccasionTrigger(told.occasion.occasion_id, told.occasion.days_before)
        case "after_event":
            after = to_span(told.after_event.after, f"{field}.after_event.after")
            return AfterEventTrigger(told.after_event.act, after)
        case "before_date":
            return _to_before_date(told.before_date, f"{field}.before_date")
        case "inactivity":
            return InactivityTrigger(told.inactivity.days, told.inactivity.act)
        case "recurring":
            return _to_recurring(told.recurring, f"{field}.recurring")
        case "one_off":
            return _to_one_off(told.one_off, f"{field}.one_off")
        case "event_triggered":
            delay = (
                to_span(told.event_triggered.delay, f"{field}.event_triggered.delay")
                if told.event_triggered.HasField("delay")
                else None
            )
            return EventTrigger(told.event_triggered.act, delay, told.event_triggered.again_after_days)
        case _:
            return BirthdayTrigger(told.birthday.days_before)


def _to_before_date(told: pb.BeforeDateTrigger, field: str) -> BeforeDateTrigger:
    date_kind = DATES.member(told.date, f"{field}.date")
    if date_kind is None:
        raise InvalidField(f"{field}.date", f"{field}.date is missing: which date comes nearer.")
    return BeforeDateTrigger(date_kind, to_span(told.before, f"{field}.before"), told.attribute)


def _to_one_off(told: pb.OneOffTrigger, field: str) -> OneOffTrigger:
    if not told.HasField("send_time"):
        return OneOffTrigger(checks.civil_date(told.date, f"{field}.date"))
    try:
        once = OneOffTrigger.at(to_datetime(told.send_time))
    except (ValueError, OverflowError, OSError) as error:
        raise InvalidField(f"{field}.send_time", f"{field}.send_time is no moment of the calendar.") from error
    return replace(once, day=checks.civil_date(told.date, f"{field}.date")) if told.date else once


def _to_recurring(told: pb.RecurringTrigger, field: str) -> RecurringTrigger:
    last: date | None = checks.civil_date(told.last_date, f"{field}.last_date") if told.last_date else None
    return RecurringTrigger(
        checks.civil_date(told.first_date, f"{field}.first_date"), to_span(told.every, f"{field}.every"), last
    )
