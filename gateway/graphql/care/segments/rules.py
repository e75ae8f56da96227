"""Rules of segments as types of the schema."""

from collections.abc import Callable
from typing import Any

import strawberry

from gateway.graphql.care.core.enums import Channel, Purpose
from gateway.graphql.care.segments.enums import (
    HeldContractState,
    HeldValueTier,
    MemberFlag,
    MomentField,
    NumberField,
    ProfileField,
)
from gateway.graphql.scalars import BigInt, Date
from gateway.graphql.sources import computed, message
from membercare.care.v1 import segment_pb2 as pb


def _of(kind: str, name: str) -> Callable[[Any], Any]:
    return lambda rule: getattr(getattr(rule, kind), name) if rule.HasField(kind) else None


@message(pb.DateRange, description="From one day to another, both included; null is open.")
class DateRange:
    from_date: Date | None
    to_date: Date | None


@message(pb.DateWindow, description="Days: exactly one of these is set.")
class DateWindow:
    last_days: int | None = strawberry.field(description="Today and so many days before; 0 is today alone.")
    next_days: int | None = strawberry.field(description="Today and so many days after; 0 is today alone.")
    before_last_days: int | None = strawberry.field(description="Earlier than the last so many days.")
    range: DateRange | None = strawberry.field(description="Between two days.")


@message(pb.NumberRange, description="Numbers between two bounds, both included; null is open.")
class NumberRange:
    at_least: float | None
    at_most: float | None


@message(pb.ProfileRule, description="A word of the record.")
class ProfileRule:
    field: ProfileField
    any_of: list[str] = strawberry.field(description="One of which it is. Empty: whatever it is, it is known.")


@message(pb.ConsentRule, description="The member agreed to messages of this purpose by this channel.")
class ConsentRule:
    channel: Channel
    purpose: Purpose


@message(pb.NumberRule, description="A number of the record lies between the bounds, both included; null is open.")
class NumberRule:
    field: NumberField
    at_least: int | None
    at_most: int | None


@message(pb.MomentRule, description="A moment of the record lies in a window of days.")
class MomentRule:
    field: MomentField
    window: DateWindow


@message(pb.AttributeRule, description="The company's own attribute; with no test set it has a value of whatever type.")
class AttributeRule:
    name: str
    text: list[str] | None = computed(_of("text", "any_of"), description="It is one of these texts.")
    number: NumberRange | None = strawberry.field(description="It is a number between bounds.")
    yes: bool | None = strawberry.field(description="It is yes, or no.")
    window: DateWindow | None = strawberry.field(description="It is a day in this window.")


@message(pb.ActRule, description="How often the member did something; the last 50 times of each act are remembered.")
class ActRule:
    name: str = strawberry.field(description="For example `visit_completed`.")
    at_least: int | None
    at_most: int | None = strawberry.field(description="0 means: did not.")
    days: int | None = strawberry.field(description="In the last so many times 24 hours; null: ever.")


@message(pb.AnswerRule, description="A score the member gave.")
class AnswerRule:
    survey: str = strawberry.field(description="The survey, or `visit` for the satisfaction told on a return visit.")
    at_least: int | None
    at_most: int | None
    days: int | None = strawberry.field(description="In the last so many times 24 hours; null: ever.")


@message(pb.ContractRule, description="The member's customer has a contract like this.")
class ContractRule:
    states: list[HeldContractState] = strawberry.field(description="One of which it is in. Empty: any.")
    ends: DateWindow | None = strawberry.field(description="When its last day is; null: whenever.")


@message(pb.ValueRule, description="What the member's customer is worth, as contracts computed it last.")
class ValueRule:
    tiers: list[HeldValueTier] = strawberry.field(description="One of which it has. Empty: any.")
    currency_code: str | None = strawberry.field(description="Null: no amount is asked for.")
    at_least: BigInt | None = strawberry.field(description="In the smallest unit of the currency.")
    at_most: BigInt | None


@message(pb.SegmentRule, description="A rule: exactly one of these is set.")
class SegmentRule:
    all: list["SegmentRule"] | None = computed(
        _of("all", "rules"), description="All of these hold; without any: every member."
    )
    any: list["SegmentRule"] | None = computed(_of("any", "rules"), description="At least one of these holds.")
    none: list["SegmentRule"] | None = computed(_of("none", "rules"), description="None of these holds.")
    profile: ProfileRule | None
    flag: MemberFlag | None = computed(_of("flag", "flag"), description="Holds for the member.")
    consent: ConsentRule | None
    tag: list[str] | None = computed(_of("tag", "any_of"), description="Has one of these tags.")
    tier: list[str] | None = computed(_of("tier", "any_of"), description="Has one of these tiers, by code.")
    number: NumberRule | None
    moment: MomentRule | None
    birthday: DateWindow | None = strawberry.field(
        description="The birthday, solar or lunar, is celebrated in this window."
    )
    attribute: AttributeRule | None
    act: ActRule | None
    answer: AnswerRule | None
    contract: ContractRule | None
    value: ValueRule | None
    segment_id: strawberry.ID | None = strawberry.field(
        description="Is in this segment, as that one stands when asked."
    )
