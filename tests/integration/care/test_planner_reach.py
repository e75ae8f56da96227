"""Whom the planner reaches and whom not: audiences, control groups, blackouts, versions, ends, and who is read."""

import threading
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from deploy.local.sink_client import SinkProcess
from membercare.care.v1 import care_service_pb2 as pb
from membercare.care.v1 import touch_pb2
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from services.care.domain.calendars.blackout import Blackout, BlackoutDays, BlackoutMove, BlackoutSpan
from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.due.lines import touch_of
from services.care.domain.campaigns.plan import Audience, Holdout, Variant
from services.care.domain.campaigns.triggers import EventTrigger, OneOffTrigger, RecurringTrigger
from services.care.domain.campaigns.versions import RevisionVerb
from services.care.domain.channels import Channel
from services.care.domain.segments.facts import Act
from services.care.domain.segments.rules import Rule, TagRule
from services.care.domain.segments.segment import Segment
from services.care.domain.sending.touch import Touch
from services.care.domain.span import Span, TimeUnit
from services.care.store.calendars.blackouts import MongoBlackouts
from services.care.store.segments.member_facts import MongoMemberFacts
from services.care.store.segments.segments import MongoSegments
from services.care.usecases.campaigns.plan_campaign import LeadershipLost
from services.chassis.ids import new_id
from tests.integration.calling import Calling
from tests.integration.care.greetings import TEMPLATES, Greetings, a_plan, solar, utc

TODAY = date(2026, 11, 22)
ONCE = OneOffTrigger(TODAY)


def a_segment(greetings: Greetings, rule: Rule) -> str:
    now = greetings.clock.now()
    written = Segment.written(new_id("seg", now), name="Some", description="", rule=rule, author="olga", now=now)
    return MongoSegments.of(greetings.clock).add(written, request_key="").id


def a_blackout(greetings: Greetings, *, first: str, last: str, behaviour: BlackoutMove = BlackoutMove.DROP) -> None:
    now = greetings.clock.now()
    blackout = Blackout(
        id=new_id("blk", now),
        name_en="Mourning",
        name_zh="哀悼日",
        days=BlackoutDays(
            span=BlackoutSpan.DATED, first_date=date.fromisoformat(first), last_date=date.fromisoformat(last)
        ),
        behaviour=behaviour,
        create_time=now,
        update_time=now,
    )
    MongoBlackouts(greetings.clock).add(blackout, request_key="")


async def test_an_audience_reaches_a_segment_without_those_who_are_excluded(greetings: Greetings) -> None:
    tags: dict[str, tuple[str, ...]] = {"gold": ("gold",), "both": ("gold", "staff"), "none": ()}
    members = {name: greetings.member(birthday=solar("1990-11-22"), tags=told) for name, told in tags.items()}
    gold, staff = (a_segment(greetings, TagRule((tag,))) for tag in ("gold", "staff"))
    greetings.plan(greetings.running(audience=Audience(gold, (staff,))))
    assert [each["member_id"] for each in greetings.database["touches"].find()] == [members["gold"].id]


async def test_a_member_who_was_merged_or_erased_is_not_planned(greetings: Greetings) -> None:
    merged, erased = greetings.member(), greetings.member()
    greetings.set_on(merged.id, merged_into_id=erased.id)
    greetings.set_on(erased.id, erased_time=greetings.clock.now())
    assert greetings.plan(greetings.running(trigger=ONCE)).touches == 0


async def test_who_is_held_out_leaves_a_line_and_gets_nothing(greetings: Greetings, sink: SinkProcess) -> None:
    members = [greetings.member() for _ in range(40)]
    variants = (Variant("a"), Variant("b"))
    greetings.plan(greetings.running(trigger=ONCE, holdout=Holdout(5_000), variants=variants))
    held = {each["member_id"] for each in greetings.database["touches"].find({"reason": "HOLDOUT"})}
    await greetings.dispatch()
    found = {each["member_id"]: (each["state"], each["variant"]) for each in greetings.database["touches"].find()}
    assert 8 <= len(held) <= 32
    assert len(found) == len(members)
    assert {found[each][0] for each in held} == {"TOUCH_STATE_SKIPPED"}
    assert {state for each, (state, _) in found.items() if each not in held} == {"TOUCH_STATE_SENT"}
    assert {variant for _, variant in found.values()} == {"a", "b"}
    got = {each.id for each in members if sink.messages(to=each.email)}
    assert got == found.keys() - held


