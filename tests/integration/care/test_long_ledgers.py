"""However much is done and told, nobody reads it all to learn of a little."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import care_service_pb2 as pb
from membercare.care.v1 import visit_pb2
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from services.care.domain.visits.kinds import VisitKind, VisitState
from services.care.domain.visits.visit import Visit
from services.care.store.campaigns.planned_before import MongoPlannedBefore
from services.care.store.sending.batches import DONE, FILLING, READY, new_batch
from services.care.store.visits.visits import MongoVisits
from services.chassis.clock import SystemClock
from services.chassis.ids import derived_id
from tests.integration.calling import Calling
from tests.integration.care.calls_due import LINDA, next_of, planned
from tests.integration.profiled import examined, of, profiled, scanned

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
CAMPAIGN, OTHER = derived_id("cmp", "one"), derived_id("cmp", "other")
Documents = Database[dict[str, Any]]


def store_batches(database: Documents, campaign_id: str, *, state: str, count: int) -> None:
    made = [
        new_batch(f"{campaign_id}/{state}/{number}", campaign_id, channel="email", due_at=NOW) | {"state": state}
        for number in range(count)
    ]
    database["batches"].insert_many(made)


@pytest.mark.parametrize(("state", "settled"), [(DONE, True), (FILLING, False), (READY, False)])
def test_whether_a_campaign_is_settled_is_asked_of_batches_that_are_still_to_do(
    calling: Calling, database: Documents, *, state: str, settled: bool
) -> None:
    store_batches(database, OTHER, state=DONE, count=200)
    store_batches(database, OTHER, state=READY, count=2)
    store_batches(database, OTHER, state=FILLING, count=2)
    store_batches(database, CAMPAIGN, state=DONE, count=200)
    store_batches(database, CAMPAIGN, state=state, count=1) if state != DONE else None
    with profiled(database) as operations:
        assert MongoPlannedBefore().is_settled(CAMPAIGN) is settled
    assert examined(of(operations, "batches")) <= 5
    assert scanned(operations) == []


def store_visits(database: Documents, *, state: VisitState, kind: VisitKind | None, count: int) -> list[str]:
    """Store visits and return their ids; without a kind, as the first version wrote them."""
    store = MongoVisits.of(SystemClock()).store
    ids = [derived_id("vis", state, str(kind), str(number)) for number in range(count)]
    stored = kind or VisitKind.AFTER_ACTIVATION
    visits = [Visit(each, "con_1", "cus_1", "2026-11-01", NOW, state=state, kind=stored) for each in ids]
    database["visits"].insert_many([store.new_document(each) for each in visits])
    if kind is None:
        database["visits"].update_many({"_id": {"$in": ids}}, {"$unset": {"kind": ""}})
    return ids


@pytest.mark.parametrize(
    ("match", "found"),
    [
        (pb.VisitFilter(state=visit_pb2.VISIT_STATE_CANCELLED), ["cancelled", "old"]),
        (pb.VisitFilter(kind=visit_pb2.VISIT_KIND_CONFIRM), ["cancelled", "confirm"]),
        (pb.VisitFilter(state=visit_pb2.VISIT_STATE_DUE, kind=visit_pb2.VISIT_KIND_CONFIRM), ["confirm"]),
    ],
)
def test_a_list_of_rare_visits_reads_no_more_than_it_shows(
    calling: Calling, database: Documents, *, match: pb.VisitFilter, found: list[str]
) -> None:
    store_visits(database, state=VisitState.COMPLETED, kind=VisitKind.AFTER_DELIVERY, count=300)
    store_visits(database, state=VisitState.DUE, kind=VisitKind.AFTER_SERVICE, count=50)
    ids = {
        "cancelled": store_visits(database, state=VisitState.CANCELLED, kind=VisitKind.CONFIRM, count=4),
        "confirm": store_visits(database, state=VisitState.DUE, kind=VisitKind.CONFIRM, count=4),
        "old": store_visits(database, state=VisitState.CANCELLED, kind=None, count=4),
    }
    expected = sorted(each for name in found for each in ids[name])
    ops = calling.as_role(CareServiceStub, "ops")
    with profiled(database) as operations:
        first = ops.ListVisits(pb.ListVisitsRequest(filter=match, page_size=3))
    assert [each.id for each in first.visits] == expected[:3]
    (listed,) = of(operations, "visits")
    assert listed["docsExamined"] == listed["nreturned"] == 4
    assert not listed.get("hasSortStage")
    rest = ops.ListVisits(pb.ListVisitsRequest(filter=match, page_token=first.next_page_token))
    assert [each.id for each in rest.visits] == expected[3:]


@pytest.mark.parametrize("why", ["later", "window"])
def test_an_agent_who_comes_too_early_costs_no_look_at_the_members_of_all_calls(
    calling: Calling, database: Documents, *, why: str
) -> None:
    now = SystemClock().now()
    early = (
        {"window_from": "20:00", "window_to": "21:00"}
        if now.hour < 12
        else {"window_from": "01:00", "window_to": "02:00"}
    )
    not_yet = (
        {"next_at": now + timedelta(hours=1)} if why == "later" else {"next_at": None, "time_zone": "UTC", **early}
    )
    owned, nobodys = planned(60, owner_id=LINDA), planned(60)
    members = {each: derived_id("mem", each) for each in (*owned, *nobodys)}
    for visit, member in members.items():
        database["visits"].update_one({"_id": visit}, {"$set": {"member_id": member, **not_yet}})
    with profiled(database) as operations:
        assert next_of(calling, LINDA, subject="linda") == ""
    assert of(operations, "members") == []
    assert sum(each["nreturned"] for each in of(operations, "visits")) == (0 if why == "later" else 120)
    database["visits"].update_one(
        {"_id": nobodys[7]}, {"$set": {"next_at": None, "window_from": "00:00", "window_to": "24:00"}}
    )
    database["members"].insert_one({"_id": members[nobodys[7]]})
    assert next_of(calling, LINDA, subject="linda") == nobodys[7]
