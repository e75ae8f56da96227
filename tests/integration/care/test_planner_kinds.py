"""Every kind of campaign from the member to the mail server: planned and dispatched on a real database."""

from datetime import date, timedelta
from typing import Any

import pytest

from deploy.local.sink_client import SinkProcess
from services.care.domain.calendars.occasion import built_in_id
from services.care.domain.campaigns.triggers import (
    AfterEventTrigger,
    BeforeDateTrigger,
    BirthdayTrigger,
    DateKind,
    EventTrigger,
    InactivityTrigger,
    OccasionTrigger,
    OneOffTrigger,
    RecurringTrigger,
)
from services.care.domain.members.member import Member
from services.care.domain.segments.facts import Act
from services.care.domain.span import Span, TimeUnit
from services.care.store.segments.member_facts import MongoMemberFacts
from services.chassis.ids import new_id
from tests.integration.care.greetings import Greetings, solar, utc


def did(greetings: Greetings, member: Member, *, act: str, at: str) -> None:
    MongoMemberFacts().did(Act(act, utc(at), new_id("evt", utc(at))), member_id=member.id)
    greetings.set_on(member.id, heard_time=greetings.clock.now())  # the database stamps it by its own clock


async def sent_on(greetings: Greetings, campaign: Any, *, moments: list[str]) -> list[list[tuple[str, str, str]]]:
    """Plan and dispatch at each moment; return what the ledger says then."""
    seen = []
    for moment in moments:
        greetings.clock.set(utc(moment))
        greetings.plan(campaign)
        await greetings.dispatch()
        seen.append(greetings.ledger())
    return seen


async def test_a_message_follows_an_event_after_so_many_quarters_also_at_the_end_of_a_short_month(
    greetings: Greetings, sink: SinkProcess
) -> None:
    member, other = greetings.member(), greetings.member()
    did(greetings, member, act="contract_activated", at="2026-08-31 03:00")
    did(greetings, other, act="contract_activated", at="2026-09-01 03:00")
    greetings.clock.set(utc("2027-02-27 12:00"))
    campaign = greetings.running(trigger=AfterEventTrigger("contract_activated", Span(2, TimeUnit.QUARTER)))
    seen = await sent_on(greetings, campaign, moments=["2027-02-28 00:59", "2027-02-28 01:00", "2027-02-28 02:00"])
    assert seen == [[("2027-02-28", "PLANNED", "")], [("2027-02-28", "SENT", "")], [("2027-02-28", "SENT", "")]]
    assert [len(sink.messages(to=each.email)) for each in (member, other)] == [1, 0]


async def test_an_event_that_is_heard_late_is_followed_all_the_same_or_told_to_be_too_late(
    greetings: Greetings,
) -> None:
    greetings.clock.set(utc("2026-11-10 02:00"))
    campaign = greetings.running(trigger=AfterEventTrigger("delivery", Span(3, TimeUnit.DAY)), catch_up_days=2)
    greetings.plan(campaign)
    greetings.clock.set(utc("2026-11-22 02:00"))
    greetings.plan(campaign)
    for day in ("2026-11-08", "2026-11-16", "2026-11-18"):  # due on the 11th, the 19th and the 21st
        did(greetings, greetings.member(), act="delivery", at=f"{day} 04:00")
    greetings.plan(campaign)
    greetings.clock.set(utc("2026-11-22 03:00"))
    greetings.plan(campaign)
    await greetings.dispatch()
    assert greetings.ledger() == [("2026-11-19", "SKIPPED", "TOO_LATE"), ("2026-11-21", "SENT", "")]


@pytest.mark.parametrize(
    ("trigger", "fields", "occurrence"),
    [
        (
            BeforeDateTrigger(DateKind.CONTRACT_END, Span(1, TimeUnit.MONTH)),
            {"contracts": [{"id": "con_1", "state": "active", "end_date": "2026-12-22"}]},
            "contract_end/con_1/2026-12-22",
        ),
        (
            BeforeDateTrigger(DateKind.WARRANTY_END, Span(7, TimeUnit.DAY)),
            {"warranties": [{"id": "ast_1", "end_date": "2026-11-29"}]},
            "warranty_end/ast_1/2026-11-29",
        ),
        (
            BeforeDateTrigger(DateKind.POINTS_EXPIRY, Span(0, TimeUnit.DAY)),
            {"points_expiry_date": "2026-11-22"},
            "points_expiry_date/2026-11-22",
        ),
        (
            BeforeDateTrigger(DateKind.ATTRIBUTE, Span(15, TimeUnit.DAY), "licence_ends"),
            {"attributes": {"licence_ends": "2026-12-07"}},
            "attributes.licence_ends/2026-12-07",
        ),
    ],
)
async def test_a_message_comes_so_long_before_a_date_of_the_member(
    greetings: Greetings, trigger: BeforeDateTrigger, fields: dict[str, Any], occurrence: str
) -> None:
    member = greetings.member()
    greetings.member()
    greetings.set_on(member.id, **fields)
    campaign = greetings.running(trigger=trigger)
    assert (await sent_on(greetings, campaign, moments=["2026-11-22 02:00"]))[0] == [("2026-11-22", "SENT", "")]
    (touch,) = greetings.database["touches"].find()
    assert (touch["member_id"], touch["occurrence"]) == (member.id, occurrence)


