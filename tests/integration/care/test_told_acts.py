"""What members did elsewhere, told by the company's own systems."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import segment_pb2 as rules
from membercare.care.v1 import segments_service_pb2 as pb
from membercare.care.v1.segments_service_pb2_grpc import SegmentsServiceStub
from services.chassis.clock import SystemClock
from services.chassis.ids import derived_id
from services.chassis.timestamps import to_timestamp
from tests.integration.calling import Calling, refused

ANNA, NOBODY = derived_id("mem", "anna"), derived_id("mem", "nobody")
NOW = SystemClock().now()
BEFORE = NOW - timedelta(days=1)


@pytest.fixture
def ops(calling: Calling, database: Database[dict[str, Any]]) -> SegmentsServiceStub:
    database["members"].insert_one({"_id": ANNA})
    return calling.as_role(SegmentsServiceStub, "ops")


def an_act(**fields: Any) -> pb.ToldAct:
    told: dict[str, Any] = {"member_id": ANNA, "name": "bought", "occurred_time": to_timestamp(BEFORE), "key": "o-1"}
    return pb.ToldAct(**told | fields)


def test_an_act_counts_once_by_its_key_and_segments_find_it(
    ops: SegmentsServiceStub, database: Database[dict[str, Any]]
) -> None:
    request = pb.RecordActsRequest(acts=[an_act(), an_act(key="o-2"), an_act(member_id=NOBODY)])
    for _ in range(2):
        answer = ops.RecordActs(request)
        assert (answer.recorded, list(answer.unknown_member_ids)) == (2, [NOBODY])
    stored = database["members"].find_one({"_id": ANNA}) or {}
    assert stored["acts"] == {"bought": [BEFORE] * 2}
    rule = rules.ActRule(name="bought", at_least=2, at_most=2, days=7)
    segment = rules.Segment(name="Buyers", rule=rules.SegmentRule(act=rule))
    found = ops.CreateSegment(pb.CreateSegmentRequest(segment=segment)).segment
    told = ops.ExplainMembership(pb.ExplainMembershipRequest(segment_id=found.id, member_id=ANNA))
    assert told.holds


@pytest.mark.parametrize(
    ("act", "field"),
    [
        (an_act(member_id="anna"), "acts[1].member_id"),
        (an_act(name="Bought"), "acts[1].name"),
        (an_act(name="visit_completed"), "acts[1].name"),
        (an_act(key=""), "acts[1].key"),
        (an_act(occurred_time=None), "acts[1].occurred_time"),
        (an_act(occurred_time=to_timestamp(NOW + timedelta(days=2))), "acts[1].occurred_time"),
    ],
)
def test_one_wrong_act_refuses_all_and_nothing_is_recorded(
    ops: SegmentsServiceStub, database: Database[dict[str, Any]], *, act: pb.ToldAct, field: str
) -> None:
    refusal = refused(ops.RecordActs, pb.RecordActsRequest(acts=[an_act(), act]))
    assert refusal.field == field
    assert database["members"].find_one({"_id": ANNA}) == {"_id": ANNA}


def test_no_acts_and_too_many_are_refused(ops: SegmentsServiceStub) -> None:
    for count in (0, 501):
        assert refused(ops.RecordActs, pb.RecordActsRequest(acts=[an_act()] * count)).field == "acts"
