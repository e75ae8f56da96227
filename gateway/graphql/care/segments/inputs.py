"""Rules of segments as people write them: inputs of which exactly one field is given, packed into messages."""

from collections.abc import Mapping
from typing import Any

import strawberry
from google.protobuf.message import Message
from strawberry import UNSET

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
from gateway.graphql.sources import packed
from membercare.care.v1 import segment_pb2 as pb
from services.chassis.errors import InvalidField

MOST_DEPTH = 20
"""The service allows fewer levels and says so better; a message that is much deeper could not be read at all."""


@strawberry.input(description="From one day to another, both included; at least one is needed.")
class DateRangeInput:
    from_date: Date | None = None
    to_date: Date | None = None


@strawberry.input(one_of=True, description="Days, in the company's time zone.")
class DateWindowInput:
    last_days: int | None = strawberry.field(default=UNSET, description="Today and so many days before.")
    next_days: int | None = strawberry.field(default=UNSET, description="Today and so many days after.")
    before_last_days: int | None = strawberry.field(default=UNSET, description="Earlier than the last so many days.")
    range: DateRangeInput | None = UNSET


@strawberry.input(description="Numbers between two bounds, both included; at least one is needed.")
class NumberRangeInput:
    at_least: float | None = None
    at_most: float | None = None


@strawberry.input(description="A word of the record. Of addresses only whether they are known can be asked.")
class ProfileRuleInput:
    field: ProfileField
    any_of: list[str] | None = strawberry.field(
        default=None,
        description="Of `GENDER`, `LANGUAGE` and `PREFERRED_CHANNEL` the words of their enums, such as `FEMALE`. "
        "Absent: whatever it is, it is known.",
    )


@strawberry.input(description="The member agreed to messages of this purpose by this channel.")
class ConsentRuleInput:
    channel: Channel
    purpose: Purpose


@strawberry.input(description="A number of the record lies between the bounds, both included; at least one is needed.")
class NumberRuleInput:
    field: NumberField
    at_least: int | None = None
    at_most: int | None = None


@strawberry.input(description="A moment of the record lies in a window of days.")
class MomentRuleInput:
    field: MomentField
    window: DateWindowInput


@strawberry.input(one_of=True, description="What is asked of an attribute.")
class AttributeTestInput:
    text: list[str] | None = strawberry.field(default=UNSET, description="It is one of these texts.")
    number: NumberRangeInput | None = UNSET
    yes: bool | None = strawberry.field(default=UNSET, description="It is yes, or no.")
    window: DateWindowInput | None = strawberry.field(default=UNSET, description="It is a day in this window.")


@strawberry.input(description="The company's own attribute.")
class AttributeRuleInput:
    name: str
    test: AttributeTestInput | None = strawberry.field(default=None, description="Absent: it has a value.")


@strawberry.input(description="How often the member did something.")
class ActRuleInput:
    name: str = strawberry.field(description="For example `visit_completed`.")
    at_least: int | None = strawberry.field(default=None, description="Absent together with `atMost`: once.")
    at_most: int | None = strawberry.field(default=None, description="0 means: did not.")
    days: int | None = strawberry.field(default=None, description="In the last so many times 24 hours; absent: ever.")


@strawberry.input(description="A score the member gave.")
class AnswerRuleInput:
    survey: str = strawberry.field(description="The survey, or `visit` for the satisfaction told on a return visit.")
    at_least: int | None = None
    at_most: int | None = None
    days: int | None = strawberry.field(default=None, description="In the last so many times 24 hours; absent: ever.")


@strawberry.input(description="The member's customer has a contract like this.")
class ContractRuleInput:
    states: list[HeldContractState] | None = strawberry.field(default=None, description="Absent: in any state.")
    ends: DateWindowInput | None = strawberry.field(default=None, description="When its last day is.")


