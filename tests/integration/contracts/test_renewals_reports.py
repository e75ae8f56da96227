"""Reports of the renewal desk through the real socket, and what is refused by name."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import renewal_pb2
from membercare.contracts.v1 import renewals_service_pb2 as pb
from membercare.contracts.v1.renewals_service_pb2_grpc import RenewalsServiceStub
from services.chassis.clock import SystemClock
from services.contracts.app.renewals import build_jobs
from services.contracts.config import Settings
from services.contracts.rpc.renewals.access import ACCESS
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import NO_CONTRACT
from tests.integration.contracts.renewals_builders import NOBODY, call, in_days, opened

OWNERS = ("emp_01JTDB8D40CQS3K9Q8YV1H2T3A", "emp_01JTDB8D40CQS3K9Q8YV1H2T3B")


@pytest.fixture
def sales(calling: Calling) -> RenewalsServiceStub:
    return calling.as_subject(RenewalsServiceStub, "li.wen", "sales")


def test_pipeline_and_forecast_add_up_by_month_owner_and_category(sales: RenewalsServiceStub) -> None:
    committed, open_one = opened(sales, in_days(40)), opened(sales, in_days(40))
    sales.CallRenewal(call(committed, renewal_pb2.CALL_CATEGORY_COMMIT))
    lost = opened(sales, in_days(40))
    sales.LoseRenewal(pb.LoseRenewalRequest(renewal_id=lost.id, reason=renewal_pb2.LOST_REASON_BUDGET))
    month = committed.term_end[:7]
    (cell,) = sales.ReportRenewalPipeline(pb.ReportRenewalPipelineRequest(first_month=month, last_month=month)).cells
    assert (cell.open, cell.won, cell.lost, cell.due_amount.minor_units) == (2, 0, 1, 360_000)
    lines = sales.ReportRenewalForecast(pb.ReportRenewalForecastRequest(first_month=month, last_month=month)).lines
    told = {line.category: (line.renewals, line.amount.minor_units, line.weighted.minor_units) for line in lines}
    weighted = 120_000 * open_one.likelihood.score // 100
    assert told == {
        renewal_pb2.CALL_CATEGORY_UNDECIDED: (1, 120_000, weighted),
        renewal_pb2.CALL_CATEGORY_COMMIT: (1, 120_000, weighted),
    }


def test_the_pipeline_has_a_cell_for_each_month_and_owner(sales: RenewalsServiceStub) -> None:
    ends = (in_days(40), in_days(100))
    made = {(end, owner): [opened(sales, end, owner_id=owner) for _ in range(2)] for end in ends for owner in OWNERS}
    first, second = (made[ends[0], owner] for owner in OWNERS)
    sales.WinRenewal(pb.WinRenewalRequest(renewal_id=first[0].id, won_by=renewal_pb2.WON_BY_EXTENSION))
    sales.LoseRenewal(pb.LoseRenewalRequest(renewal_id=second[0].id, reason=renewal_pb2.LOST_REASON_PRICE))
    months = [end.isoformat()[:7] for end in ends]
    asked = pb.ReportRenewalPipelineRequest(first_month=months[0], last_month=months[1])
    cells = sales.ReportRenewalPipeline(asked).cells
    assert [
        (cell.month, cell.owner_id, cell.open, cell.won, cell.lost, cell.due_amount.minor_units) for cell in cells
    ] == [
        (months[0], OWNERS[0], 1, 1, 0, 240_000),
        (months[0], OWNERS[1], 1, 0, 1, 240_000),
        (months[1], OWNERS[0], 2, 0, 0, 240_000),
        (months[1], OWNERS[1], 2, 0, 0, 240_000),
    ]
    assert [cell.won_amount.minor_units for cell in cells] == [120_000, 0, 0, 0]
    asked.owner_id = OWNERS[1]
    assert list(sales.ReportRenewalPipeline(asked).cells) == [cells[1], cells[3]]


def test_a_past_forecast_is_read_from_its_week_and_held_against_what_came(
    sales: RenewalsServiceStub, contracts_settings: Settings, database: Database[dict[str, Any]]
) -> None:
    renewals = [opened(sales, in_days(40)) for _ in range(2)]
    sales.CallRenewal(call(renewals[0], renewal_pb2.CALL_CATEGORY_COMMIT))
    build_jobs(contracts_settings, SystemClock()).snapshot(holds=lambda: True)
    (week,) = sales.ListRenewalSnapshots(pb.ListRenewalSnapshotsRequest()).weeks
    assert week.renewals == 2
    month = renewals[0].term_end[:7]
    lines = sales.ReportRenewalForecast(
        pb.ReportRenewalForecastRequest(first_month=month, last_month=month, week=week.week)
    ).lines
    assert sum(line.renewals for line in lines) == 2
    _shift_into_the_past(database, renewals)
    accuracy = sales.ReportForecastAccuracy(
        pb.ReportForecastAccuracyRequest(first_month="2026-01", last_month="2026-01", weeks_before=4)
    )
    assert (accuracy.judged, round(accuracy.brier, 4), accuracy.brier_base) == (2, 0.3029, 0.25)
    errors = {each.forecast: round(each.mape, 4) for each in accuracy.errors}
    assert errors == {"commit": 0.0, "best_case": 0.0, "weighted": 0.46}
    assert [(band.from_score, band.renewals, band.won) for band in accuracy.bands] == [(60, 2, 1)]


def _shift_into_the_past(database: Database[dict[str, Any]], renewals: list[renewal_pb2.Renewal]) -> None:
    """As if both had ended on 31 January 2026, 73 % likely four weeks before, and one of them was won."""
    now = datetime.now(UTC)
    amount = {"currency_code": "CNY", "minor_units": 120_000}
    for renewal, stage in zip(renewals, ("won", "lost"), strict=True):
        outcome = {
            "by": "x",
            "time": now,
            "won_by": "extension" if stage == "won" else None,
            "successor_id": "",
            "lost_reason": None if stage == "won" else "price",
            "note": "",
            "amount": amount,
        }
        ended = {"stage": stage, "outcome": outcome, "month": "2026-01", "term_end": "2026-01-31"}
        database["renewals"].update_one({"_id": renewal.id}, {"$set": ended})
        (snapshot,) = database["renewal_snapshots"].find({"renewal_id": renewal.id})
        database["renewal_snapshots"].delete_one({"_id": snapshot["_id"]})
        past = {"_id": f"2026-W01:{renewal.id}", "week": "2026-W01", "month": "2026-01", "likelihood": 73}
        database["renewal_snapshots"].insert_one(snapshot | past)


def test_the_laws_and_what_is_stuck_can_be_read(sales: RenewalsServiceStub) -> None:
    policies = sales.ListNoticePolicies(pb.ListNoticePoliciesRequest()).policies
    assert {"CN", "FR", "DE", "US-CA", "US-NY"} == {each.jurisdiction for each in policies}
    assert all(each.source for each in policies)
    assert list(sales.ListStuckRenewals(pb.ListStuckRenewalsRequest()).stuck) == []


NO: dict[str, Any] = {"renewal_id": NOBODY}


BAD: list[tuple[str, Any, str, str]] = [
    ("GetRenewal", pb.GetRenewalRequest(renewal_id="x"), "INVALID_ID", "renewal_id"),
    ("GetRenewal", pb.GetRenewalRequest(**NO), "RENEWAL_NOT_FOUND", ""),
    ("BatchGetRenewals", pb.BatchGetRenewalsRequest(), "INVALID_FIELD", "renewal_ids"),
    ("OpenRenewal", pb.OpenRenewalRequest(contract_id="ren_1"), "INVALID_ID", "contract_id"),
    ("OpenRenewal", pb.OpenRenewalRequest(contract_id=NO_CONTRACT), "CONTRACT_NOT_FOUND", ""),
    ("AssignRenewal", pb.AssignRenewalRequest(**NO, owner_id="cus_1"), "INVALID_ID", "owner_id"),
    ("AdvanceRenewal", pb.AdvanceRenewalRequest(**NO), "INVALID_FIELD", "stage"),
    ("CallRenewal", pb.CallRenewalRequest(**NO), "INVALID_FIELD", "category"),
    ("CallRenewal", pb.CallRenewalRequest(**NO, category=9), "INVALID_FIELD", "category"),  # type: ignore[arg-type]
    (
        "CallRenewal",
        pb.CallRenewalRequest(**NO, category=renewal_pb2.CALL_CATEGORY_COMMIT, close_date="2026-02-30"),
        "INVALID_FIELD",
        "close_date",
    ),
    (
        "CallRenewal",
        pb.CallRenewalRequest(**NO, category=renewal_pb2.CALL_CATEGORY_COMMIT, note="x" * 501),
        "INVALID_FIELD",
        "note",
    ),
    ("DecideRenewal", pb.DecideRenewalRequest(**NO), "INVALID_FIELD", "category"),
    (
        "DecideRenewal",
        pb.DecideRenewalRequest(**NO, category=renewal_pb2.CALL_CATEGORY_COMMIT),
        "INVALID_FIELD",
        "note",
    ),
    ("WinRenewal", pb.WinRenewalRequest(**NO), "INVALID_FIELD", "won_by"),
    ("WinRenewal", pb.WinRenewalRequest(**NO, won_by=renewal_pb2.WON_BY_BY_ITSELF), "INVALID_FIELD", "won_by"),
    ("LoseRenewal", pb.LoseRenewalRequest(**NO), "INVALID_FIELD", "reason"),
    ("LoseRenewal", pb.LoseRenewalRequest(**NO, reason=renewal_pb2.LOST_REASON_OTHER), "INVALID_FIELD", "note"),
    ("RecordReminder", pb.RecordReminderRequest(**NO), "INVALID_FIELD", "sent_date"),
    (
        "RecordReminder",
        pb.RecordReminderRequest(**NO, key="k", sent_date="2999-01-01", channel="x"),
        "INVALID_FIELD",
        "sent_date",
    ),
    ("RecordReminder", pb.RecordReminderRequest(**NO, sent_date="2026-01-01", channel="x"), "INVALID_FIELD", "key"),
    ("RecordRenewalSignal", pb.RecordRenewalSignalRequest(event_id="e"), "INVALID_FIELD", "kind"),
    (
        "RecordRenewalSignal",
        pb.RecordRenewalSignalRequest(event_id="e", kind=pb.RENEWAL_SIGNAL_KIND_VISIT_COMPLETED, value=6),
        "INVALID_FIELD",
        "value",
    ),
    ("ListRenewals", pb.ListRenewalsRequest(filter=pb.RenewalFilter(month="2026-13")), "INVALID_FIELD", "filter.month"),
    ("ListRenewals", pb.ListRenewalsRequest(page_size=-1), "INVALID_FIELD", "page_size"),
    ("ReportRenewalPipeline", pb.ReportRenewalPipelineRequest(), "INVALID_FIELD", "first_month"),
    (
        "ReportRenewalForecast",
        pb.ReportRenewalForecastRequest(first_month="2026-02", last_month="2026-01"),
        "INVALID_FIELD",
        "last_month",
    ),
    (
        "ReportRenewalForecast",
        pb.ReportRenewalForecastRequest(first_month="2026-01", last_month="2026-01", week="2026-W60"),
        "INVALID_FIELD",
        "week",
    ),
    (
        "ReportForecastAccuracy",
        pb.ReportForecastAccuracyRequest(first_month="2099-01", last_month="2099-01"),
        "INVALID_FIELD",
        "last_month",
    ),
    (
        "ReportForecastAccuracy",
        pb.ReportForecastAccuracyRequest(first_month="2026-01", last_month="2026-01", weeks_before=53),
        "INVALID_FIELD",
        "weeks_before",
    ),
    ("ReportAttachRate", pb.ReportAttachRateRequest(), "INVALID_FIELD", "month"),
    ("ListWarrantyExpiries", pb.ListWarrantyExpiriesRequest(page_token="ren_1"), "INVALID_ID", "page_token"),
]


@pytest.mark.parametrize(("rpc", "request_", "reason", "field"), BAD)
def test_bad_input_is_refused_by_name(  # four columns of a table
    calling: Calling, rpc: str, request_: Any, reason: str, field: str, database: Database[dict[str, Any]]
) -> None:
    stub = calling.as_role(RenewalsServiceStub, "admin")
    refusal = refused(getattr(stub, rpc), request_)
    assert (refusal.reason, refusal.field) == (reason, field)
    assert database["renewals"].count_documents({}) == 0


def test_only_leaders_decide_and_only_the_companys_systems_feed_signals() -> None:
    assert ACCESS["DecideRenewal"] == {"manager", "admin"}
    assert ACCESS["RecordRenewalSignal"] == {"ops", "admin"}
    assert not ACCESS["WinRenewal"] & {"auditor", "agent", "technician", "legal", "approver"}
