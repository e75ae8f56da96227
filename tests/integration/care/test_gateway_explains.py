"""Why somebody will or will not hear from a campaign, of every kind, through the real gateway and the real service."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from membercare.care.v1 import members_service_pb2 as people
from membercare.care.v1.members_service_pb2_grpc import MembersServiceStub
from services.care.domain.calendars.occasion import built_in_id
from services.care.domain.campaigns.campaign import CampaignVerb
from services.care.domain.campaigns.plan import Audience, Holdout
from services.care.domain.campaigns.triggers import (
    AfterEventTrigger,
    BeforeDateTrigger,
    DateKind,
    EventTrigger,
    InactivityTrigger,
    OccasionTrigger,
    OneOffTrigger,
    RecurringTrigger,
)
from services.care.domain.journeys.steps import EndStep
from services.care.domain.span import Span, TimeUnit
from services.chassis.clock import SystemClock
from tests.fakes.suite import Client
from tests.integration.calling import Calling
from tests.integration.care.greetings import Greetings, solar
from tests.integration.care.journeying import Journeys

EXPLAIN = """{ explainMember(campaignId: "%s", memberId: "%s") { verdict nextDate explanationEn explanationZh } }"""
SEGMENT = """mutation { createSegment(input: {name: "%s", rule: {tag: ["%s"]}}) {
  ... on SegmentPayload { segment { id } } } }"""
TODAY = SystemClock().now().astimezone(ZoneInfo("Asia/Shanghai")).date()
"""The service goes by the real time; the members live in Shanghai, and so does the company."""
SOON = TODAY + timedelta(days=9)


def ago(days: int) -> datetime:
    return datetime.combine(TODAY - timedelta(days=days), datetime.min.time(), UTC) + timedelta(hours=1)


async def told(gateway: Client, campaign: Any, *, member: Any) -> tuple[str, str | None]:
    found = (await gateway.data(EXPLAIN % (campaign.id, member.id), roles=("agent",)))["explainMember"]
    return found["verdict"], found["nextDate"]


async def segment(gateway: Client, tag: str) -> str:
    made = await gateway.data(SEGMENT % (tag, tag), roles=("ops",))
    return str(made["createSegment"]["segment"]["id"])


@pytest.mark.parametrize(
    ("trigger", "stored"),
    [
        (OneOffTrigger(SOON), {}),
        (RecurringTrigger(SOON - timedelta(days=20), Span(20, TimeUnit.DAY)), {}),
        (
            BeforeDateTrigger(DateKind.ATTRIBUTE, Span(3, TimeUnit.DAY), attribute="handover"),
            {"attributes": {"handover": f"{SOON + timedelta(days=3)}"}},
        ),
        (
            BeforeDateTrigger(DateKind.CONTRACT_END, Span(30, TimeUnit.DAY)),
            {"contracts": [{"id": "con_1", "state": "active", "end_date": f"{SOON + timedelta(days=30)}"}]},
        ),
        (AfterEventTrigger("delivered", Span(14, TimeUnit.DAY)), {"acts": {"delivered": [ago(5)]}}),
        (EventTrigger("delivered", Span(14, TimeUnit.DAY)), {"acts": {"delivered": [ago(5)]}}),
        (InactivityTrigger(30), {"last_act_time": ago(21)}),
    ],
    ids=lambda each: getattr(each, "kind", None) or "with",
)
async def test_a_member_is_told_the_next_day_of_a_campaign_of_any_kind_and_without_its_cause_that_there_is_none(
    gateway: Client, greetings: Greetings, trigger: Any, stored: dict[str, Any]
) -> None:
    member, other = greetings.member(), greetings.member(birthday=solar("1990-05-01"))
    greetings.set_on(member.id, **(stored or {"tags": []}))
    greetings.clock.set(ago(20))
    campaign = greetings.running(trigger=trigger, send_at="10:00")
    assert await told(gateway, campaign, member=member) == ("WILL_BE_GREETED", f"{SOON}")
    assert await told(gateway, campaign, member=other) == (
        ("NOT_DUE", None) if stored else ("WILL_BE_GREETED", f"{SOON}")
    )


async def test_the_next_new_year_is_told_a_day_ahead_where_the_campaign_says_so(
    gateway: Client, greetings: Greetings
) -> None:
    eve = next(day for day in (date(TODAY.year, 12, 31), date(TODAY.year + 1, 12, 31)) if day >= TODAY)
    campaign = greetings.running(trigger=OccasionTrigger(built_in_id("new_year"), days_before=1))
    assert await told(gateway, campaign, member=greetings.member()) == ("WILL_BE_GREETED", f"{eve}")


async def test_who_is_outside_the_audience_or_left_out_of_it_is_told_so_and_not_that_a_greeting_comes(
    gateway: Client, greetings: Greetings
) -> None:
    gold, staff = await segment(gateway, "gold"), await segment(gateway, "staff")
    inside, outside = greetings.member(tags=["gold"]), greetings.member()
    excluded = greetings.member(tags=["gold", "staff"])
    campaign = greetings.running(trigger=OneOffTrigger(SOON), audience=Audience(gold, (staff,)))
    assert await told(gateway, campaign, member=inside) == ("WILL_BE_GREETED", f"{SOON}")
    assert await told(gateway, campaign, member=outside) == ("NOT_IN_AUDIENCE", None)
    assert await told(gateway, campaign, member=excluded) == ("NOT_IN_AUDIENCE", None)
    birthdays = greetings.running(audience=Audience(gold))
    assert await told(gateway, birthdays, member=greetings.member(birthday=solar("1990-05-01"))) == (
        "NOT_IN_AUDIENCE",
        None,
    )


async def test_the_control_group_the_consent_and_a_paused_campaign_are_told_for_a_one_off_campaign_too(
    gateway: Client, greetings: Greetings
) -> None:
    silent, unasked = greetings.member(), greetings.member(email_consent=False)
    held_out = [greetings.member() for _ in range(12)]
    campaign = greetings.running(trigger=OneOffTrigger(SOON), holdout=Holdout(5_000))
    assert ("HOLDOUT", f"{SOON}") in [await told(gateway, campaign, member=each) for each in held_out]
    plain = greetings.running(trigger=OneOffTrigger(SOON))
    assert await told(gateway, plain, member=unasked) == ("NO_EMAIL_CONSENT", f"{SOON}")
    greetings.move(plain, CampaignVerb.PAUSE)
    assert await told(gateway, plain, member=silent) == ("CAMPAIGN_NOT_RUNNING", f"{SOON}")


async def test_what_stands_in_the_ledger_of_a_campaign_that_is_over_is_told(
    gateway: Client, greetings: Greetings
) -> None:
    sent, unreachable = greetings.member(), greetings.member(email="")
    campaign = greetings.running(trigger=OneOffTrigger(date(2026, 11, 22)), send_at="10:00")
    greetings.plan(campaign)
    await greetings.dispatch()
    assert await told(gateway, campaign, member=sent) == ("ALREADY_PLANNED", "2026-11-22")
    assert await told(gateway, campaign, member=unreachable) == ("NO_EMAIL_ADDRESS", "2026-11-22")


async def test_who_is_on_a_journey_is_told_so_and_a_doublet_that_was_merged_is_nobody(
    gateway: Client, greetings: Greetings, calling: Calling
) -> None:
    member, doublet = greetings.member(), greetings.member()
    journeys = Journeys(greetings)
    campaign = journeys.running(EndStep("over"))
    journeys.enrol(campaign)
    calling.as_role(MembersServiceStub, "ops").MergeMembers(
        people.MergeMembersRequest(member_id=doublet.id, into_id=member.id)
    )
    assert await told(gateway, campaign, member=member) == ("IN_JOURNEY", None)
    assert await told(gateway, campaign, member=doublet) == ("MEMBER_GONE", None)
    found = (await gateway.data(EXPLAIN % (campaign.id, member.id), roles=("agent",)))["explainMember"]
    assert found["explanationEn"] == "The member is on the journey of the campaign, or has been through it."
    assert found["explanationZh"] == "该会员正在或已经走过该活动的旅程。"
