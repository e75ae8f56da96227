"""The care of a month, past and planned, counted without reading a document."""

from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import campaign_results_pb2
from membercare.care.v1 import results_service_pb2 as pb
from membercare.care.v1.results_service_pb2_grpc import ResultsServiceStub
from services.care.domain.sending.touch import TouchState
from services.care.store.results.care_counts import touch_counts, visit_counts
from services.chassis.errors import Kind
from tests.integration.calling import Calling, refused
from tests.integration.care.greetings import Greetings

Documents = Database[dict[str, Any]]
SOLE = campaign_results_pb2.AgendaCampaign


def store_touches(database: Documents, campaign_id: str, *, states: list[TouchState], date: str) -> None:
    keys = [f"tch_{campaign_id}_{date}_{number}" for number in range(len(states))]
    told = {"campaign_id": campaign_id, "date": date, "reason": ""}
    database["touches"].insert_many(
        [{"_id": key, "state": state.value, **told} for key, state in zip(keys, states, strict=True)]
    )


def store_visits(database: Documents, state: str, *dates: str) -> None:
    database["visits"].insert_many(
        [{"_id": f"vis_{state}_{number}", "state": state, "due_date": date} for number, date in enumerate(dates)]
    )


def test_a_month_shows_messages_of_each_campaign_and_visits_of_each_day(
    calling: Calling, greetings: Greetings, database: Documents
) -> None:
    one, other = sorted([greetings.running().id, greetings.running().id])
    store_touches(database, one, states=list(TouchState), date="2026-11-30")
    store_touches(database, other, states=[TouchState.SENT] * 3, date="2026-11-30")
    store_touches(database, one, states=[TouchState.SENT], date="2026-12-01")
    store_visits(database, "VISIT_STATE_DUE", "2026-11-01", "2026-11-30", "2026-10-31")
    store_visits(database, "VISIT_STATE_COMPLETED", "2026-11-01", "2026-11-01")
    store_visits(database, "VISIT_STATE_CANCELLED", "2026-11-01", "2026-11-02")
    days = calling.as_role(ResultsServiceStub, "agent").GetCareAgenda(pb.GetCareAgendaRequest(month="2026-11")).days
    assert [(day.date, day.visits_due, day.visits_completed) for day in days] == [
        ("2026-11-01", 1, 2),
        ("2026-11-30", 1, 0),
    ]
    assert list(days[0].campaigns) == []
    assert list(days[1].campaigns) == [
        SOLE(campaign_id=one, planned=2, sent=2, skipped=1, failed=1, unknown=1),
        SOLE(campaign_id=other, sent=3),
    ]


def test_a_month_of_which_nothing_is_known_is_empty_and_one_that_is_none_is_refused(calling: Calling) -> None:
    stub = calling.as_role(ResultsServiceStub, "ops")
    assert list(stub.GetCareAgenda(pb.GetCareAgendaRequest(month="2026-02")).days) == []
    refusal = refused(stub.GetCareAgenda, pb.GetCareAgendaRequest(month="2026-13"))
    assert (refusal.kind, refusal.field) == (Kind.INVALID, "month")


@pytest.mark.parametrize("room", ["touches", "visits"])
def test_a_month_is_counted_from_keys_alone(database: Documents, greetings: Greetings, room: str) -> None:
    campaign_id = greetings.running().id
    for day in range(1, 29):
        store_touches(database, campaign_id, states=[TouchState.SENT] * 10, date=f"2026-10-{day:02}")
    store_touches(database, campaign_id, states=[TouchState.SENT] * 5, date="2026-11-01")
    store_visits(database, "VISIT_STATE_DUE", *["2026-10-01"] * 50, *["2026-11-01"] * 5)
    span = ("2026-11-01", "2026-11-31")
    pipeline = touch_counts([campaign_id], span[0], last=span[1]) if room == "touches" else visit_counts(*span)
    explained = database.command(
        "explain", {"aggregate": room, "pipeline": pipeline, "cursor": {}}, verbosity="executionStats"
    )
    stats = explained.get("executionStats") or explained["stages"][0]["$cursor"]["executionStats"]
    assert stats["totalDocsExamined"] == 0
    assert stats["totalKeysExamined"] <= 7
