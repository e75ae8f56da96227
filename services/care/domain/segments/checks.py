"""Refuses trees that mean nothing, or would cost too much: the first mistake, with the place where it stands."""

import math
import re
from collections.abc import Iterator
from typing import assert_never

from services.care.domain.names import checked_act
from services.care.domain.segments.profile_words import LISTED, choices
from services.care.domain.segments.rules import (
    ADDRESSES,
    ActRule,
    AllOf,
    AnswerRule,
    AnyOf,
    AttributeKnown,
    AttributeRule,
    BirthdayRule,
    ConsentRule,
    ContractRule,
    DateAttribute,
    FlagRule,
    Leaf,
    MomentRule,
    NoneOf,
    NumberAttribute,
    NumberRule,
    ProfileField,
    ProfileRule,
    Rule,
    SegmentRule,
    TagRule,
    TextAttribute,
    TierRule,
    ValueRule,
    YesNoAttribute,
    children,
)
from services.care.domain.segments.windows import MOST_DAYS, DateWindow
from services.chassis.checks import line
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id

MOST_DEPTH = 10
"""Levels of a tree; a single test is one level."""
MOST_NODES = 200
"""Groups and tests of a tree."""
MOST_WORDS, MOST_WORD = 100, 200
MOST_ACTS = 50
"""So many moments of each act are remembered."""
MOST_YEAR_DAYS = 366
_FIRST_LUNAR_YEAR, _LAST_LUNAR_YEAR = 1901, 2099
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_ATTRIBUTE = re.compile(r"[^\W\d]\w{0,49}")
GROUP_NAMES = {AllOf: "all", AnyOf: "any", NoneOf: "none"}


def checked(rule: Rule, path: str = "rule") -> Rule:
    """Return the tree, or refuse with INVALID_FIELD or INVALID_ID; the field is the path of what is wrong."""
    for nodes, (node, place, depth) in enumerate(walk(rule, path, depth=1), start=1):
        if depth > MOST_DEPTH:
            raise InvalidField(path, f"{path} is too deep: at most {MOST_DEPTH} levels are allowed.")
        if nodes > MOST_NODES:
            raise InvalidField(path, f"{path} is too large: at most {MOST_NODES} groups and tests are allowed.")
        _check_node(node, place)
    return rule


def leaf_name(rule: Leaf) -> str:
    """Return the word for a test in paths."""
    if isinstance(rule, AttributeRule):
        return "attribute"
    return type(rule).__name__.removesuffix("Rule").lower()


def walk(rule: Rule, path: str, *, depth: int) -> Iterator[tuple[Rule, str, int]]:
    """Yield each group and test with its path and its level, a group before what it consists of."""
    yield rule, path, depth
    for number, child in enumerate(children(rule)):
        yield from walk(child, f"{path}.{GROUP_NAMES[type(rule)]}[{number}]", depth=depth + 1)


def _check_node(rule: Rule, path: str) -> None:
    match rule:
        case AllOf():
            return
        case AnyOf(rules) | NoneOf(rules):
            if not rules:
                raise InvalidField(path, f"{path}.{GROUP_NAMES[type(rule)]} is empty: it needs at least one rule.")
        case SegmentRule(segment_id):
            check_id(segment_id, "seg", field=f"{path}.segment_id")
        case _:
            _check_leaf(rule, path)


def _check_leaf(rule: Leaf, path: str) -> None:  # noqa: C901, PLR0912  # a case a leaf
    match rule:
        case ProfileRule(field, any_of):
            if field in ADDRESSES and any_of:
                raise InvalidField(
                    f"{path}.profile.any_of",
                    f"{path}.profile.any_of: whether {field.value} is known can be asked, not which it is.",
                )
            _check_words(any_of, f"{path}.profile.any_of", least=0)
            _check_listed(field, any_of, path=f"{path}.profile.any_of")
        case TagRule(any_of):
            _check_words(any_of, f"{path}.tag.any_of")
        case TierRule(any_of):
            _check_words(any_of, f"{path}.tier.any_of")
        case NumberRule(_, at_least, at_most):
            _check_bounds(at_least, at_most, path=f"{path}.number")
        case MomentRule(_, window):
            window.checked(f"{path}.moment.window")
        case BirthdayRule(window):
            _check_birthday(window, f"{path}.birthday")
        case TextAttribute() | NumberAttribute() | YesNoAttribute() | DateAttribute() | AttributeKnown():
            _check_attribute(rule, f"{path}.attribute")
        case ActRule():
            _check_act(rule, f"{path}.act")
        case AnswerRule():
            _check_answer(rule, f"{path}.answer")
        case ContractRule(_, ends):
            if ends:
                ends.checked(f"{path}.contract.ends")
        case ValueRule():
            _check_value(rule, f"{path}.value")
        case FlagRule() | ConsentRule():
            return
        case _:
            assert_never(rule)