async def test_a_contract_that_is_over_asks_for_no_renewal(greetings: Greetings) -> None:
    member = greetings.member()
    greetings.set_on(member.id, contracts=[{"id": "con_1", "state": "terminated", "end_date": "2026-12-22"}])
    campaign = greetings.running(trigger=BeforeDateTrigger(DateKind.CONTRACT_END, Span(1, TimeUnit.MONTH)))
    assert greetings.plan(campaign).touches == 0


async def test_silence_is_broken_once_and_the_next_silence_once_more(greetings: Greetings) -> None:
    member = greetings.member()
    did(greetings, member, act="visit_completed", at="2026-11-12 04:00")
    campaign = greetings.running(trigger=InactivityTrigger(10))
    await sent_on(greetings, campaign, moments=["2026-11-22 02:00", "2026-11-22 12:00"])
    assert greetings.ledger() == [("2026-11-22", "SENT", "")]
    did(greetings, member, act="case_closed", at="2026-11-22 13:00")
    seen = await sent_on(greetings, campaign, moments=["2026-11-23 02:00", "2026-12-02 02:00"])
    assert seen == [[("2026-11-22", "SENT", "")], [("2026-11-22", "SENT", ""), ("2026-12-02", "SENT", "")]]


async def test_who_is_active_again_before_the_message_leaves_does_not_get_it(greetings: Greetings) -> None:
    member = greetings.member()
    did(greetings, member, act="visit_completed", at="2026-11-12 04:00")
    campaign = greetings.running(trigger=InactivityTrigger(10), send_at="18:00")
    greetings.plan(campaign)
    did(greetings, member, act="case_closed", at="2026-11-22 09:00")
    greetings.clock.set(utc("2026-11-22 10:00"))
    await greetings.dispatch()
    assert greetings.ledger() == [("2026-11-22", "SKIPPED", "ACTIVE_AGAIN")]


async def test_silence_of_one_kind_is_not_broken_by_another(greetings: Greetings) -> None:
    member = greetings.member()
    did(greetings, member, act="visit_completed", at="2026-11-12 04:00")
    did(greetings, member, act="case_closed", at="2026-11-20 04:00")
    campaign = greetings.running(trigger=InactivityTrigger(10, "visit_completed"))
    assert (await sent_on(greetings, campaign, moments=["2026-11-22 02:00"]))[0] == [("2026-11-22", "SENT", "")]


async def test_a_recurring_message_comes_on_the_last_day_of_a_short_month_and_ends_with_the_campaign(
    greetings: Greetings,
) -> None:
    greetings.member()
    greetings.clock.set(utc("2027-02-27 02:00"))
    monthly = RecurringTrigger(date(2027, 1, 31), Span(1, TimeUnit.MONTH), last_date=date(2027, 3, 31))
    campaign = greetings.running(trigger=monthly)
    await sent_on(
        greetings, campaign, moments=["2027-02-28 02:00", "2027-03-30 02:00", "2027-03-31 02:00", "2027-04-03 02:00"]
    )
    assert greetings.ledger() == [("2027-02-28", "SENT", ""), ("2027-03-31", "SENT", "")]


