"""Every change of call lists and of the data of calling arrives as it was meant, and queues are read as asked."""

from typing import Any
from uuid import UUID

import pytest

from membercare.care.v1 import call_list_pb2, visit_pb2
from membercare.care.v1 import visits_service_pb2 as pb
from tests.fakes.company import a_visit, an_id
from tests.fakes.rooms import SERVICES
from tests.fakes.suite import Client, FakeSuite

READS = ("Get", "BatchGet", "List", "BatchList")
(ROOM,) = (service for service in SERVICES["care"] if service.name == "VisitsService")
VIS, EMP = an_id("vis", 1), an_id("emp", 1)
GUARDS = 'etag: "3", requestId: "r1"'
GUARDED = {"etag": "3", "request_id": "r1"}
TRIES = "attemptRule: {tries: 3, days: 2, retryMinutes: 60, fallbacks: [{means: SMS}, {means: LETTER, afterDays: 3}]}"
TRIED = {
    "tries": 3,
    "days": 2,
    "retry_minutes": 60,
    "fallbacks": [{"means": 3}, {"means": 4, "after_days": 3}],
}
THINGS: dict[str, Any] = {
    "visit": a_visit(1, an_id("mem", 1)),
    "given": 3,
    "rule": call_list_pb2.VisitRule(
        event="order_delivered", kind=visit_pb2.VISIT_KIND_AFTER_DELIVERY, means=visit_pb2.VISIT_MEANS_CALL
    ),
    "script": call_list_pb2.CallScript(code="own"),
    "agent": call_list_pb2.CallAgent(agent_id=EMP),
}
SHOWN = {"visit": "id", "rule": "event", "script": "code", "agent": "agentId"}
PAYLOADS = {
    "NextCall": "NextCallPayload",
    "ShareOutVisits": "ShareOutPayload",
    "PutVisitRule": "VisitRulePayload",
    "PutCallScript": "CallScriptPayload",
    "PutCallAgent": "CallAgentPayload",
}
CASES: list[tuple[str, str, dict[str, Any]]] = [
    ("NextCall", f'agentId: "{EMP}", requestId: "r1"', {"agent_id": EMP, "request_id": "r1"}),
    ("ReleaseCall", f'id: "{VIS}", {GUARDS}', {"visit_id": VIS, **GUARDED}),
    (
        "SkipCall",
        f'id: "{VIS}", reason: "Lunch", minutes: 45, {GUARDS}',
        {"visit_id": VIS, "reason": "Lunch", "minutes": 45, **GUARDED},
    ),
    (
        "LogAttempt",
        f'id: "{VIS}", outcome: CALL_BACK, note: "Tonight", callBackTime: "2026-11-22T12:00:00Z", {GUARDS}',
        {"visit_id": VIS, "outcome": 4, "note": "Tonight", "call_back_time": {"seconds": 1795348800}, **GUARDED},
    ),
    (
        "RescheduleVisit",
        f'id: "{VIS}", input: {{dueDate: "2026-12-01", reason: "Away", windowFrom: "10:00", windowTo: "12:00"}}',
        {
            "visit_id": VIS,
            "due_date": "2026-12-01",
            "reason": "Away",
            "window_from": "10:00",
            "window_to": "12:00",
        },
    ),
    ("AssignVisit", f'id: "{VIS}", ownerId: "{EMP}", {GUARDS}', {"visit_id": VIS, "owner_id": EMP, **GUARDED}),
    (
        "ShareOutVisits",
        f'dueThrough: "2026-12-01", fromId: "{EMP}"',
        {"due_through": "2026-12-01", "from_id": EMP},
    ),
    (
        "PutVisitRule",
        f'input: {{event: "order_delivered", kind: AFTER_DELIVERY, days: 3, enabled: true, skill: "pumps", {TRIES}}}',
        {
            "rule": {
                "event": "order_delivered",
                "kind": 2,
                "days": 3,
                "enabled": True,
                "skill": "pumps",
                "attempt_rule": TRIED,
            }
        },
    ),
    (
        "PutCallScript",
        f'input: {{code: "own", titleEn: "A", titleZh: "甲", textEn: "Hi", textZh: "您好"}}, {GUARDS}',
        {
            "script": {"code": "own", "title_en": "A", "title_zh": "甲", "text_en": "Hi", "text_zh": "您好"},
            **GUARDED,
        },
    ),
    (
        "PutCallAgent",
        f'input: {{agentId: "{EMP}", skills: ["pumps"], share: 50, awayFrom: "2026-12-01", awayThrough: "2026-12-09"}}',
        {
            "agent": {
                "agent_id": EMP,
                "skills": ["pumps"],
                "share": 50,
                "away_from": "2026-12-01",
                "away_through": "2026-12-09",
            }
        },
    ),
]


