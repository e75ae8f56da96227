from datetime import timedelta

import pytest

from membercare.care.v1 import care_service_pb2 as pb
from membercare.care.v1 import touch_pb2
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from services.care.domain.sending.touch import TouchState
from services.chassis.errors import Kind
from tests.integration.calling import Calling, refused
from tests.integration.care.greetings import Greetings, solar, utc

BORN = solar("1990-11-22")
NO_TOUCH = "tch_00000000000000000000000000"


async def _unknown_touch(greetings: Greetings) -> str:
    greetings.member(birthday=BORN)
    greetings.plan(greetings.running())
    (touch,) = greetings.database["touches"].find()
    lost = {"$set": {"state": TouchState.UNKNOWN.value, "reason": "INTERRUPTED", "attempts": 1}}
    greetings.database["touches"].update_one({"_id": touch["_id"]}, lost)
    greetings.database["batches"].update_many({}, {"$set": {"state": "done"}})
    touch_id: str = touch["_id"]
    return touch_id


async def test_the_ledger_is_listed_by_state_and_by_member(calling: Calling, greetings: Greetings) -> None:
    sent = greetings.member(birthday=BORN)
    skipped = greetings.member(birthday=BORN, email="")
    campaign = greetings.running()
    greetings.plan(campaign)
    await greetings.dispatch()
    ops = calling.as_role(CareServiceStub, "ops")
    match = pb.TouchFilter(campaign_id=campaign.id, state=touch_pb2.TOUCH_STATE_SKIPPED)
    (touch,) = ops.ListTouches(pb.ListTouchesRequest(filter=match)).touches
    assert (touch.member_id, touch.reason, touch.attempts) == (skipped.id, "NO_EMAIL_ADDRESS", 0)
    asked = pb.BatchListTouchesByMemberRequest(member_ids=[sent.id, skipped.id])
    found = {each.member_id: each.touches for each in ops.BatchListTouchesByMember(asked).results}
    assert found[sent.id][0].state == touch_pb2.TOUCH_STATE_SENT
    assert found[sent.id][0].occurrence == "birthday/2026"


async def test_the_latest_touches_of_a_member_come_first(calling: Calling, greetings: Greetings) -> None:
    member = greetings.member(birthday=BORN)
    campaign = greetings.running()
    for year in (2026, 2027, 2028):
        greetings.clock.set(utc(f"{year}-11-22 02:00"))
        greetings.plan(campaign)
    asked = pb.BatchListTouchesByMemberRequest(member_ids=[member.id], limit_per_member=2)
    (result,) = calling.as_role(CareServiceStub, "ops").BatchListTouchesByMember(asked).results
    assert [touch.date for touch in result.touches] == ["2028-11-22", "2027-11-22"]


async def test_a_person_settles_an_unknown_touch_as_sent(calling: Calling, greetings: Greetings) -> None:
    touch_id = await _unknown_touch(greetings)
    request = pb.ResolveTouchRequest(touch_id=touch_id, resolution=pb.TOUCH_RESOLUTION_SENT)
    touch = calling.as_role(CareServiceStub, "ops").ResolveTouch(request).touch
    assert (touch.state, touch.reason) == (touch_pb2.TOUCH_STATE_SENT, "")


async def test_a_person_has_an_unknown_touch_sent_again(calling: Calling, greetings: Greetings) -> None:
    touch_id = await _unknown_touch(greetings)
    request = pb.ResolveTouchRequest(touch_id=touch_id, resolution=pb.TOUCH_RESOLUTION_SEND_AGAIN)
    calling.as_role(CareServiceStub, "ops").ResolveTouch(request)
    greetings.clock.set(utc("2026-11-22 03:00") + timedelta(days=0))
    greetings.database["batches"].update_many({"state": "ready"}, {"$set": {"due_at": utc("2026-11-22 02:00")}})
    assert await greetings.dispatch() == 1
    assert greetings.ledger() == [("2026-11-22", "SENT", "")]


@pytest.mark.parametrize("word", [pb.TOUCH_RESOLUTION_SENT, pb.TOUCH_RESOLUTION_SEND_AGAIN])
async def test_a_decision_that_is_said_again_is_answered_and_sends_nothing_once_more(
    calling: Calling, greetings: Greetings, word: "pb.TouchResolution.ValueType"
) -> None:
    touch_id = await _unknown_touch(greetings)
    request = pb.ResolveTouchRequest(touch_id=touch_id, resolution=word, request_id="first")
    ops = calling.as_role(CareServiceStub, "ops")
    first = ops.ResolveTouch(request).touch
    assert ops.ResolveTouch(request).touch == first
    greetings.database["touches"].update_one({"_id": touch_id}, {"$set": {"state": "TOUCH_STATE_UNKNOWN"}})
    batches = greetings.database["batches"].count_documents({})
    assert ops.ResolveTouch(request).touch.state == touch_pb2.TOUCH_STATE_UNKNOWN
    assert greetings.database["batches"].count_documents({}) == batches
    request.request_id = "second"
    assert ops.ResolveTouch(request).touch.state == first.state


@pytest.mark.parametrize(
    ("touch_id", "resolution", "kind", "reason"),
    [
        (NO_TOUCH, pb.TOUCH_RESOLUTION_SENT, Kind.NOT_FOUND, "TOUCH_NOT_FOUND"),
        ("mem_00000000000000000000000000", pb.TOUCH_RESOLUTION_SENT, Kind.INVALID, "INVALID_ID"),
        (NO_TOUCH, pb.TOUCH_RESOLUTION_UNSPECIFIED, Kind.INVALID, "INVALID_FIELD"),
    ],
)
def test_a_decision_about_nothing_is_refused(
    calling: Calling, touch_id: str, resolution: "pb.TouchResolution.ValueType", kind: Kind, reason: str
) -> None:
    request = pb.ResolveTouchRequest(touch_id=touch_id, resolution=resolution)
    refusal = refused(calling.as_role(CareServiceStub, "ops").ResolveTouch, request)
    assert (refusal.kind, refusal.reason) == (kind, reason)


async def test_a_touch_whose_fate_is_known_needs_no_decision(calling: Calling, greetings: Greetings) -> None:
    greetings.member(birthday=BORN)
    greetings.plan(greetings.running())
    await greetings.dispatch()
    (touch,) = greetings.database["touches"].find()
    request = pb.ResolveTouchRequest(touch_id=touch["_id"], resolution=pb.TOUCH_RESOLUTION_SEND_AGAIN)
    refusal = refused(calling.as_role(CareServiceStub, "ops").ResolveTouch, request)
    assert refusal.reason == "TOUCH_NOT_UNKNOWN"
    assert greetings.ledger() == [("2026-11-22", "SENT", "")]