async def test_a_wall_time_that_comes_twice_in_autumn_fires_once_and_one_that_is_skipped_in_spring_is_not_lost(
    greetings: Greetings, sink: SinkProcess
) -> None:
    member = greetings.member(time_zone="Europe/Berlin")
    greetings.clock.set(utc("2026-10-24 10:00"))
    daily = RecurringTrigger(date(2026, 10, 25), Span(1, TimeUnit.DAY), last_date=date(2026, 10, 25))
    autumn = greetings.running(trigger=daily, send_at="02:30")
    await sent_on(
        greetings, autumn, moments=[f"2026-10-25 0{hour}:{minute}" for hour in (0, 1, 2) for minute in (29, 31)]
    )
    assert len(sink.messages(to=member.email)) == 1
    greetings.clock.set(utc("2027-03-27 22:00"))
    spring = greetings.running(trigger=OneOffTrigger(date(2027, 3, 28)), send_at="02:30")
    await sent_on(
        greetings, spring, moments=[f"2027-03-28 0{hour}:{minute}" for hour in (0, 1, 2) for minute in (29, 31)]
    )
    assert len(sink.messages(to=member.email)) == 2


async def test_one_campaign_greets_on_a_movable_feast_and_a_member_who_came_that_day_too(greetings: Greetings) -> None:
    greetings.member()
    greetings.clock.set(utc("2026-09-24 12:00"))
    campaign = greetings.running(trigger=OccasionTrigger(built_in_id("mid_autumn")))
    seen = await sent_on(greetings, campaign, moments=["2026-09-24 22:00", "2026-09-25 01:00"])
    greetings.member()
    seen += await sent_on(greetings, campaign, moments=["2026-09-25 02:00", "2026-09-27 02:00"])
    assert [len(each) for each in seen] == [1, 1, 2, 2]
    assert greetings.ledger() == [("2026-09-25", "SENT", "")] * 2


async def test_a_birthday_campaign_can_greet_some_days_before(greetings: Greetings) -> None:
    greetings.member(birthday=solar("1990-11-25"))
    campaign = greetings.running(trigger=BirthdayTrigger(days_before=3))
    assert (await sent_on(greetings, campaign, moments=["2026-11-22 02:00"]))[0] == [("2026-11-22", "SENT", "")]


async def test_an_event_is_answered_at_once_whatever_was_planned_before(
    greetings: Greetings, sink: SinkProcess
) -> None:
    member = greetings.member()
    did(greetings, member, act="case_closed", at="2026-11-21 02:00")  # before the campaign was started: never promised
    campaign = greetings.running(trigger=EventTrigger("case_closed"), send_at="")
    assert (await sent_on(greetings, campaign, moments=["2026-11-22 02:00"]))[0] == []
    greetings.clock.advance(timedelta(hours=1))
    did(greetings, member, act="case_closed", at="2026-11-22 03:00:05")
    seen = await sent_on(greetings, campaign, moments=["2026-11-22 03:00:06", "2026-11-22 03:02"])
    assert seen == [[("2026-11-22", "SENT", "")]] * 2
    assert len(sink.messages(to=member.email)) == 1


async def test_an_event_is_answered_after_the_delay_and_not_again_too_soon(
    greetings: Greetings, sink: SinkProcess
) -> None:
    member = greetings.member()
    trigger = EventTrigger("case_closed", Span(2, TimeUnit.HOUR), again_after_days=2)
    campaign = greetings.running(trigger=trigger, send_at="")
    greetings.plan(campaign)
    did(greetings, member, act="case_closed", at="2026-11-22 02:30")
    seen = await sent_on(greetings, campaign, moments=["2026-11-22 02:30", "2026-11-22 04:29", "2026-11-22 04:30"])
    assert [each[0][1] for each in seen] == ["PLANNED", "PLANNED", "SENT"]
    did(greetings, member, act="case_closed", at="2026-11-23 02:30")
    did(greetings, member, act="case_closed", at="2026-11-24 02:30")
    await sent_on(greetings, campaign, moments=["2026-11-22 05:00", "2026-11-24 05:00"])
    assert greetings.ledger() == [("2026-11-22", "SENT", ""), ("2026-11-24", "SENT", "")]
    assert len(sink.messages(to=member.email)) == 2


async def test_events_during_three_days_down_are_answered_or_told_to_be_too_late(greetings: Greetings) -> None:
    member = greetings.member()
    campaign = greetings.running(trigger=EventTrigger("case_closed"), send_at="", catch_up_days=1)
    greetings.plan(campaign)
    for day in ("22", "23", "24"):
        greetings.clock.set(utc(f"2026-11-{day} 12:00"))
        did(greetings, member, act="case_closed", at=f"2026-11-{day} 12:00")
    await sent_on(greetings, campaign, moments=["2026-11-25 02:00"])
    assert greetings.ledger() == [
        ("2026-11-22", "SKIPPED", "TOO_LATE"),
        ("2026-11-23", "SKIPPED", "TOO_LATE"),
        ("2026-11-24", "SENT", ""),
    ]