@pytest.mark.parametrize(
    ("move", "sent_at", "ends"),
    [
        (BlackoutMove.BACK, "2026-11-21 01:00", [("2026-11-22", "SENT", "")]),
        (BlackoutMove.FORWARD, "2026-11-24 01:00", [("2026-11-22", "SENT", "")]),
        (BlackoutMove.DROP, "", [("2026-11-22", "SKIPPED", "BLACKOUT_DAY")]),
    ],
)
async def test_a_blackout_moves_a_message_back_or_forward_or_drops_it_with_the_reason(
    greetings: Greetings, move: BlackoutMove, sent_at: str, ends: list[tuple[str, str, str]]
) -> None:
    a_blackout(greetings, first="2026-11-22", last="2026-11-23")
    greetings.member()
    greetings.clock.set(utc("2026-11-20 12:00"))
    campaign = greetings.running(trigger=ONCE, blackout=move)
    sent = []
    for hours in range(0, 96, 6):
        greetings.clock.set(utc("2026-11-20 13:00") + timedelta(hours=hours))
        greetings.plan(campaign)
        await greetings.dispatch()
        sent.append(greetings.ledger())
    (touch,) = greetings.database["touches"].find()
    assert sent[-1] == ends
    if sent_at:
        assert touch["due_at"] == utc(sent_at)
        on_time = next(n for n, each in enumerate(sent) if each and each[0][1] == "SENT")
        assert utc("2026-11-20 13:00") + timedelta(hours=6 * on_time) == utc(sent_at)


@pytest.mark.parametrize(
    ("behaviour", "ends"),
    [
        (BlackoutMove.BACK, ("2026-11-22", "2026-11-21 01:00", "SENT", "")),
        (BlackoutMove.FORWARD, ("2026-11-22", "2026-11-24 01:00", "SENT", "")),
        (BlackoutMove.DROP, ("2026-11-22", "2026-11-22 01:00", "SKIPPED", "BLACKOUT_DAY")),
    ],
)
async def test_a_campaign_that_says_nothing_of_blackouts_follows_the_blackout_and_the_ledger_says_why_a_message_moved(
    greetings: Greetings, calling: Calling, behaviour: BlackoutMove, ends: tuple[str, str, str, str]
) -> None:
    a_blackout(greetings, first="2026-11-22", last="2026-11-23", behaviour=behaviour)
    greetings.member()
    greetings.clock.set(utc("2026-11-20 12:00"))
    campaign = greetings.running(trigger=ONCE)
    for hours in range(0, 96, 6):
        greetings.clock.set(utc("2026-11-20 13:00") + timedelta(hours=hours))
        greetings.plan(campaign)
        await greetings.dispatch()
    (told,) = calling.as_role(CareServiceStub, "ops").ListTouches(pb.ListTouchesRequest()).touches
    due = told.due_time.ToDatetime().isoformat(" ", timespec="minutes")
    state = touch_pb2.TouchState.Name(told.state).removeprefix("TOUCH_STATE_")
    assert (told.date, due, state, told.reason) == ends
    assert (told.moved_reason, told.moved_reason_en, told.moved_reason_zh) == (
        ("", "", "")
        if behaviour is BlackoutMove.DROP
        else ("MOVED_BY_BLACKOUT", "A blackout moved the message to another day.", "因禁发日，消息改在其他日期发送。")
    )


async def test_a_campaign_with_a_last_day_is_finished_when_that_is_over_and_every_touch_has_an_end(
    greetings: Greetings,
) -> None:
    greetings.member()
    campaign = greetings.running(trigger=ONCE)
    states = []
    for moment in ("2026-11-22 02:00", "2026-11-23 11:59", "2026-11-23 12:00"):
        greetings.clock.set(utc(moment))
        greetings.sweep(token=1, leading=lambda: True)
        states.append(greetings.campaigns.get(campaign.id).state.value)
    assert states == ["CAMPAIGN_STATE_RUNNING"] * 3  # over everywhere, but the touch has no end yet
    await greetings.dispatch()
    greetings.sweep(token=1, leading=lambda: True)
    assert greetings.campaigns.get(campaign.id).state.value == "CAMPAIGN_STATE_FINISHED"
    (stored,) = greetings.database["campaigns"].find()
    assert "campaign_finished" in str(stored["outbox"])
    assert greetings.ledger() == [("2026-11-22", "SENT", "")]


async def test_a_campaign_that_is_being_revised_is_not_finished_behind_the_back_of_its_author(
    greetings: Greetings,
) -> None:
    campaign = greetings.running(trigger=RecurringTrigger(TODAY, Span(1, TimeUnit.DAY), TODAY))
    longer = a_plan(trigger=RecurringTrigger(TODAY, Span(1, TimeUnit.DAY), TODAY + timedelta(days=9)))
    _revise(greetings, campaign, plan=longer, approve=False)
    greetings.clock.set(utc("2026-11-24 12:00"))
    greetings.sweep(token=1, leading=lambda: True)
    assert greetings.campaigns.get(campaign.id).state.value == "CAMPAIGN_STATE_RUNNING"


def _revise(greetings: Greetings, campaign: Campaign, *, plan: Any, approve: bool = True) -> None:
    now = greetings.clock.now()

    def step(stored: Campaign) -> Campaign:
        revised = stored.revise(plan, name=stored.name, by="author", now=now)
        if not approve:
            return revised
        asked = revised.move_revision(RevisionVerb.SUBMIT, by="author", now=now)
        return asked.move_revision(RevisionVerb.APPROVE, by="approver", now=now)

    greetings.campaigns.change(campaign.id, step, etag="", request_id="")


