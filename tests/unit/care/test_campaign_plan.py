"""Plans of every kind: what is refused, with which path, and that nothing is lost on the way to the database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.care.domain.calendars.blackout import BlackoutMove
from services.care.domain.campaigns.budget import Budget
from services.care.domain.campaigns.campaign import Campaign, CampaignVerb
from services.care.domain.campaigns.plan import Audience, CampaignPlan, Goal, Holdout, QuietHours, Variant
from services.care.domain.campaigns.triggers import (
    AfterEventTrigger,
    BeforeDateTrigger,
    BirthdayTrigger,
    CampaignKind,
    DateKind,
    EventTrigger,
    InactivityTrigger,
    OccasionTrigger,
    RecurringTrigger,
)
from services.care.domain.campaigns.versions import RevisionVerb
from services.care.domain.channels import Channel, Purpose
from services.care.domain.journeys.steps import (
    BranchArm,
    BranchStep,
    EndStep,
    SendStep,
    TaskStep,
    WaitForDuration,
    WaitForEvent,
    WaitStep,
    WaitUntilLocalTime,
)
from services.care.domain.span import Span, TimeUnit
from services.care.rpc.campaigns.plan_messages import plan_to_pb, to_plan
from services.chassis.codec import Codec
from services.chassis.errors import DomainError
from tests.unit.care.plans import CHINESE, ENGLISH, OTHER_SEGMENT, SEGMENT, STEPS, TRIGGERS, a_plan

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY, HOUR = Span(1, TimeUnit.DAY), Span(1, TimeUnit.HOUR)
SMS = (replace(ENGLISH, channel=Channel.SMS, subject=""), replace(CHINESE, channel=Channel.SMS, subject=""))
VARIANTS = (Variant("A", 2), Variant("B"))


def refused(**fields: Any) -> str:
    with pytest.raises(DomainError) as refusal:
        a_plan(**fields).checked()
    return refusal.value.field


def steps(*given_steps: Any) -> dict[str, Any]:
    return {"steps": given_steps}


def test_there_is_a_trigger_of_every_kind() -> None:
    assert sorted(TRIGGERS) == sorted(CampaignKind)


@pytest.mark.parametrize("kind", CampaignKind)
def test_a_plan_of_every_kind_passes_as_it_is(kind: CampaignKind) -> None:
    plan = a_plan(trigger=TRIGGERS[kind])
    assert plan.kind is kind
    assert plan.checked() == plan


@pytest.mark.parametrize(
    ("trigger", "field"),
    [
        (BirthdayTrigger(61), "plan.trigger.birthday.days_before"),
        (OccasionTrigger("spring"), "plan.trigger.occasion.occasion_id"),
        (OccasionTrigger("occ_00000000000000000000000001", -1), "plan.trigger.occasion.days_before"),
        (AfterEventTrigger("", DAY), "plan.trigger.after_event.act"),
        (AfterEventTrigger("Case Closed", DAY), "plan.trigger.after_event.act"),
        (AfterEventTrigger("case_closed", HOUR), "plan.trigger.after_event.after.unit"),
        (AfterEventTrigger("case_closed", Span(-1, TimeUnit.DAY)), "plan.trigger.after_event.after.amount"),
        (AfterEventTrigger("case_closed", Span(11, TimeUnit.YEAR)), "plan.trigger.after_event.after.amount"),
        (BeforeDateTrigger(DateKind.CONTRACT_END, HOUR), "plan.trigger.before_date.before.unit"),
        (BeforeDateTrigger(DateKind.ATTRIBUTE, DAY), "plan.trigger.before_date.attribute"),
        (BeforeDateTrigger(DateKind.CONTRACT_END, DAY, "ends"), "plan.trigger.before_date.attribute"),
        (InactivityTrigger(0), "plan.trigger.inactivity.days"),
        (InactivityTrigger(9, "no act"), "plan.trigger.inactivity.act"),
        (RecurringTrigger(date(2026, 1, 1), Span(0, TimeUnit.DAY)), "plan.trigger.recurring.every.amount"),
        (RecurringTrigger(date(2026, 1, 2), DAY, date(2026, 1, 1)), "plan.trigger.recurring.last_date"),
        (EventTrigger(""), "plan.trigger.event_triggered.act"),
        (EventTrigger("case_closed", Span(1, TimeUnit.MONTH)), "plan.trigger.event_triggered.delay.unit"),
        (EventTrigger("case_closed", None, -1), "plan.trigger.event_triggered.again_after_days"),
    ],
)
def test_a_trigger_that_is_wrong_is_refused_by_its_path(trigger: Any, field: str) -> None:
    assert refused(trigger=trigger) == field


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"audience": Audience("mem_1")}, "plan.audience.segment_id"),
        ({"audience": Audience(SEGMENT, (SEGMENT,))}, "plan.audience.exclude_segment_ids"),
        ({"audience": Audience(SEGMENT, ("x",))}, "plan.audience.exclude_segment_ids[0]"),
        ({"audience": Audience(SEGMENT, (OTHER_SEGMENT,) * 21)}, "plan.audience.exclude_segment_ids"),
        ({"holdout": Holdout(5_001)}, "plan.holdout.basis_points"),
        ({"holdout": Holdout(1, "a\nb")}, "plan.holdout.salt"),
        ({"variants": (Variant("A"),)}, "plan.variants"),
        ({"variants": (Variant("A"), Variant("A"))}, "plan.variants[1].name"),
        ({"variants": (Variant("A"), Variant("B", 101))}, "plan.variants[1].weight"),
        ({"goal": Goal("", 7)}, "plan.goal.act"),
        ({"goal": Goal("case_closed", 366)}, "plan.goal.window_days"),
        ({"budget": Budget(-1)}, "plan.budget.most_touches"),
        ({"budget": Budget(0, 100)}, "plan.budget.currency_code"),
        ({"budget": Budget(0, 0, "CNY")}, "plan.budget.currency_code"),
        ({"priority": 101}, "plan.priority"),
        ({"channels": ()}, "plan.channels"),
        ({"channels": (Channel.SMS, Channel.SMS)}, "plan.channels"),
        ({"channels": (Channel.SMS,)}, "plan.templates[0].channel"),
        ({"channels": (Channel.EMAIL, Channel.SMS)}, "plan.templates"),
        ({"templates": (ENGLISH, CHINESE, replace(ENGLISH, variant="A"))}, "plan.templates[2].variant"),
        ({"templates": (ENGLISH, CHINESE, replace(ENGLISH, step="hello"))}, "plan.templates[2].step"),
        ({"templates": (ENGLISH, CHINESE, ENGLISH)}, "plan.templates"),
        ({"templates": (ENGLISH, replace(CHINESE, subject=""))}, "plan.templates[1].subject"),
        ({"templates": (ENGLISH, replace(CHINESE, words_id="cmp_1"))}, "plan.templates[1].words_id"),
        (
            {"variants": VARIANTS, "templates": (replace(ENGLISH, variant="A"), CHINESE)},
            "plan.templates",
        ),
        ({"send_at": "", "trigger": BirthdayTrigger()}, "plan.send_at"),
    ],
)
def test_a_part_of_a_plan_that_is_wrong_is_refused_by_its_path(fields: dict[str, Any], field: str) -> None:
    assert refused(**fields) == field


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        (steps(SendStep("Hello")), "plan.steps[0].name"),
        (steps(SendStep("a"), SendStep("a")), "plan.steps[1].name"),
        (steps(SendStep("a", next="b")), "plan.steps[0].next"),
        (steps(SendStep("a"), SendStep("b", next="a")), "plan.steps[1].next"),
        (steps(SendStep("a", (Channel.EMAIL, Channel.EMAIL))), "plan.steps[0].send.channels"),
        (steps(SendStep("a"), TaskStep("b", "")), "plan.steps[1].task.title"),
        (steps(SendStep("a"), TaskStep("b", "t", "mem_1")), "plan.steps[1].task.owner_id"),
        (steps(SendStep("a"), TaskStep("b", "t", due_days=366)), "plan.steps[1].task.due_days"),
        (
            steps(SendStep("a"), WaitStep("b", WaitForDuration(Span(1, TimeUnit.MONTH)))),
            "plan.steps[1].wait.duration.unit",
        ),
        (
            steps(SendStep("a"), WaitStep("b", WaitUntilLocalTime("9"))),
            "plan.steps[1].wait.until_local_time.time",
        ),
        (
            steps(SendStep("a"), WaitStep("b", WaitUntilLocalTime("09:00", (8,)))),
            "plan.steps[1].wait.until_local_time.weekdays",
        ),
        (steps(SendStep("a"), WaitStep("b", WaitForEvent("", HOUR))), "plan.steps[1].wait.for_event.act"),
        (
            steps(SendStep("a"), WaitStep("b", WaitForEvent("x", HOUR, "a"))),
            "plan.steps[1].wait.for_event.on_timeout",
        ),
        (steps(SendStep("a"), BranchStep("b", ())), "plan.steps[1].branch.arms"),
        (
            steps(SendStep("a"), BranchStep("b", (BranchArm("x", "c"),)), EndStep("c")),
            "plan.steps[1].branch.arms[0].segment_id",
        ),
        (steps(SendStep("a"), BranchStep("b", (BranchArm(SEGMENT, "a"),))), "plan.steps[1].branch.arms[0].next"),
        (steps(SendStep("a"), BranchStep("b", (BranchArm(SEGMENT, ""),))), "plan.steps[1].branch.arms[0].next"),
        (steps(SendStep("a"), EndStep("b", "x" * 101)), "plan.steps[1].end.outcome"),
        (steps(*(SendStep(f"s{n}") for n in range(51))), "plan.steps"),
    ],
)
def test_a_step_that_is_wrong_is_refused_by_its_path(fields: dict[str, Any], field: str) -> None:
    assert refused(**fields) == field


def test_a_message_by_another_channel_needs_no_subject() -> None:
    assert a_plan(channels=(Channel.SMS,), templates=SMS).checked().templates == SMS


def test_an_event_may_send_at_once_whatever_the_clock_shows() -> None:
    assert a_plan(send_at="", trigger=TRIGGERS["event_triggered"]).checked().send_at == ""


def test_the_words_of_the_step_win_over_those_of_the_variant_and_both_over_the_general_ones() -> None:
    special = replace(ENGLISH, variant="B", body="B"), replace(ENGLISH, step="hello", body="hello")
    plan = a_plan(variants=VARIANTS, steps=(SendStep("hello"), SendStep("bye")), templates=(ENGLISH, CHINESE, *special))
    english = ENGLISH.language
    assert plan.checked().template(english, variant="A", step="bye").body == "Dear {{ member.name }}"
    assert plan.template(english, variant="B", step="bye").body == "B"
    assert plan.template(english, variant="B", step="hello").body == "hello"


def test_a_plan_that_was_stored_before_there_were_kinds_is_the_birthday_campaign_by_e_mail() -> None:
    stored = {
        "_id": "cmp_1",
        "name": "Birthdays",
        "plan": {
            "send_at": "09:00",
            "catch_up_days": 3,
            "rules": {
                "leap_day": "LEAP_DAY_POLICY_FEB_28",
                "leap_month": "LEAP_MONTH_POLICY_REGULAR_MONTH",
                "lunar_day30": "LUNAR_DAY30_POLICY_DAY_29",
            },
            "templates": [{"language": "LANGUAGE_EN", "subject": "Hi", "body": "Dear {{ member.name }}"}],
        },
        "author": "anna",
        "approver": "bert",
        "created_at": NOON,
        "updated_at": NOON,
        "state": "CAMPAIGN_STATE_RUNNING",
        "started_at": NOON,
        "version": 4,
    }
    campaign = Codec(Campaign).to_aggregate(stored)
    plan = campaign.plan
    assert (plan.kind, plan.channels, plan.purpose) == (CampaignKind.BIRTHDAY, (Channel.EMAIL,), Purpose.CARE)
    assert (plan.quiet_hours, plan.blackout, plan.cheerful) == (QuietHours.HOLD, None, True)
    assert (plan.priority, plan.steps, plan.variants, plan.audience) == (50, (), (), Audience())
    assert campaign.on(date(2026, 11, 22)) is campaign
    assert campaign.as_planned(1) is campaign
    assert [(each.number, each.approver) for each in campaign.approved_versions()] == [(1, "bert")]


PLANS = st.builds(
    a_plan,
    trigger=st.sampled_from(list(TRIGGERS.values())),
    steps=st.sampled_from([(), STEPS, STEPS[:1]]),
    channels=st.sampled_from([(Channel.EMAIL,), (Channel.EMAIL, Channel.SMS)]),
    templates=st.just((ENGLISH, CHINESE, *SMS)),
    audience=st.sampled_from([Audience(), Audience(SEGMENT, (OTHER_SEGMENT,))]),
    holdout=st.builds(Holdout, st.integers(0, 5_000), st.sampled_from(["", "spring"])),
    variants=st.sampled_from([(), VARIANTS]),
    goal=st.none() | st.builds(Goal, st.just("case_closed"), st.integers(1, 365)),
    priority=st.integers(0, 100),
    budget=st.sampled_from([None, Budget(5), Budget(0, 2**53 + 1, "CNY")]),
    quiet_hours=st.sampled_from(QuietHours),
    blackout=st.none() | st.sampled_from(BlackoutMove),
    cheerful=st.booleans(),
    purpose=st.sampled_from(Purpose),
)


@settings(max_examples=30)
@given(PLANS)
def test_a_plan_comes_back_from_the_database_and_from_the_wire_as_it_was(plan: CampaignPlan) -> None:
    campaign = Campaign("cmp_1", "Care", plan, "anna", NOON, NOON)
    for verb in (CampaignVerb.SUBMIT, CampaignVerb.APPROVE, CampaignVerb.START):
        campaign = campaign.move(verb, by="bert", now=NOON, comment="说明")
    campaign = campaign.revise(replace(plan, send_at="10:00"), name="Care", by="bert", now=NOON)
    campaign = campaign.move_revision(RevisionVerb.SUBMIT, by="bert", now=NOON)
    codec = Codec(Campaign)
    assert codec.to_aggregate(codec.to_document(campaign)) == campaign
    assert to_plan(plan_to_pb(plan)) == plan


@pytest.mark.parametrize(
    ("days", "reached"), [(-1 / 86_400, False), (0, True), (3, True), (7, True), (7 + 1 / 86_400, False)]
)
def test_a_goal_is_reached_within_whole_days_after_a_message_both_ends_included(days: float, *, reached: bool) -> None:
    sent = datetime(2026, 10, 1, 9, tzinfo=UTC)
    acts = [sent - timedelta(days=400), sent + timedelta(days=days)]
    assert Goal("bought", 7).is_reached(acts, after=[sent - timedelta(days=90), sent]) is reached
    assert not Goal("bought", 7).is_reached(acts, after=[])
    assert not Goal("bought", 7).is_reached([], after=[sent])
