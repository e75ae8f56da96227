"""Every change of service plans arrives as it was meant, and reports are read as asked."""

from typing import Any
from uuid import UUID

import pytest

from membercare.care.v1 import care_service_pb2, service_plan_pb2
from membercare.care.v1 import results_service_pb2 as pb
from tests.fakes.company import a_visit, an_id
from tests.fakes.rooms import SERVICES
from tests.fakes.suite import Client, FakeSuite

READS = ("Get", "BatchGet", "List", "BatchList", "Report", "Export")
(ROOM,) = (service for service in SERVICES["care"] if service.name == "ResultsService")
PLN, CUS, EMP, VIS = (an_id(prefix, 1) for prefix in ("pln", "cus", "emp", "vis"))
PLAN = service_plan_pb2.ServicePlan(id=PLN, customer_id=CUS, year=2027, title="Key account", manager_id=EMP)
GUARDS, GUARDED = 'etag: "3", requestId: "r1"', {"etag": "3", "request_id": "r1"}
ITEMS = 'title: "Key account", items: [{code: "review", topic: "Review", months: [1, 7], day: 15, means: ONSITE}]'
CONTENT = {
    "title": "Key account",
    "items": [{"code": "review", "topic": "Review", "months": [1, 7], "day": 15, "means": 2}],
}
CASES: list[tuple[str, str, dict[str, Any]]] = [
    (
        "CreateServicePlan",
        f'input: {{customerId: "{CUS}", year: 2027, managerId: "{EMP}", startDate: "2027-02-01", {ITEMS}}}',
        {"customer_id": CUS, "year": 2027, "manager_id": EMP, "start_date": "2027-02-01", **CONTENT},
    ),
    (
        "UpdateServicePlan",
        f'id: "{PLN}", input: {{{ITEMS}}}, {GUARDS}',
        {"service_plan_id": PLN, **CONTENT, **GUARDED},
    ),
    (
        "HandOverServicePlan",
        f'id: "{PLN}", managerId: "{EMP}", {GUARDS}',
        {"service_plan_id": PLN, "manager_id": EMP, **GUARDED},
    ),
    ("CopyServicePlan", f'id: "{PLN}", year: 2028', {"service_plan_id": PLN, "year": 2028}),
    ("EndServicePlan", f'id: "{PLN}", {GUARDS}', {"service_plan_id": PLN, **GUARDED}),
]


def test_every_change_of_the_room_is_tested_here() -> None:
    verbs = [method.name for method in ROOM.methods if not method.name.startswith(READS)]
    assert sorted(case[0] for case in CASES) == sorted(verbs)


@pytest.mark.parametrize(("rpc", "arguments", "arrived"), CASES, ids=[case[0] for case in CASES])
async def test_a_mutation_sends_what_was_asked_and_shows_what_came_back(
    gateway: Client, suite: FakeSuite, rpc: str, arguments: str, arrived: dict[str, Any]
) -> None:
    kind = getattr(pb, f"{rpc}Response")
    suite.care.answers[rpc] = lambda _: kind(service_plan=PLAN)
    field = rpc[0].lower() + rpc[1:]
    shown = "__typename ... on ServicePlanPayload { servicePlan { id } }"
    data = await gateway.data(f"mutation {{ {field}({arguments}) {{ {shown} }} }}")
    assert data[field] == {"__typename": "ServicePlanPayload", "servicePlan": {"id": PLN}}
    (request,) = suite.care.asked[rpc]
    if "request_id" not in arrived:
        UUID(request.request_id)
        request.request_id = ""
    assert request == type(request)(**arrived)


async def test_plans_and_their_reports_are_read_with_customer_manager_and_visits(
    gateway: Client, company: FakeSuite
) -> None:
    slot = service_plan_pb2.PlanSlot(
        item_code="review", topic="Review", date="2027-01-15", state=service_plan_pb2.SLOT_STATE_LATE, visit_id=VIS
    )
    company.care.answers |= {
        "ListServicePlans": lambda _: pb.ListServicePlansResponse(service_plans=[PLAN]),
        "BatchGetServicePlans": lambda _: pb.BatchGetServicePlansResponse(service_plans=[PLAN]),
        "GetPlanAdherence": lambda _: pb.GetPlanAdherenceResponse(slots=[slot], late=1, permille=1000),
        "BatchGetVisits": lambda _: _visits(),
    }
    data = await gateway.data(
        f"""{{
          servicePlans(first: 5, filter: {{year: 2027}}) {{ nodes {{ id customer {{ name }} manager {{ name }} }} }}
          planAdherence(servicePlanId: "{PLN}") {{ late permille slots {{ date state visit {{ dueDate }} }} }}
          node(id: "{PLN}") {{ __typename id }}
        }}"""
    )
    assert data["servicePlans"]["nodes"] == [
        {"id": PLN, "customer": {"name": "Customer 1"}, "manager": {"name": "Employee 1"}}
    ]
    seen = {"date": "2027-01-15", "state": "LATE", "visit": {"dueDate": "2026-11-29"}}
    assert data["planAdherence"] == {"late": 1, "permille": 1000, "slots": [seen]}
    assert data["node"] == {"__typename": "ServicePlan", "id": PLN}


def _visits() -> care_service_pb2.BatchGetVisitsResponse:
    return care_service_pb2.BatchGetVisitsResponse(visits=[a_visit(1, an_id("mem", 1))])