def test_every_change_of_the_room_is_tested_here() -> None:
    verbs = [method.name for method in ROOM.methods if not method.name.startswith(READS)]
    assert sorted(case[0] for case in CASES) == sorted(verbs)


@pytest.mark.parametrize(("rpc", "arguments", "arrived"), CASES, ids=[case[0] for case in CASES])
async def test_a_mutation_sends_what_was_asked_and_shows_what_came_back(
    gateway: Client, suite: FakeSuite, rpc: str, arguments: str, arrived: dict[str, Any]
) -> None:
    kind = getattr(pb, f"{rpc}Response")
    (noun,) = (field.name for field in kind.DESCRIPTOR.fields)
    suite.care.answers[rpc] = lambda _: kind(**{noun: THINGS[noun]})
    payload, shown = PAYLOADS.get(rpc, "CallPayload"), SHOWN.get(noun)
    wanted = f"{noun} {{ {shown} }}" if shown else noun
    field = rpc[0].lower() + rpc[1:]
    data = await gateway.data(f"mutation {{ {field}({arguments}) {{ __typename ... on {payload} {{ {wanted} }} }} }}")
    told = {"id": VIS, "event": "order_delivered", "code": "own", "agentId": EMP}
    assert data[field] == {"__typename": payload, noun: {shown: told[shown]} if shown else THINGS[noun]}
    (request,) = suite.care.asked[rpc]
    if "request_id" not in arrived:
        UUID(request.request_id)
        request.request_id = ""
    assert request == type(request)(**arrived)


async def test_a_queue_is_read_with_what_a_call_needs(gateway: Client, company: FakeSuite) -> None:
    visit = visit_pb2.Visit()
    visit.CopyFrom(THINGS["visit"])
    visit.kind, visit.means = visit_pb2.VISIT_KIND_CONFIRM, visit_pb2.VISIT_MEANS_CALL
    visit.attempts.add(by="linda", outcome=visit_pb2.ATTEMPT_OUTCOME_BUSY)
    company.care.answers["ListCallQueue"] = lambda _: pb.ListCallQueueResponse(
        visits=[visit], next_page_token=f"2026-11-29/{VIS}"
    )
    data = await gateway.data(
        f"""{{ callQueue(first: 1, filter: {{view: MINE, agentId: "{EMP}", kind: CONFIRM}}) {{
        visits {{ id kind attempts {{ by outcome }} member {{ name }} owner {{ name }} }} nextPageToken }} }}"""
    )
    (shown,) = data["callQueue"]["visits"]
    assert (shown["kind"], shown["attempts"]) == ("CONFIRM", [{"by": "linda", "outcome": "BUSY"}])
    assert shown["owner"] == {"name": "Employee 1"}
    (request,) = company.care.asked["ListCallQueue"]
    wanted = pb.CallQueueFilter(view=call_list_pb2.QUEUE_VIEW_MINE, agent_id=EMP, kind=visit_pb2.VISIT_KIND_CONFIRM)
    assert request == pb.ListCallQueueRequest(page_size=1, filter=wanted)


async def test_who_makes_no_calls_is_refused_before_the_service_is_asked(gateway: Client, suite: FakeSuite) -> None:
    data = await gateway.data(f'mutation {{ nextCall(agentId: "{EMP}") {{ __typename }} }}', roles=("auditor",))
    assert data["nextCall"] == {"__typename": "ForbiddenError"}
    assert suite.calls == {}
