"""Says whether a rule holds for one member, by what is stored of the member: plain, slow, and the meaning of a rule.

What is absent, null or of another type than the rule asks for is no value: no rule but `NoneOf` holds for it. A number
that is not a number (NaN) lies between no bounds.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, assert_never

from services.care.domain.calendars.birthday import Birthday, BirthdayCalendar
from services.care.domain.calendars.birthday_rules import BirthdayRules, next_date
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
from services.care.domain.segments.windows import DateWindow, Today

Facts = Mapping[str, Any]
"""What is stored of a member, by the names of the stored fields."""

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
"""How a day is stored."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a tree is judged by: the moment, and the rules of all segments that it names, and of those they name."""

    today: Today
    segments: Mapping[str, Rule]


def holds(rule: Rule, facts: Facts, *, asked: Asked) -> bool:
    """Say whether a rule holds for a member."""
    match rule:
        case AllOf(rules):
            return all(holds(each, facts, asked=asked) for each in rules)
        case AnyOf(rules):
            return any(holds(each, facts, asked=asked) for each in rules)
        case NoneOf(rules):
            return not any(holds(each, facts, asked=asked) for each in rules)
        case SegmentRule(segment_id):
            return holds(asked.segments[segment_id], facts, asked=asked)
        case _:
            return leaf_holds(rule, facts, today=asked.today)


def leaf_holds(rule: Leaf, facts: Facts, *, today: Today) -> bool:  # noqa: C901, PLR0911, PLR0912  # a case a leaf
    """Say whether a single test holds for a member."""
    match rule:
        case ProfileRule(field, any_of):
            value = _text(facts, field.value)
            return value in any_of if any_of else bool(value)
        case FlagRule(flag):
            return _flag(flag, facts, today=today)
        case ConsentRule(channel, purpose):
            return at(facts, f"consents.{channel}.{purpose}") is True
        case TagRule(any_of):
            tags = facts.get("tags")
            return isinstance(tags, list) and any(tag in any_of for tag in tags)
        case TierRule(any_of):
            return _text(facts, "tier") in any_of
        case NumberRule(field, at_least, at_most):
            return _between(at(facts, field.path), least=at_least, most=at_most)
        case MomentRule(field, window):
            return _moment_in(facts.get(field.value), window, today=today)
        case BirthdayRule(window):
            return _celebrated(facts, window, today=today)
        case TextAttribute() | NumberAttribute() | YesNoAttribute() | DateAttribute() | AttributeKnown():
            return _attribute_holds(rule, at(facts, f"attributes.{rule.name}"), today=today)
        case ActRule():
            return _did(rule, facts, today=today)
        case AnswerRule():
            return any(_answered(rule, answer, today=today) for answer in _list(facts, "answers"))
        case ContractRule():
            return any(_contracted(rule, contract, today=today) for contract in _list(facts, "contracts"))
        case ValueRule():
            return _worth(rule, facts)
        case _:
            assert_never(rule)


def _attribute_holds(rule: AttributeRule, value: Any, *, today: Today) -> bool:
    match rule:
        case TextAttribute(_, any_of):
            return isinstance(value, str) and value in any_of
        case NumberAttribute(_, at_least, at_most):
            return _between(value, least=at_least, most=at_most)
        case YesNoAttribute(_, wanted):
            return value is wanted
        case DateAttribute(_, window):
            return isinstance(value, str) and bool(DAY.fullmatch(value)) and _day_in(value, window, today=today)
        case AttributeKnown():
            return value is not None and value != ""
        case _:
            assert_never(rule)


def living(facts: Facts) -> bool:
    """Say whether a member was neither merged into another nor erased; who was, is in no segment."""
    return not _text(facts, "merged_into_id") and not isinstance(facts.get("erased_time"), datetime)


def at(facts: Facts, path: str) -> Any:
    """Return what is stored under a dotted path; None: nothing is."""
    value: Any = facts
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def acts_since(facts: Facts, name: str, *, since: datetime | None) -> list[datetime]:
    """Return the moments at which the member did something, newest first."""
    moments = at(facts, f"acts.{name}")
    known = [moment for moment in moments if isinstance(moment, datetime)] if isinstance(moments, list) else []
    return [moment for moment in known if since is None or moment >= since]


def _flag(flag: Flag, facts: Facts, *, today: Today) -> bool:
    match flag:
        case Flag.DO_NOT_CONTACT:
            return facts.get("do_not_contact") is True
        case Flag.COMPLAINT_OPEN:
            return any(isinstance(case_id, str) and case_id for case_id in _list(facts, "complaints"))
        case Flag.NO_CHEER:
            return (_text(facts, "cheerless_until") or "") >= today.day.isoformat()
        case Flag.BIRTHDAY_KNOWN:
            return _between(facts.get("birthday_key"), least=1)


def _celebrated(facts: Facts, window: DateWindow, *, today: Today) -> bool:
    told = facts.get("birthday")
    first, last = window.days(today.day)
    if not isinstance(told, Mapping) or not _between(facts.get("birthday_key"), least=1) or not (first and last):
        return False
    calendar, leap = BirthdayCalendar(told["calendar"]), bool(told.get("leap_month"))
    birthday = Birthday(calendar, told["month"], told["day"], leap, told.get("year"))
    found = next_date(birthday, BirthdayRules(), after=first - timedelta(days=1))
    return found is not None and found <= last


def _did(rule: ActRule, facts: Facts, *, today: Today) -> bool:
    since = None if rule.days is None else today.since(rule.days)
    return _between(len(acts_since(facts, rule.name, since=since)), least=rule.at_least, most=rule.at_most)


def _answered(rule: AnswerRule, answer: Any, *, today: Today) -> bool:
    score = at(answer, "score")
    if at(answer, "survey") != rule.survey or not _between(score, least=rule.at_least, most=rule.at_most):
        return False
    moment = at(answer, "at")
    return rule.days is None or (isinstance(moment, datetime) and moment >= today.since(rule.days))


def _contracted(rule: ContractRule, contract: Any, *, today: Today) -> bool:
    if at(contract, "state") not in {state.value for state in rule.states or ContractState}:
        return False
    return rule.ends is None or _day_in(at(contract, "end_date"), rule.ends, today=today)


def _worth(rule: ValueRule, facts: Facts) -> bool:
    if _text(facts, "customer_value.tier") not in {tier.value for tier in rule.tiers or ValueTier}:
        return False
    if not rule.currency:
        return True
    amount = at(facts, "customer_value.minor_units")
    of_currency = _text(facts, "customer_value.currency_code") == rule.currency
    return of_currency and _between(amount, least=rule.at_least, most=rule.at_most)


def _day_in(day: Any, window: DateWindow, *, today: Today) -> bool:
    first, last = window.days(today.day)
    if not isinstance(day, str):
        return False
    return (first is None or day >= first.isoformat()) and (last is None or day <= last.isoformat())


def _moment_in(moment: Any, window: DateWindow, *, today: Today) -> bool:
    first, end = today.moments(window)
    if not isinstance(moment, datetime):
        return False
    return (first is None or moment >= first) and (end is None or moment < end)


def _between(value: Any, *, least: float | None = None, most: float | None = None) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:  # noqa: PLR0124  # NaN
        return False
    return (least is None or value >= least) and (most is None or value <= most)


def _text(facts: Facts, path: str) -> str | None:
    value = at(facts, path)
    return value if isinstance(value, str) else None


def _list(facts: Facts, name: str) -> list[Any]:
    value = facts.get(name)
    return value if isinstance(value, list) else []