async def test_editing_a_birthday_campaign_that_day_loses_and_doubles_nobody(
    greetings: Greetings, sink: SinkProcess
) -> None:
    """The new version counts from the next occurrence: who is due today gets the old one, once."""
    today = greetings.member(birthday=solar("1990-11-22"))
    later = greetings.member(birthday=solar("1990-11-24"))
    campaign = greetings.running()
    greetings.plan(campaign)
    templates = tuple(replace(each, subject="A new year of life") for each in TEMPLATES)
    _revise(greetings, campaign, plan=a_plan(templates=templates, priority=80))
    for moment in ("2026-11-22 03:00", "2026-11-23 03:00", "2026-11-24 03:00"):
        greetings.clock.set(utc(moment))
        greetings.plan(campaign)
        await greetings.dispatch()
    subjects = [[mail["subject"] for mail in sink.messages(to=each.email)] for each in (today, later)]
    assert subjects == [["Happy birthday, Li"], ["A new year of life"]]
    lines = greetings.database["touches"].find().sort("date", 1)
    assert [(each["version"], each["priority"]) for each in lines] == [(1, 50), (2, 80)]


async def test_a_version_that_begins_with_another_channel_sends_nothing_to_whom_the_old_one_reached(
    greetings: Greetings,
) -> None:
    member = greetings.member(birthday=solar("1990-11-22"))
    campaign = greetings.running()
    greetings.plan(campaign)
    await greetings.dispatch()
    words = tuple(replace(each, channel=Channel.SMS) for each in TEMPLATES)
    _revise(greetings, campaign, plan=a_plan(channels=(Channel.SMS,), templates=words))
    greetings.clock.set(utc("2026-11-24 02:00"))
    greetings.change_member(member, birthday=solar("1990-11-24"))  # the second day on which they would be due
    greetings.plan(campaign)
    assert greetings.lines() == [("email", "SENT", "")]


async def test_a_planner_that_dies_within_a_day_loses_nobody_and_sends_to_nobody_twice(
    greetings: Greetings, sink: SinkProcess
) -> None:
    """The cursor moves when a day is planned, not when its members are fetched."""
    members = [greetings.member(birthday=solar(day)) for day in ("1990-11-21", "1990-11-22", "1990-11-22")]
    greetings.clock.set(utc("2026-11-20 02:00"))
    campaign = greetings.running()
    greetings.plan(campaign)
    greetings.clock.set(utc("2026-11-22 02:00"))
    sweep, asked = greetings.sweep, iter([True, False])
    with pytest.raises(LeadershipLost):
        sweep.plan_campaign(campaign, sweep.calendars.read(), token=1, leading=lambda: next(asked))
    (cursor,) = greetings.database["plan_cursors"].find()
    assert cursor["planned_through"] == "2026-11-21"  # the 22nd is still to do
    sweep.plan_campaign.touches.plan(_first_of(greetings, campaign))  # another planner came as far as one touch
    greetings.plan(campaign)
    greetings.plan(campaign)
    greetings.sweep(token=1, leading=lambda: True)
    await greetings.dispatch()
    assert [len(sink.messages(to=each.email)) for each in members] == [1, 1, 1]


def _first_of(greetings: Greetings, campaign: Campaign) -> list[Touch]:
    """Return one touch of today as a planner makes it that dies before the rest."""
    sweep, now = greetings.sweep, greetings.clock.now()
    lines = sweep.plan_campaign.due_lines(campaign, TODAY, book=sweep.calendars.read(), now=now)
    return [touch_of(next(iter(lines)), campaign, batch_id=new_id("bat", now), now=now)]


def test_two_schedulers_in_the_same_second_answer_an_event_once(greetings: Greetings) -> None:
    members = [greetings.member() for _ in range(20)]
    campaign = greetings.running(trigger=EventTrigger("case_closed", again_after_days=5), send_at="")
    greetings.plan(campaign)
    for member in members:
        for at in ("2026-11-22 02:00", "2026-11-22 02:01"):
            MongoMemberFacts().did(Act("case_closed", utc(at), new_id("evt", utc(at))), member_id=member.id)
        greetings.set_on(member.id, heard_time=greetings.clock.now())
    together = threading.Barrier(3)

    def plan() -> None:
        sweep = greetings.sweep
        together.wait()
        sweep.plan_campaign(campaign, sweep.calendars.read(), token=1, leading=lambda: True)

    schedulers = [threading.Thread(target=plan) for _ in range(3)]
    for scheduler in schedulers:
        scheduler.start()
    for scheduler in schedulers:
        scheduler.join()
    assert greetings.database["touches"].count_documents({}) == 20
    assert len(greetings.database["touches"].distinct("member_id")) == 20