@strawberry.input(description="What the member's customer is worth, as contracts computed it last.")
class ValueRuleInput:
    tiers: list[HeldValueTier] | None = strawberry.field(default=None, description="Absent: any, but it is known.")
    currency_code: str | None = strawberry.field(default=None, description="Required with an amount, for example CNY.")
    at_least: BigInt | None = strawberry.field(
        default=None, description="Margin of the last twelve months less the cost to serve, in the smallest unit."
    )
    at_most: BigInt | None = None


@strawberry.input(
    one_of=True,
    description="A rule: at most 10 levels and 200 groups and tests. What is unknown of a member meets `none` only.",
)
class SegmentRuleInput:
    all: list["SegmentRuleInput"] | None = strawberry.field(default=UNSET, description="Empty: every member.")
    any: list["SegmentRuleInput"] | None = UNSET
    none: list["SegmentRuleInput"] | None = UNSET
    profile: ProfileRuleInput | None = UNSET
    flag: MemberFlag | None = UNSET
    consent: ConsentRuleInput | None = UNSET
    tag: list[str] | None = strawberry.field(default=UNSET, description="Has one of these tags.")
    tier: list[str] | None = strawberry.field(default=UNSET, description="Has one of these tiers, by code.")
    number: NumberRuleInput | None = UNSET
    moment: MomentRuleInput | None = UNSET
    birthday: DateWindowInput | None = strawberry.field(default=UNSET, description="A window of at most a year.")
    attribute: AttributeRuleInput | None = UNSET
    act: ActRuleInput | None = UNSET
    answer: AnswerRuleInput | None = UNSET
    contract: ContractRuleInput | None = UNSET
    value: ValueRuleInput | None = UNSET
    segment_id: strawberry.ID | None = strawberry.field(default=UNSET, description="Is in this segment.")


@strawberry.input(description="A segment to write.")
class SegmentInput:
    name: str = strawberry.field(description="1 to 100 characters.")
    description: str | None = None
    rule: SegmentRuleInput


@strawberry.input(description="What to change of a segment: fields left out stay as they are.")
class SegmentPatch:
    name: str | None = UNSET
    description: str | None = UNSET
    rule: SegmentRuleInput | None = UNSET


_MESSAGES: Mapping[str, type[Message]] = {
    "profile": pb.ProfileRule,
    "consent": pb.ConsentRule,
    "number": pb.NumberRule,
    "moment": pb.MomentRule,
    "birthday": pb.DateWindow,
    "act": pb.ActRule,
    "answer": pb.AnswerRule,
    "contract": pb.ContractRule,
    "value": pb.ValueRule,
}
"""Kinds of rules whose inputs have the fields of their messages."""


def packed_rule(rule: SegmentRuleInput, depth: int = 1) -> pb.SegmentRule:
    """Return the tree as a message, or refuse with INVALID_FIELD one that is too deep to travel."""
    if depth > MOST_DEPTH:
        raise InvalidField("rule", "rule is too deep: at most 10 levels are allowed.")
    ((kind, value),) = ((name, each) for name, each in vars(rule).items() if each is not UNSET)
    return pb.SegmentRule(**{kind: _packed(kind, value, depth=depth)})


def _packed(kind: str, value: Any, *, depth: int) -> Any:
    match kind:
        case "all" | "any" | "none":
            return pb.RuleGroup(rules=[packed_rule(each, depth + 1) for each in value])
        case "tag" | "tier":
            return pb.WordList(any_of=value)
        case "flag":
            return pb.FlagRule(flag=value)
        case "attribute":
            return _packed_attribute(value)
        case "segment_id":
            return value
        case _:
            return packed(value, _MESSAGES[kind])


def _packed_attribute(told: AttributeRuleInput) -> pb.AttributeRule:
    if told.test is None:
        return pb.AttributeRule(name=told.name)
    if told.test.text is not UNSET:
        return pb.AttributeRule(name=told.name, text=pb.WordList(any_of=told.test.text))
    return packed(told.test, pb.AttributeRule, name=told.name)
