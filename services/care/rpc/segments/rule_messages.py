"""Trees of rules as messages, and messages as trees."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, assert_never

from google.protobuf.message import Message

from membercare.care.v1 import segment_pb2 as pb
from services.care.domain.segments.profile_words import as_stored
from services.care.domain.segments.rules import (
    ActRule,
    AllOf,
    AnswerRule,
    AnyOf,
    AttributeKnown,
    AttributeRule,
    BirthdayRule,
    ConsentRule,
    ContractRule,
    ContractState,
    DateAttribute,
    Flag,
    FlagRule,
    Group,
    MomentField,
    MomentRule,
    NoneOf,
    NumberAttribute,
    NumberField,
    NumberRule,
    ProfileField,
    ProfileRule,
    Rule,
    SegmentRule,
    TagRule,
    TextAttribute,
    TierRule,
    ValueRule,
    ValueTier,
    YesNoAttribute,
)
from services.care.rpc.enums import CHANNELS, PURPOSES, needed
from services.care.rpc.segments.window_messages import optional, to_window, window_to_pb
from services.chassis.errors import InvalidField
from services.chassis.proto_enums import EnumTable

PROFILES = EnumTable(ProfileField, pb.ProfileField)
NUMBERS = EnumTable(NumberField, pb.NumberField)
MOMENTS = EnumTable(MomentField, pb.MomentField)
FLAGS = EnumTable(Flag, pb.MemberFlag)
CONTRACT_STATES = EnumTable(ContractState, pb.HeldContractState)
VALUE_TIERS = EnumTable(ValueTier, pb.HeldValueTier)
_GROUPS: Mapping[str, Callable[[tuple[Rule, ...]], Group]] = {"all": AllOf, "any": AnyOf, "none": NoneOf}


def to_rule(told: pb.SegmentRule, path: str) -> Rule:  # noqa: C901, PLR0911, PLR0912  # a case a kind
    """Return the tree, not yet checked; refuses with INVALID_FIELD a rule of no kind and enums that say nothing."""
    match kind := told.WhichOneof("rule"):
        case None:
            raise InvalidField(path, f"{path} is missing: it needs exactly one kind of rule.")
        case "all" | "any" | "none":
            return _to_group(kind, getattr(told, kind), path=f"{path}.{kind}")
        case "profile":
            profile = needed(PROFILES, told.profile.field, field=f"{path}.profile.field")
            return ProfileRule(profile, tuple(as_stored(profile, word) for word in told.profile.any_of))
        case "flag":
            return FlagRule(needed(FLAGS, told.flag.flag, field=f"{path}.flag"))
        case "consent":
            return _to_consent(told.consent, f"{path}.consent")
        case "tag":
            return TagRule(tuple(told.tag.any_of))
        case "tier":
            return TierRule(tuple(told.tier.any_of))
        case "number":
            return NumberRule(needed(NUMBERS, told.number.field, field=f"{path}.number.field"), *_bounds(told.number))
        case "moment":
            moment = needed(MOMENTS, told.moment.field, field=f"{path}.moment.field")
            return MomentRule(moment, to_window(told.moment.window, f"{path}.moment.window"))
        case "birthday":
            return BirthdayRule(to_window(told.birthday, f"{path}.birthday"))
        case "attribute":
            return _to_attribute(told.attribute, f"{path}.attribute")
        case "act":
            return _to_act(told.act)
        case "answer":
            return AnswerRule(told.answer.survey, *_bounds(told.answer), optional(told.answer, "days"))
        case "contract":
            return _to_contract(told.contract, f"{path}.contract")
        case "value":
            return _to_value(told.value, f"{path}.value")
        case "segment_id":
            return SegmentRule(told.segment_id)
        case _:
            assert_never(kind)


def _to_group(kind: str, told: pb.RuleGroup, *, path: str) -> Group:
    below = tuple(to_rule(each, f"{path}[{place}]") for place, each in enumerate(told.rules))
    return _GROUPS[kind](below)


def _bounds(told: Message) -> tuple[Any, Any]:
    return optional(told, "at_least"), optional(told, "at_most")


def _to_consent(told: pb.ConsentRule, path: str) -> ConsentRule:
    channel = needed(CHANNELS, told.channel, field=f"{path}.channel")
    return ConsentRule(channel, needed(PURPOSES, told.purpose, field=f"{path}.purpose"))


def _to_attribute(told: pb.AttributeRule, path: str) -> AttributeRule:
    match kind := told.WhichOneof("test"):
        case None:
            return AttributeKnown(told.name)
        case "text":
            return TextAttribute(told.name, tuple(told.text.any_of))
        case "number":
            return NumberAttribute(told.name, *_bounds(told.number))
        case "yes":
            return YesNoAttribute(told.name, told.yes)
        case "window":
            return DateAttribute(told.name, to_window(told.window, f"{path}.window"))
        case _:
            assert_never(kind)


def _to_act(told: pb.ActRule) -> ActRule:
    at_least, at_most = _bounds(told)
    if at_least is None and at_most is None:
        at_least = 1
    return ActRule(told.name, at_least, at_most, optional(told, "days"))


def _to_contract(told: pb.ContractRule, path: str) -> ContractRule:
    states = (needed(CONTRACT_STATES, each, field=f"{path}.states") for each in told.states)
    ends = to_window(told.ends, f"{path}.ends") if told.HasField("ends") else None
    return ContractRule(tuple(dict.fromkeys(states)), ends)


def _to_value(told: pb.ValueRule, path: str) -> ValueRule:
    tiers = (needed(VALUE_TIERS, each, field=f"{path}.tiers") for each in told.tiers)
    return ValueRule(tuple(dict.fromkeys(tiers)), told.currency_code, *_bounds(told))


def rule_to_pb(rule: Rule) -> pb.SegmentRule:  # noqa: C901, PLR0911, PLR0912  # a case a kind
    match rule:
        case AllOf(rules):
            return pb.SegmentRule(all=_group(rules))
        case AnyOf(rules):
            return pb.SegmentRule(any=_group(rules))
        case NoneOf(rules):
            return pb.SegmentRule(none=_group(rules))
        case SegmentRule(segment_id):
            return pb.SegmentRule(segment_id=segment_id)
        case ProfileRule(profile, any_of):
            return pb.SegmentRule(profile=pb.ProfileRule(field=PROFILES.number(profile), any_of=any_of))
        case FlagRule(flag):
            return pb.SegmentRule(flag=pb.FlagRule(flag=FLAGS.number(flag)))
        case ConsentRule(channel, purpose):
            consent = pb.ConsentRule(channel=CHANNELS.number(channel), purpose=PURPOSES.number(purpose))
            return pb.SegmentRule(consent=consent)
        case TagRule(any_of):
            return pb.SegmentRule(tag=pb.WordList(any_of=any_of))
        case TierRule(any_of):
            return pb.SegmentRule(tier=pb.WordList(any_of=any_of))
        case NumberRule(number, at_least, at_most):
            bounds = pb.NumberRule(field=NUMBERS.number(number), at_least=at_least, at_most=at_most)
            return pb.SegmentRule(number=bounds)
        case MomentRule(moment, window):
            told = pb.MomentRule(field=MOMENTS.number(moment), window=window_to_pb(window))
            return pb.SegmentRule(moment=told)
        case BirthdayRule(window):
            return pb.SegmentRule(birthday=window_to_pb(window))
        case ActRule(name, at_least, at_most, days):
            return pb.SegmentRule(act=pb.ActRule(name=name, at_least=at_least, at_most=at_most, days=days))
        case AnswerRule(survey, at_least, at_most, days):
            return pb.SegmentRule(answer=pb.AnswerRule(survey=survey, at_least=at_least, at_most=at_most, days=days))
        case ContractRule(states, ends):
            numbers = [CONTRACT_STATES.number(state) for state in states]
            return pb.SegmentRule(contract=pb.ContractRule(states=numbers, ends=window_to_pb(ends) if ends else None))
        case ValueRule():
            return pb.SegmentRule(value=_value_to_pb(rule))
        case _:
            return pb.SegmentRule(attribute=_attribute_to_pb(rule))


def _value_to_pb(rule: ValueRule) -> pb.ValueRule:
    tiers = [VALUE_TIERS.number(tier) for tier in rule.tiers]
    return pb.ValueRule(tiers=tiers, currency_code=rule.currency, at_least=rule.at_least, at_most=rule.at_most)


def _attribute_to_pb(rule: AttributeRule) -> pb.AttributeRule:
    match rule:
        case AttributeKnown(name):
            return pb.AttributeRule(name=name)
        case TextAttribute(name, any_of):
            return pb.AttributeRule(name=name, text=pb.WordList(any_of=any_of))
        case NumberAttribute(name, at_least, at_most):
            return pb.AttributeRule(name=name, number=pb.NumberRange(at_least=at_least, at_most=at_most))
        case YesNoAttribute(name, value):
            return pb.AttributeRule(name=name, yes=value)
        case DateAttribute(name, window):
            return pb.AttributeRule(name=name, window=window_to_pb(window))


def _group(rules: Sequence[Rule]) -> pb.RuleGroup:
    return pb.RuleGroup(rules=[rule_to_pb(each) for each in rules])