def _check_attribute(rule: AttributeRule, path: str) -> None:
    if not _ATTRIBUTE.fullmatch(rule.name):
        raise InvalidField(f"{path}.name", f"{path}.name must be 1 to 50 letters, digits and _; no digit first.")
    match rule:
        case TextAttribute(_, any_of):
            _check_words(any_of, f"{path}.any_of")
        case NumberAttribute(_, at_least, at_most):
            _check_bounds(at_least, at_most, path=path)
        case DateAttribute(_, window):
            window.checked(f"{path}.window")
        case YesNoAttribute() | AttributeKnown():
            return


def _check_act(rule: ActRule, path: str) -> None:
    checked_act(rule.name, f"{path}.name")
    _check_days(rule.days, path)
    if rule.at_least is None and rule.at_most is None:
        raise InvalidField(path, f"{path} needs at_least or at_most.")
    if rule.at_least is not None and not 1 <= rule.at_least <= MOST_ACTS:
        raise InvalidField(f"{path}.at_least", f"{path}.at_least must be 1 to {MOST_ACTS}.")
    if rule.at_most is not None and not 0 <= rule.at_most < MOST_ACTS:
        raise InvalidField(f"{path}.at_most", f"{path}.at_most must be 0 to {MOST_ACTS - 1}.")
    if rule.at_most is not None and rule.at_most < (rule.at_least or 0):
        raise InvalidField(f"{path}.at_most", f"{path}.at_most is less than at_least.")


def _check_answer(rule: AnswerRule, path: str) -> None:
    line(rule.survey, f"{path}.survey", least=1, most=MOST_WORD)
    _check_days(rule.days, path)
    if rule.at_least is not None or rule.at_most is not None:
        _check_bounds(rule.at_least, rule.at_most, path=path)


def _check_value(rule: ValueRule, path: str) -> None:
    bounded = rule.at_least is not None or rule.at_most is not None
    if bounded != bool(rule.currency) or (bounded and not _CURRENCY.fullmatch(rule.currency)):
        field = f"{path}.currency_code"
        raise InvalidField(field, f"{field}: amounts have a currency such as CNY, and a currency has amounts.")
    if bounded:
        _check_bounds(rule.at_least, rule.at_most, path=path)


def _check_birthday(window: DateWindow, path: str) -> None:
    window.checked(path)
    if window.before_last_days is not None or (window.first is None) != (window.last is None):
        raise InvalidField(path, f"{path}: a birthday comes back every year, so the window needs both ends.")
    days = window.last_days or window.next_days or 0
    if window.first and window.last:
        days = (window.last - window.first).days
        if window.first.year < _FIRST_LUNAR_YEAR or window.last.year > _LAST_LUNAR_YEAR:
            raise InvalidField(path, f"{path}: the years {_FIRST_LUNAR_YEAR} to {_LAST_LUNAR_YEAR} can be asked for.")
    if days > MOST_YEAR_DAYS:
        raise InvalidField(path, f"{path} spans more than a year, so every birthday lies in it.")


def _check_words(words: tuple[str, ...], path: str, *, least: int = 1) -> None:
    if not least <= len(words) <= MOST_WORDS:
        raise InvalidField(path, f"{path} needs {least} to {MOST_WORDS} values.")
    for word in words:
        if line(word, path, least=1, most=MOST_WORD) != word:
            raise InvalidField(path, f"{path}: {word!r} begins or ends with white space.")


def _check_listed(field: ProfileField, words: tuple[str, ...], *, path: str) -> None:
    """Refuse what no record can say: a group that leaves nobody out because of a word is not noticed by anybody."""
    for word in words:
        if field in LISTED and word not in LISTED[field]:
            raise InvalidField(path, f"{path}: {word!r} is no {field.value}; one of {choices(field)} is needed.")


def _check_bounds(least: float | None, most: float | None, *, path: str) -> None:
    if least is None and most is None:
        raise InvalidField(path, f"{path} needs at_least or at_most.")
    if any(bound is not None and not math.isfinite(bound) for bound in (least, most)):
        raise InvalidField(path, f"{path}: at_least and at_most must be finite numbers.")
    if least is not None and most is not None and most < least:
        raise InvalidField(f"{path}.at_most", f"{path}.at_most is less than at_least.")


def _check_days(days: int | None, path: str) -> None:
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise InvalidField(f"{path}.days", f"{path}.days must be 1 to {MOST_DAYS}.")
