"""Segments: which trees are refused, with the place of the mistake, and how one is stored."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings

from membercare.care.v1 import segment_pb2
from services.care.domain.channels import Channel, Purpose
from services.care.domain.segments.checks import MOST_NODES, checked
from services.care.domain.segments.rules import (
    ActRule,
    AllOf,
    AnswerRule,
    AnyOf,
    BirthdayRule,
    ConsentRule,
    ContractRule,
    DateAttribute,
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
)
from services.care.domain.segments.segment import (
    FindSegments,
    Segment,
    SegmentArchived,
    SegmentCycle,
    SegmentTooLarge,
    resolved,
)
from services.care.domain.segments.windows import DateWindow
from services.care.rpc.segments.rule_messages import rule_to_pb, to_rule
from services.care.store.segments.segments import MongoSegments
from services.chassis.errors import DomainError, NotFound
from services.chassis.ids import derived_id
from tests.fakes.clock import FrozenClock
from tests.fakes.segment_trees import trees

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
VIP = TagRule(("vip",))


def _seg(name: str) -> str:
    return derived_id("seg", name)


def _segment(name: str, rule: Rule) -> Segment:
    return Segment.written(_seg(name), name=name, description="", rule=rule, author="olga", now=NOW)


def _nested(levels: int) -> Rule:
    return AllOf((_nested(levels - 1),)) if levels > 1 else VIP


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (AnyOf(()), "rule"),
        (AllOf((VIP, NoneOf(()))), "rule.all[1]"),
        (_nested(11), "rule"),
        (AnyOf((VIP,) * MOST_NODES), "rule"),
        (SegmentRule("mem_1"), "rule.segment_id"),
        (ProfileRule(ProfileField.EMAIL, ("a@example.com",)), "rule.profile.any_of"),
        (AnyOf((VIP, TagRule(()))), "rule.any[1].tag.any_of"),
        (TagRule(("",)), "rule.tag.any_of"),
        (TagRule((" vip",)), "rule.tag.any_of"),
        (TierRule(("gold",) * 101), "rule.tier.any_of"),
        (NumberRule(NumberField.POINTS), "rule.number"),
        (NumberRule(NumberField.POINTS, 2, 1), "rule.number.at_most"),
        (NumberAttribute("x", float("nan")), "rule.attribute"),
        (NumberAttribute("x", float("inf")), "rule.attribute"),
        (TextAttribute("a.b", ("x",)), "rule.attribute.name"),
        (TextAttribute("$where", ("x",)), "rule.attribute.name"),
        (DateAttribute("x", DateWindow()), "rule.attribute.window"),
        (MomentRule(MomentField.REGISTERED, DateWindow(last_days=1, next_days=1)), "rule.moment.window"),
        (MomentRule(MomentField.REGISTERED, DateWindow(last_days=-1)), "rule.moment.window"),
        (MomentRule(MomentField.REGISTERED, DateWindow(last_days=36_601)), "rule.moment.window"),
        (MomentRule(MomentField.REGISTERED, DateWindow(first=date(1, 1, 1))), "rule.moment.window"),
        (ContractRule((), DateWindow(first=date(2026, 2, 1), last=date(2026, 1, 1))), "rule.contract.ends"),
        (BirthdayRule(DateWindow(before_last_days=3)), "rule.birthday"),
        (BirthdayRule(DateWindow(next_days=367)), "rule.birthday"),
        (BirthdayRule(DateWindow(first=date(2026, 1, 1))), "rule.birthday"),
        (BirthdayRule(DateWindow(first=date(2150, 1, 1), last=date(2150, 1, 2))), "rule.birthday"),
        (ActRule("Visit", 1), "rule.act.name"),
        (ActRule("acts.0", 1), "rule.act.name"),
        (ActRule("visit_completed"), "rule.act"),
        (ActRule("visit_completed", 0), "rule.act.at_least"),
        (ActRule("visit_completed", 51), "rule.act.at_least"),
        (ActRule("visit_completed", 3, 2), "rule.act.at_most"),
        (ActRule("visit_completed", 1, days=0), "rule.act.days"),
        (AnswerRule("", 1), "rule.answer.survey"),
        (AnswerRule("visit", 3, 2), "rule.answer.at_most"),
        (ValueRule((), "", 1), "rule.value.currency_code"),
        (ValueRule((), "CNY"), "rule.value.currency_code"),
        (ValueRule((), "cny", 1), "rule.value.currency_code"),
        (ValueRule((), "CNY", 2, 1), "rule.value.at_most"),
    ],
)
def test_a_tree_that_means_nothing_or_costs_too_much_is_refused_at_its_place(rule: Rule, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        checked(rule)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "rule",
    [
        AllOf(()),
        _nested(10),
        AnyOf((VIP,) * (MOST_NODES - 1)),
        ConsentRule(Channel.SMS, Purpose.MARKETING),
        BirthdayRule(DateWindow(next_days=0)),
        ActRule("visit_completed", at_most=0, days=90),
        TextAttribute("城市", ("上海",)),
        AnswerRule("visit"),
    ],
)
def test_a_tree_within_the_limits_is_taken_as_it_is(rule: Rule) -> None:
    assert checked(rule) is rule


@settings(max_examples=25)
@given(trees)
def test_a_segment_is_read_as_it_was_stored(rule: Rule) -> None:
    codec = MongoSegments.of(FrozenClock(NOW)).store.codec
    segment = _segment("gold", rule)
    assert codec.to_aggregate(codec.to_document(segment)) == segment


@settings(max_examples=25)
@given(trees)
def test_a_tree_is_the_same_after_a_way_over_the_wire(rule: Rule) -> None:
    sent = rule_to_pb(rule).SerializeToString()
    assert to_rule(segment_pb2.SegmentRule.FromString(sent), "rule") == rule


def _finding(*segments: Segment) -> FindSegments:
    return lambda ids: [segment for segment in segments if segment.id in ids]


def test_everything_a_tree_names_is_found_through_all_levels() -> None:
    bottom, middle = _segment("bottom", VIP), _segment("middle", NoneOf((SegmentRule(_seg("bottom")),)))
    found = resolved(SegmentRule(middle.id), _finding(bottom, middle), of=_seg("top"))
    assert set(found) == {bottom.id, middle.id}


def test_a_segment_that_names_itself_by_way_of_others_is_refused() -> None:
    middle = _segment("middle", AnyOf((VIP, SegmentRule(_seg("top")))))
    with pytest.raises(SegmentCycle) as refused:
        resolved(SegmentRule(middle.id), _finding(middle), of=_seg("top"))
    assert refused.value.message == (
        f"A segment cannot be part of itself: {_seg('top')} names {middle.id} names {_seg('top')}."
    )


def test_a_name_that_nobody_has_is_refused() -> None:
    with pytest.raises(NotFound) as refused:
        resolved(SegmentRule(_seg("gone")), _finding())
    assert refused.value.code == "SEGMENT_NOT_FOUND"


def test_segments_that_double_level_by_level_are_refused_before_they_are_compiled() -> None:
    rules: list[Segment] = [_segment("0", VIP)]
    for level in range(1, 12):
        rules.append(_segment(str(level), AnyOf((SegmentRule(rules[-1].id),) * 2)))
    with pytest.raises(SegmentTooLarge):
        resolved(rules[-1].rule, _finding(*rules), of=rules[-1].id)


def test_a_change_that_changes_nothing_is_no_new_version() -> None:
    segment = _segment("gold", VIP)
    assert segment.rewritten(name="gold", description=None, rule=TagRule(("vip",)), now=NOW) is segment


def test_an_archived_segment_is_not_rewritten() -> None:
    archived = _segment("gold", VIP).archive(now=NOW)
    with pytest.raises(SegmentArchived):
        archived.rewritten(name="silver", description=None, rule=None, now=NOW)
    assert archived.archive(now=NOW) is archived
