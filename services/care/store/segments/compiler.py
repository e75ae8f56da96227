"""Compiles a tree of rules to one query over `members`. It must agree with the domain's `holds` on every member."""

from typing import Any, assert_never

from services.care.domain.calendars.birthday_rules import BirthdayRules, keys_due
from services.care.domain.segments.evaluate import Asked
from services.care.domain.segments.rules import (
    ActRule,
    AllOf,
    AnswerRule,
    AnyOf,
    AttributeKnown,
    BirthdayRule,
    ConsentRule,
    ContractRule,
    ContractState,
    DateAttribute,
    Flag,
    FlagRule,
    Leaf,
    MomentRule,
    NoneOf,
    NumberAttribute,
    NumberRule,
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
from services.care.domain.segments.windows import DateWindow, Today, days_between

Query = dict[str, Any]

_DAY = r"\A\d{4}-\d{2}-\d{2}\z"
_LIVING: Query = {"$nor": [{"merged_into_id": {"$gt": ""}}, {"erased_time": {"$type": "date"}}]}
"""Who was merged into another, or erased, is in no segment: also not in one of those who lack something."""

_ALWAYS: Query = {"_id": {"$exists": True}}
"""Keeps the database from answering "not this" by an index: it would read nearly everybody in the order of that index,
which takes longer than to look at everybody as they lie."""


def audience_query(rule: Rule, asked: Asked) -> Query:
    """Return the query that finds the members of a segment."""
    return {"$and": [compiled(rule, asked), _LIVING]}


def compiled(rule: Rule, asked: Asked) -> Query:
    """Return the query that finds those for whom a rule holds."""
    match rule:
        case AllOf(rules):
            return {"$and": [compiled(each, asked) for each in rules]} if rules else {}
        case AnyOf(rules):
            return {"$or": [compiled(each, asked) for each in rules]}
        case NoneOf(rules):
            return {"$nor": [{"$and": [compiled(each, asked), _ALWAYS]} for each in rules]}
        case SegmentRule(segment_id):
            return compiled(asked.segments[segment_id], asked)
        case _:
            return _leaf(rule, asked.today)


def _leaf(rule: Leaf, today: Today) -> Query:  # noqa: C901, PLR0911, PLR0912  # a case a leaf
    match rule:
        case ProfileRule(field, any_of):
            return {field.value: {"$in": list(any_of)} if any_of else {"$gt": ""}}
        case FlagRule(flag):
            return _flag(flag, today)
        case ConsentRule(channel, purpose):
            return {f"consents.{channel}.{purpose}": True}
        case TagRule(any_of):
            return {"tags": {"$in": list(any_of)}}
        case TierRule(any_of):
            return {"tier": {"$in": list(any_of)}}
        case NumberRule(field, at_least, at_most):
            return {field.path: _between(at_least, at_most)}
        case MomentRule(field, window):
            first, end = today.moments(window)
            return {field.value: _bounds(("$gte", first), ("$lt", end))}
        case BirthdayRule(window):
            return {"birthday_key": {"$in": _keys(window, today)}}
        case TextAttribute(name, any_of):
            return {f"attributes.{name}": {"$in": list(any_of)}}
        case NumberAttribute(name, at_least, at_most):
            return {f"attributes.{name}": _between(at_least, at_most)}
        case YesNoAttribute(name, value):
            return {f"attributes.{name}": value}
        case DateAttribute(name, window):
            return {f"attributes.{name}": _days(window, today) | {"$regex": _DAY}}
        case AttributeKnown(name):
            return {f"attributes.{name}": {"$nin": [None, ""]}}
        case ActRule():
            return _act(rule, today)
        case AnswerRule():
            return {"answers": {"$elemMatch": _answer(rule, today)}}
        case ContractRule():
            return {"contracts": {"$elemMatch": _contract(rule, today)}}
        case ValueRule():
            return _value(rule)
        case _:
            assert_never(rule)


def _flag(flag: Flag, today: Today) -> Query:
    match flag:
        case Flag.DO_NOT_CONTACT:
            return {"do_not_contact": True}
        case Flag.COMPLAINT_OPEN:
            return {"complaints": {"$gt": ""}}
        case Flag.NO_CHEER:
            return {"cheerless_until": {"$gte": today.day.isoformat()}}
        case Flag.BIRTHDAY_KNOWN:
            return {"birthday_key": {"$gte": 1}}


def _act(rule: ActRule, today: Today) -> Query:
    """The moments are stored newest first, so the n-th tells whether there were n since a moment."""
    path = f"acts.{rule.name}"
    recent: Query = {"$type": "date"} if rule.days is None else {"$gte": today.since(rule.days)}
    tests: list[Query] = []
    if rule.at_least:
        tests.append({path: recent})  # for the index; the place alone finds none
        tests.append({f"{path}.{rule.at_least - 1}": recent})
    if rule.at_most is not None:
        tests.append({"$nor": [{"$and": [{f"{path}.{rule.at_most}": recent}, _ALWAYS]}]})
    return {"$and": tests} if tests else {}


def _answer(rule: AnswerRule, today: Today) -> Query:
    wanted: Query = {"survey": rule.survey, "score": _between(rule.at_least, rule.at_most)}
    return wanted if rule.days is None else wanted | {"at": {"$gte": today.since(rule.days)}}


def _contract(rule: ContractRule, today: Today) -> Query:
    wanted: Query = {"state": {"$in": [state.value for state in rule.states or ContractState]}}
    return wanted if rule.ends is None else wanted | {"end_date": _days(rule.ends, today)}


def _value(rule: ValueRule) -> Query:
    wanted: Query = {"customer_value.tier": {"$in": [tier.value for tier in rule.tiers or ValueTier]}}
    if not rule.currency:
        return wanted
    amount = {"customer_value.minor_units": _between(rule.at_least, rule.at_most)}
    return wanted | amount | {"customer_value.currency_code": rule.currency}


def _keys(window: DateWindow, today: Today) -> list[int]:
    first, last = window.days(today.day)
    if first is None or last is None:
        return []
    return sorted({due.key for day in days_between(first, last) for due in keys_due(day, BirthdayRules())})


def _days(window: DateWindow, today: Today) -> Query:
    first, last = window.days(today.day)
    return _bounds(("$gte", first and first.isoformat()), ("$lte", last and last.isoformat()))


def _between(least: float | None, most: float | None) -> Query:
    return _bounds(("$gte", least), ("$lte", most)) or {"$gte": float("-inf")}


def _bounds(*bounds: tuple[str, Any]) -> Query:
    return {sign: value for sign, value in bounds if value is not None}
