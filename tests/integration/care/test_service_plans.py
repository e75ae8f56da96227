"""Service plans over a real socket: visits appear in time, once, and follow every change of the plan."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import care_service_pb2 as care
from membercare.care.v1 import results_service_pb2 as pb
from membercare.care.v1 import service_plan_pb2, visit_pb2
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.results_service_pb2_grpc import ResultsServiceStub
from services.care.app.results import build_follow_plan
from services.care.config import Settings
from services.care.consumers import CareConsumers
from services.care.store.results.service_plans import MongoServicePlans
from services.care.usecases.results.service_plans import SweepPlans
from services.chassis.clock import SystemClock
from services.chassis.ids import derived_id
from tests.fakes.clock import FrozenClock
from tests.integration.calling import Calling, refused
from tests.integration.care.greetings import utc
from tests.integration.golden import heard, tell
from tests.integration.profiled import of, profiled

CUSTOMER = "cus_00000000000000000000000001"
LINDA, OMAR = (f"emp_0000000000000000000000000{last}" for last in "12")
YEAR = 2090
SURVIVOR = "cus_0000000000000000000000000S"
NOWHERE = "pln_00000000000000000000000000"


def an_item(code: str = "review", **fields: Any) -> service_plan_pb2.PlanItem:
    defaults: dict[str, Any] = {"code": code, "topic": "Review", "months": [1, 4, 7, 10], "day": 15}
    return service_plan_pb2.PlanItem(**defaults | fields)


def a_plan(calling: Calling, *items: service_plan_pb2.PlanItem, **fields: Any) -> service_plan_pb2.ServicePlan:
    asked: dict[str, Any] = {
        "customer_id": CUSTOMER,
        "year": YEAR,
        "title": "Key account",
        "manager_id": LINDA,
        "items": items or [an_item()],
    }
    return manager(calling).CreateServicePlan(pb.CreateServicePlanRequest(**asked | fields)).service_plan


def manager(calling: Calling) -> ResultsServiceStub:
    return calling.as_role(ResultsServiceStub, "manager")


def swept(now: str) -> int:
    clock = FrozenClock(utc(now))
    sweep = SweepPlans(MongoServicePlans(clock), build_follow_plan(Settings(), clock))
    failed: list[str] = []
    done = sweep(lambda: True, lambda key, _: failed.append(key))
    assert failed == []
    return done


def visits(database: Database[dict[str, Any]]) -> list[tuple[str, str, str]]:
    found = database["visits"].find().sort("due_date")
    return [(each["due_date"], each["owner_id"], each["state"].removeprefix("VISIT_STATE_")) for each in found]


def test_visits_of_a_plan_appear_two_weeks_before_their_day_once_and_late_ones_are_caught_up(
    calling: Calling, database: Database[dict[str, Any]]
) -> None:
    a_plan(calling)
    assert visits(database) == []
    assert [swept(f"{YEAR}-01-01 01:00") for _ in range(2)] == [1, 0]
    assert visits(database) == [(f"{YEAR}-01-15", LINDA, "DUE")]
    assert swept(f"{YEAR}-08-01 01:00") == 2  # nobody looked for half a year
    assert [day for day, _, _ in visits(database)] == [f"{YEAR}-01-15", f"{YEAR}-04-15", f"{YEAR}-07-15"]


def test_a_repeated_request_draws_up_one_plan_and_a_customer_has_one_a_year(
    calling: Calling, database: Database[dict[str, Any]]
) -> None:
    first = a_plan(calling, request_id="r1")
    assert a_plan(calling, request_id="r1").id == first.id
    again = pb.CreateServicePlanRequest(
        customer_id=CUSTOMER, year=YEAR, title="Again", manager_id=OMAR, items=[an_item()]
    )
    assert refused(manager(calling).CreateServicePlan, again).reason == "SERVICE_PLAN_EXISTS"
    assert database["service_plans"].count_documents({}) == 1


def test_another_manager_gets_the_open_visits_and_those_to_come(
    calling: Calling, database: Database[dict[str, Any]]
) -> None:
    plan = a_plan(calling)
    swept(f"{YEAR}-01-01 01:00")
    asked = pb.HandOverServicePlanRequest(service_plan_id=plan.id, manager_id=OMAR, etag="1", request_id="r1")
    handed = manager(calling).HandOverServicePlan(asked).service_plan
    assert (handed.manager_id, [each.manager_id for each in handed.managers]) == (OMAR, [LINDA, OMAR])
    swept(f"{YEAR}-04-10 01:00")
    assert Counter(owner for _, owner, _ in visits(database)) == {OMAR: 2}
    stale = pb.HandOverServicePlanRequest(service_plan_id=plan.id, manager_id=LINDA, etag="1")
    assert refused(manager(calling).HandOverServicePlan, stale).reason == "STALE_VERSION"


def test_what_a_plan_does_not_ask_for_any_more_is_withdrawn_and_what_was_made_stays(
    calling: Calling, database: Database[dict[str, Any]]
) -> None:
    plan = a_plan(calling, an_item(), an_item("audit", months=[1], day=20, topic="Audit"))
    swept(f"{YEAR}-01-10 01:00")
    kept = database["visits"].find_one({"topic": "Review"})
    assert kept is not None
    calling.as_role(CareServiceStub, "agent").CompleteVisit(
        care.CompleteVisitRequest(visit_id=kept["_id"], outcome=visit_pb2.VISIT_OUTCOME_SATISFIED)
    )
    only = [an_item("dinner", months=[12], topic="Dinner")]
    update = pb.UpdateServicePlanRequest(service_plan_id=plan.id, title="Less", items=only)
    assert manager(calling).UpdateServicePlan(update).service_plan.title == "Less"
    assert [state for _, _, state in visits(database)] == ["COMPLETED", "CANCELLED"]
    ended = manager(calling).EndServicePlan(pb.EndServicePlanRequest(service_plan_id=plan.id)).service_plan
    assert ended.HasField("ended_time")
    assert refused(manager(calling).UpdateServicePlan, update).reason == "SERVICE_PLAN_ENDED"


def test_a_plan_is_copied_to_the_next_year_with_the_manager_in_charge(calling: Calling) -> None:
    plan = a_plan(calling)
    manager(calling).HandOverServicePlan(pb.HandOverServicePlanRequest(service_plan_id=plan.id, manager_id=OMAR))
    asked = pb.CopyServicePlanRequest(service_plan_id=plan.id, request_id="r1")
    copy = manager(calling).CopyServicePlan(asked).service_plan
    assert (copy.year, copy.manager_id, copy.copied_from_id, copy.start_date) == (
        YEAR + 1,
        OMAR,
        plan.id,
        f"{YEAR + 1}-01-01",
    )
    assert [item.code for item in copy.items] == ["review"]
    assert manager(calling).CopyServicePlan(asked).service_plan.id == copy.id
    again = pb.CopyServicePlanRequest(service_plan_id=plan.id)
    assert refused(manager(calling).CopyServicePlan, again).reason == "SERVICE_PLAN_EXISTS"


def test_a_report_sets_what_was_done_against_what_was_planned(calling: Calling) -> None:
    today = SystemClock().now().date()
    first = max(today - timedelta(days=40), date(today.year, 1, 1))
    plan = a_plan(calling, an_item(months=[], every_days=182), year=today.year, start_date=first.isoformat())
    report = manager(calling).GetPlanAdherence(pb.GetPlanAdherenceRequest(service_plan_id=plan.id))
    assert report.slots[0].date == first.isoformat()
    assert report.slots[0].visit_id.startswith("vis_")
    assert report.missed + report.upcoming == len(report.slots)
    calling.as_role(CareServiceStub, "agent").CompleteVisit(
        care.CompleteVisitRequest(visit_id=report.slots[0].visit_id, outcome=visit_pb2.VISIT_OUTCOME_SATISFIED)
    )
    after = manager(calling).GetPlanAdherence(pb.GetPlanAdherenceRequest(service_plan_id=plan.id))
    assert (after.on_time + after.late, after.permille) == (1, 1000)


def test_plans_are_listed_by_customer_year_and_who_is_in_charge(calling: Calling) -> None:
    plan = a_plan(calling)
    other = a_plan(calling, year=YEAR + 1, manager_id=OMAR)
    stub = calling.as_role(ResultsServiceStub, "auditor")

    def listed(**fields: Any) -> set[str]:
        asked = pb.ListServicePlansRequest(filter=pb.ServicePlanFilter(**fields))
        return {each.id for each in stub.ListServicePlans(asked).service_plans}

    assert listed() == {plan.id, other.id}
    assert (listed(year=YEAR), listed(manager_id=OMAR)) == ({plan.id}, {other.id})
    found = stub.BatchGetServicePlans(pb.BatchGetServicePlansRequest(service_plan_ids=[plan.id, NOWHERE]))
    assert [each.id for each in found.service_plans] == [plan.id]


@pytest.mark.parametrize(
    ("fields", "reason", "field"),
    [
        ({"customer_id": LINDA}, "INVALID_ID", "customer_id"),
        ({"manager_id": ""}, "INVALID_ID", "manager_id"),
        ({"year": 0}, "INVALID_FIELD", "year"),
        ({"year": 10_000}, "INVALID_FIELD", "year"),
        ({"title": ""}, "INVALID_FIELD", "title"),
        ({"items": []}, "INVALID_FIELD", "items"),
        ({"items": [an_item(), an_item()]}, "INVALID_FIELD", "items"),
        ({"start_date": "2026-01-01"}, "INVALID_FIELD", "start_date"),
    ],
)
def test_a_plan_that_is_wrong_is_refused_and_nothing_is_written(
    calling: Calling, database: Database[dict[str, Any]], fields: dict[str, Any], *, reason: str, field: str
) -> None:
    asked: dict[str, Any] = {
        "customer_id": CUSTOMER,
        "year": YEAR,
        "title": "Key account",
        "manager_id": LINDA,
        "items": [an_item()],
    }
    refusal = refused(manager(calling).CreateServicePlan, pb.CreateServicePlanRequest(**asked | fields))
    assert (refusal.reason, refusal.field) == (reason, field)
    assert [database[name].count_documents({}) for name in ("service_plans", "visits")] == [0, 0]
    missing = pb.GetPlanAdherenceRequest(service_plan_id=NOWHERE)
    assert refused(manager(calling).GetPlanAdherence, missing).reason == "SERVICE_PLAN_NOT_FOUND"


def test_plans_of_a_customer_that_was_merged_go_along_with_their_visits_and_nothing_is_planned_twice(
    calling: Calling, consumers: CareConsumers, database: Database[dict[str, Any]]
) -> None:
    plan = a_plan(calling)
    assert swept(f"{YEAR}-01-02 00:00") == 1
    for _ in range(2):
        tell(consumers, heard("contracts.customer_merged", customer_id=CUSTOMER, into_id=SURVIVOR))
    (stored,) = database["service_plans"].find()
    assert (stored["_id"], stored["customer_id"]) == (plan.id, SURVIVOR)
    before = visits(database)
    assert swept(f"{YEAR}-01-02 00:00") == 0
    assert visits(database) == before
    assert swept(f"{YEAR}-04-02 00:00") == 1
    assert {each["customer_id"] for each in database["visits"].find()} == {SURVIVOR}


def test_a_plan_that_came_by_a_merge_is_the_plan_of_that_year(
    calling: Calling, consumers: CareConsumers, database: Database[dict[str, Any]]
) -> None:
    plan = a_plan(calling)
    tell(consumers, heard("contracts.customer_merged", customer_id=CUSTOMER, into_id=SURVIVOR))
    asked = pb.CreateServicePlanRequest(
        customer_id=SURVIVOR, year=YEAR, title="Again", manager_id=LINDA, items=[an_item()]
    )
    refusal = refused(manager(calling).CreateServicePlan, asked)
    assert (refusal.reason, refusal.metadata["service_plan_id"]) == ("SERVICE_PLAN_EXISTS", plan.id)
    assert database["service_plans"].count_documents({}) == 1


def test_a_visit_that_comes_with_a_change_while_the_leader_follows_the_plan_as_it_was_is_made(
    calling: Calling, database: Database[dict[str, Any]]
) -> None:
    plan = a_plan(calling)
    clock = FrozenClock(utc(f"{YEAR}-01-10 01:00"))
    plans, follow = MongoServicePlans(clock), build_follow_plan(Settings(), clock)
    as_it_was = plans.get(plan.id)
    both = [an_item(), an_item("audit", months=[1], day=20, topic="Audit")]
    manager(calling).UpdateServicePlan(pb.UpdateServicePlanRequest(service_plan_id=plan.id, title="More", items=both))
    follow(plans.get(plan.id))
    follow(as_it_was)
    swept(f"{YEAR}-01-10 01:01")
    assert visits(database) == [(f"{YEAR}-01-15", LINDA, "DUE"), (f"{YEAR}-01-20", LINDA, "DUE")]


def test_what_a_plan_asks_for_again_is_made_by_whoever_is_in_charge_now(
    calling: Calling, database: Database[dict[str, Any]]
) -> None:
    plan = a_plan(calling)
    swept(f"{YEAR}-01-10 01:00")
    only = [an_item("dinner", months=[12], topic="Dinner")]
    manager(calling).UpdateServicePlan(pb.UpdateServicePlanRequest(service_plan_id=plan.id, title="Less", items=only))
    manager(calling).HandOverServicePlan(pb.HandOverServicePlanRequest(service_plan_id=plan.id, manager_id=OMAR))
    again = [*only, an_item()]
    manager(calling).UpdateServicePlan(pb.UpdateServicePlanRequest(service_plan_id=plan.id, title="Same", items=again))
    swept(f"{YEAR}-01-10 01:02")
    assert visits(database) == [(f"{YEAR}-01-15", OMAR, "DUE")]
    (visit,) = database["visits"].find()
    assert (visit["cancel_reason"], [each["type"] for each in visit["outbox"]]) == ("", ["visit_due"])


def test_plans_for_which_nothing_is_to_be_done_cost_two_reads_however_many_they_are(
    calling: Calling, database: Database[dict[str, Any]]
) -> None:
    plans = [a_plan(calling, customer_id=derived_id("cus", str(number))) for number in range(12)]
    assert [swept(f"{YEAR}-08-01 01:00") for _ in range(2)] == [36, 0]
    with profiled(database) as operations:
        assert swept(f"{YEAR}-08-01 01:05") == 0
    there, not_made = of(operations, "visits")
    assert (there["docsExamined"], there["nreturned"]) == (0, 36)
    assert not_made["nreturned"] == 36
    assert len(of(operations, "service_plans")) == 1
    only = [an_item("dinner", months=[12], topic="Dinner")]
    manager(calling).UpdateServicePlan(
        pb.UpdateServicePlanRequest(service_plan_id=plans[3].id, title="Less", items=only)
    )
    assert Counter(state for _, _, state in visits(database)) == {"DUE": 33, "CANCELLED": 3}
    assert swept(f"{YEAR}-12-10 01:00") == 12
