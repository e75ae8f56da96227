"""Why a member is in a segment, or not: the tree, line by line, with what is on record."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.care.domain.segments.checks import GROUP_NAMES, leaf_name
from services.care.domain.segments.evaluate import Asked, Facts, acts_since, at, holds, living
from services.care.domain.segments.rules import (
    ADDRESSES,
    ActRule,
    AnswerRule,
    BirthdayRule,
    ConsentRule,
    ContractRule,
    ContractState,
    Flag,
    FlagRule,
    Group,
    Leaf,
    MomentRule,
    NumberRule,
    ProfileRule,
    Rule,
    SegmentRule,
    TagRule,
    TierRule,
    ValueRule,
    ValueTier,
    children,
)
from services.care.domain.segments.segment import Segment
from services.care.domain.segments.wording import NOTHING, STATES, VALUE_TIERS, NameOf, Words, rule_words, word

_MOST_SHOWN = 5
_LIVING = Words("is a member of their own", "为独立有效的会员")
_GONE = Words("merged into another member, or erased", "已并入其他会员，或已删除")
_YES, _NO = Words("yes", "是"), Words("no", "否")


@dataclass(frozen=True, slots=True)
class Reason:
    """One line: what is asked, whether it holds, and what is on record (None for groups)."""

    path: str
    depth: int
    holds: bool
    rule: Words
    found: Words | None


def reasons(segment: Segment, named: Mapping[str, Segment], *, facts: Facts, asked: Asked) -> list[Reason]:
    """Return the lines in the order of the tree; a segment that is named is followed into its own tree.

    A member who was merged into another, or erased, gets a single line: such a member is in no segment.
    """
    if not living(facts):
        return [Reason("member", 1, holds=False, rule=_LIVING, found=_GONE)]
    return list(_walk(segment.rule, _Place("rule", 1), facts=facts, asked=asked, name_of=lambda key: named[key].name))


def tree_words(rule: Rule, name_of: NameOf) -> Words:
    """Return a tree as text, a line for each group and test, indented by level."""
    lines = list(_lines(rule, name_of, depth=0))
    return Words("\n".join(line.english for line in lines), "\n".join(line.chinese for line in lines))


def _lines(rule: Rule, name_of: NameOf, *, depth: int) -> Iterator[Words]:
    said, margin = rule_words(rule, name_of), "  " * depth
    yield Words(margin + said.english, margin + said.chinese)
    for child in children(rule):
        yield from _lines(child, name_of, depth=depth + 1)


@dataclass(frozen=True, slots=True)
class _Place:
    path: str
    depth: int

    def below(self, step: str) -> "_Place":
        return _Place(f"{self.path}{step}", self.depth + 1)


def _walk(rule: Rule, place: _Place, *, facts: Facts, asked: Asked, name_of: NameOf) -> Iterator[Reason]:
    verdict, said = holds(rule, facts, asked=asked), rule_words(rule, name_of)
    if isinstance(rule, Group):
        yield Reason(place.path, place.depth, verdict, said, None)
        for number, child in enumerate(children(rule)):
            below = place.below(f".{GROUP_NAMES[type(rule)]}[{number}]")
            yield from _walk(child, below, facts=facts, asked=asked, name_of=name_of)
    elif isinstance(rule, SegmentRule):
        yield Reason(f"{place.path}.segment_id", place.depth, verdict, said, None)
        below = place.below(f".{rule.segment_id}.rule")
        yield from _walk(asked.segments[rule.segment_id], below, facts=facts, asked=asked, name_of=name_of)
    else:
        found = _found(rule, facts, asked=asked)
        yield Reason(f"{place.path}.{leaf_name(rule)}", place.depth, verdict, said, found)


def _found(rule: Leaf, facts: Facts, *, asked: Asked) -> Words:  # noqa: C901, PLR0911, PLR0912  # a case a leaf
    match rule:
        case ProfileRule(field, _) if field in ADDRESSES:
            return _YES if facts.get(field.value) else NOTHING
        case ProfileRule(field, _):
            return _value(facts.get(field.value))
        case FlagRule(flag):
            return _flag(flag, facts)
        case ConsentRule(channel, purpose):
            return _value(at(facts, f"consents.{channel}.{purpose}"))
        case TagRule():
            return _value(facts.get("tags"))
        case TierRule():
            return _value(facts.get("tier"))
        case NumberRule(field, _, _):
            return _value(at(facts, field.path))
        case MomentRule(field, _):
            return _moment(facts.get(field.value), asked.today.zone)
        case BirthdayRule():
            return _birthday(facts.get("birthday"))
        case ActRule(name):
            return _acts(acts_since(facts, name, since=None), asked.today.zone)
        case AnswerRule(survey):
            return _answers(survey, facts.get("answers"))
        case ContractRule():
            return _contracts(facts.get("contracts"))
        case ValueRule():
            return _worth(facts.get("customer_value"))
        case _:
            return _value(at(facts, f"attributes.{rule.name}"))


def _value(value: Any) -> Words:
    match value:
        case None | "" | []:
            return NOTHING
        case bool():
            return _YES if value else _NO
        case str():
            return word(value)
        case list():
            shown = ", ".join(str(each) for each in value[:_MOST_SHOWN])
            return Words(shown, shown)
        case _:
            return Words(str(value), str(value))


def _flag(flag: Flag, facts: Facts) -> Words:
    match flag:
        case Flag.DO_NOT_CONTACT:
            return _value(facts.get("do_not_contact"))
        case Flag.COMPLAINT_OPEN:
            return _value(facts.get("complaints"))
        case Flag.NO_CHEER:
            return _value(facts.get("cheerless_until"))
        case Flag.BIRTHDAY_KNOWN:
            return _birthday(facts.get("birthday"))


def _moment(moment: Any, zone: str) -> Words:
    return _value(_day(moment, zone).isoformat() if isinstance(moment, datetime) else None)


def _day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


def _birthday(told: Any) -> Words:
    if not isinstance(told, Mapping) or not told:
        return NOTHING
    day = f"{told['month']:02d}-{told['day']:02d}"
    if told["calendar"] == "BIRTHDAY_CALENDAR_SOLAR":
        return Words(day, day)
    return Words(
        f"{day} (lunar{', leap month' if told.get('leap_month') else ''})",
        f"{day}（农历{'闰月' if told.get('leap_month') else ''}）",
    )


def _acts(moments: list[datetime], zone: str) -> Words:
    if not moments:
        return NOTHING
    count, last = len(moments), _day(moments[0], zone)
    return Words(f"{count} time{'s' if count > 1 else ''}, last on {last}", f"{count} 次，最近一次 {last}")


def _answers(survey: str, answers: Any) -> Words:
    mine = [answer for answer in answers or () if at(answer, "survey") == survey]
    shown = ", ".join(str(at(answer, "score")) for answer in mine[:_MOST_SHOWN])
    return Words(shown, shown) if mine else NOTHING


def _contracts(contracts: Any) -> Words:
    if not contracts:
        return NOTHING
    said = [_contract(each) for each in contracts[:_MOST_SHOWN]]
    return Words("; ".join(each.english for each in said), "；".join(each.chinese for each in said))


def _contract(contract: Mapping[str, Any]) -> Words:
    state = STATES[ContractState(contract["state"])]
    end = contract.get("end_date") or ""
    return Words(f"{state.english} until {end}", f"{state.chinese}，至 {end}") if end else state


def _worth(value: Any) -> Words:
    if not value:
        return NOTHING
    tier = VALUE_TIERS[ValueTier(value["tier"])]
    amount = f"{value['minor_units']} {value['currency_code']}"
    return Words(f"{tier.english} ({amount} in smallest units)", f"{tier.chinese}（{amount}，最小单位）")
