"""What contracts says, as acts of members: campaigns answer, segments find them, and not every one breaks a silence."""

from datetime import datetime, timedelta

import pytest

from membercare.care.v1 import segment_pb2 as rules
from membercare.care.v1 import segments_service_pb2 as pb
from membercare.care.v1.segments_service_pb2_grpc import SegmentsServiceStub
from services.care.consumers import CareConsumers
from services.care.domain.campaigns.triggers import EventTrigger, InactivityTrigger
from tests.integration.calling import Calling
from tests.integration.care.greetings import Greetings, utc
from tests.integration.golden import heard, tell

CUSTOMER = heard("contracts.order_shipped")["data"]["customer_id"]
KINDS = (
    "chargeable_service_completed",
    "order_accepted",
    "order_delivered",
    "order_shipped",
    "renewal_lost",
    "renewal_opened",
    "warranty_expiring",
)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_campaign_answers_at_once_to_what_contracts_says_of_a_customer_however_often(
    greetings: Greetings, consumers: CareConsumers, kind: str
) -> None:
    member = greetings.member(customer_id=CUSTOMER)
    greetings.member()
    news = heard(f"contracts.{kind}")
    said = datetime.fromisoformat(news["data"]["occurred_time"])
    greetings.clock.set(said - timedelta(hours=1))
    campaign = greetings.running(trigger=EventTrigger(kind), send_at="")
    for _ in range(2):
        tell(consumers, news)
    greetings.clock.set(said + timedelta(minutes=1))
    greetings.plan(campaign)
    await greetings.dispatch()
    (touch,) = greetings.database["touches"].find()
    assert (touch["member_id"], touch["state"]) == (member.id, "TOUCH_STATE_SENT")


@pytest.mark.parametrize("kind", KINDS)
def test_a_segment_finds_whoever_contracts_said_it_of(
    calling: Calling, consumers: CareConsumers, greetings: Greetings, kind: str
) -> None:
    member, other = greetings.member(customer_id=CUSTOMER), greetings.member()
    tell(consumers, heard(f"contracts.{kind}"))
    ops = calling.as_role(SegmentsServiceStub, "ops")
    rule = rules.SegmentRule(act=rules.ActRule(name=kind, at_least=1, at_most=1))
    found = ops.CreateSegment(pb.CreateSegmentRequest(segment=rules.Segment(name="Told", rule=rule))).segment
    holds = [
        ops.ExplainMembership(pb.ExplainMembershipRequest(segment_id=found.id, member_id=each.id)).holds
        for each in (member, other)
    ]
    assert holds == [True, False]


async def test_what_comes_to_a_member_without_its_doing_breaks_no_silence(
    greetings: Greetings, consumers: CareConsumers
) -> None:
    member = greetings.member(customer_id=CUSTOMER)
    greetings.set_on(member.id, last_act_time=utc("2026-11-12 04:00"))
    silent = greetings.running(trigger=InactivityTrigger(10), send_at="18:00")
    greetings.plan(silent)
    for kind in ("order_shipped", "renewal_opened", "warranty_expiring", "contract_expired"):
        tell(consumers, heard(f"contracts.{kind}", occurred_time="2026-11-22T03:00:00Z"))
    greetings.clock.set(utc("2026-11-22 10:00"))
    await greetings.dispatch()
    assert greetings.ledger() == [("2026-11-22", "SENT", "")]


async def test_what_a_member_does_breaks_the_silence(greetings: Greetings, consumers: CareConsumers) -> None:
    member = greetings.member(customer_id=CUSTOMER)
    greetings.set_on(member.id, last_act_time=utc("2026-11-12 04:00"))
    silent = greetings.running(trigger=InactivityTrigger(10), send_at="18:00")
    greetings.plan(silent)
    tell(consumers, heard("contracts.order_accepted", occurred_time="2026-11-22T03:00:00Z"))
    greetings.clock.set(utc("2026-11-22 10:00"))
    await greetings.dispatch()
    assert greetings.ledger() == [("2026-11-22", "SKIPPED", "ACTIVE_AGAIN")]
