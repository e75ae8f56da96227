"""Renewals through the real socket: what people do with them, and what is refused."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import contract_pb2, renewal_pb2
from membercare.contracts.v1 import renewals_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.renewals_service_pb2_grpc import RenewalsServiceStub
from services.chassis.clock import SystemClock
from services.chassis.errors import Kind
from services.contracts.app.renewals import build_jobs
from services.contracts.config import Settings
from services.contracts.domain.contract_states import ContractState
from services.contracts.domain.notice_states import NoticeState
from services.contracts.domain.periods import add_months
from services.contracts.domain.terms import Period, PeriodUnit, RenewalKind, RenewalTerms
from services.contracts.rpc.renewals.access import ACCESS
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import NO_CONTRACT, NO_CUSTOMER, a_customer
from tests.integration.contracts.renewals_builders import a_contract, read, stored

NOBODY = "ren_00000000000000000000000000"
OWNER = "emp_01JTDB8D40CQS3K9Q8YV1H2T3D"
AUTO = RenewalTerms(kind=RenewalKind.AUTO)
TODAY = (datetime.now(UTC) + timedelta(hours=8)).date()


@pytest.fixture
def sales(calling: Calling) -> RenewalsServiceStub:
    return calling.as_subject(RenewalsServiceStub, "li.wen", "sales")


@pytest.fixture
def leader(calling: Calling) -> RenewalsServiceStub:
    return calling.as_subject(RenewalsServiceStub, "zhou.min", "manager")


@pytest.fixture
def ops(calling: Calling) -> RenewalsServiceStub:
    return calling.as_subject(RenewalsServiceStub, "ops.bot", "ops")


@pytest.fixture
def contracts(calling: Calling) -> ContractsServiceStub:
    return calling.as_role(ContractsServiceStub, "ops")


def complaint(customer_id: str, event_id: str, **fields: Any) -> pb.RecordRenewalSignalRequest:
    kind = pb.RENEWAL_SIGNAL_KIND_COMPLAINT_OPENED
    return pb.RecordRenewalSignalRequest(event_id=event_id, customer_id=customer_id, kind=kind, **fields)


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


def opened(stub: RenewalsServiceStub, end: date, **fields: Any) -> renewal_pb2.Renewal:
    (contract,) = stored(a_contract(end, **fields))
    return stub.OpenRenewal(pb.OpenRenewalRequest(contract_id=contract.id)).renewal


def call(renewal: renewal_pb2.Renewal, category: "renewal_pb2.CallCategory.ValueType", **fields: Any) -> Any:
    return pb.CallRenewalRequest(renewal_id=renewal.id, category=category, **fields)


def test_a_renewal_is_opened_once_by_hand_and_tells_all_that_is_known(sales: RenewalsServiceStub) -> None:
    (contract,) = stored(a_contract(in_days(100)))
    first, second = (sales.OpenRenewal(pb.OpenRenewalRequest(contract_id=contract.id)).renewal for _ in range(2))
    assert first == second
    assert (first.contract_id, first.term_number, first.stage) == (contract.id, 1, renewal_pb2.RENEWAL_STAGE_OPENED)
    assert (first.due_amount.minor_units, first.amount.minor_units) == (120_000, 120_000)
    assert first.likelihood.score == sum(point.points for point in first.likelihood.points)
    assert all(point.english and point.chinese for point in first.likelihood.points)
    assert sales.GetRenewal(pb.GetRenewalRequest(renewal_id=first.id)).renewal == first
    assert list(sales.BatchGetRenewals(pb.BatchGetRenewalsRequest(renewal_ids=[NOBODY, first.id])).renewals) == [first]


def test_renewals_are_found_by_contract_customer_and_filter(sales: RenewalsServiceStub) -> None:
    near, far = opened(sales, in_days(40)), opened(sales, in_days(195))
    by_contract = sales.BatchListRenewalsByContract(
        pb.BatchListRenewalsByContractRequest(contract_ids=[near.contract_id, far.contract_id])
    ).results
    assert {each.contract_id: list(each.renewals) for each in by_contract} == {
        near.contract_id: [near],
        far.contract_id: [far],
    }
    (of_one,) = sales.BatchListRenewalsByCustomer(
        pb.BatchListRenewalsByCustomerRequest(customer_ids=[near.customer_id])
    ).results
    assert list(of_one.renewals) == [near]
    for fields, wanted in (
        ({"month": near.term_end[:7]}, [near]),
        ({"customer_id": far.customer_id}, [far]),
        ({"contract_id": far.contract_id}, [far]),
        ({"open_only": True, "owner_id": near.owner_id}, [near, far]),
        ({"stage": renewal_pb2.RENEWAL_STAGE_WON}, []),
        ({"stage": renewal_pb2.RENEWAL_STAGE_WON, "open_only": True}, []),
        ({"category": renewal_pb2.CALL_CATEGORY_COMMIT}, []),
        ({"needs_leader": True}, [near]),
    ):
        found = sales.ListRenewals(pb.ListRenewalsRequest(filter=pb.RenewalFilter(**fields))).renewals
        assert sorted(each.id for each in found) == sorted(each.id for each in wanted), fields


def test_pages_of_renewals_follow_each_other(sales: RenewalsServiceStub) -> None:
    ids = sorted(opened(sales, in_days(100)).id for _ in range(3))
    first = sales.ListRenewals(pb.ListRenewalsRequest(page_size=2))
    second = sales.ListRenewals(pb.ListRenewalsRequest(page_size=2, page_token=first.next_page_token))
    assert [each.id for each in (*first.renewals, *second.renewals)] == ids
    assert second.next_page_token == ""


@pytest.mark.parametrize("notice_in", [-1, 0, 1, 30, 31])
def test_a_contract_whose_notice_date_is_today_is_found_in_exactly_one_state(
    sales: RenewalsServiceStub, notice_in: int
) -> None:
    terms = RenewalTerms(kind=RenewalKind.AUTO, notice=Period(PeriodUnit.DAY, 10))
    renewal = opened(sales, in_days(notice_in + 10), renewal=terms)
    found = [
        state
        for state in renewal_pb2.NoticeState.values()[1:]
        if sales.ListRenewals(pb.ListRenewalsRequest(filter=pb.RenewalFilter(notice_state=state))).renewals
    ]
    assert found == [renewal.notice_state]
    wanted = {-1: "BINDING", 0: "DUE", 1: "DUE", 30: "DUE", 31: "EARLY"}[notice_in]
    assert renewal_pb2.NoticeState.Name(renewal.notice_state) == f"NOTICE_STATE_{wanted}"
    assert len(renewal_pb2.NoticeState.values()) == len(NoticeState) + 1


def test_a_renewal_moves_by_its_table_of_steps(sales: RenewalsServiceStub) -> None:
    renewal = opened(sales, in_days(100))
    for stage in ("CONTACTED", "OFFERED", "NEGOTIATING", "OFFERED"):
        number = renewal_pb2.RenewalStage.Value(f"RENEWAL_STAGE_{stage}")
        renewal = sales.AdvanceRenewal(pb.AdvanceRenewalRequest(renewal_id=renewal.id, stage=number)).renewal
        assert renewal.stage == number
    back = pb.AdvanceRenewalRequest(renewal_id=renewal.id, stage=renewal_pb2.RENEWAL_STAGE_CONTACTED)
    assert refused(sales.AdvanceRenewal, back).reason == "RENEWAL_MOVE_REFUSED"
    assert sales.GetRenewal(pb.GetRenewalRequest(renewal_id=renewal.id)).renewal == renewal


def test_an_owner_is_changed_and_a_stale_version_is_refused(sales: RenewalsServiceStub) -> None:
    renewal = opened(sales, in_days(100))
    asked = pb.AssignRenewalRequest(renewal_id=renewal.id, owner_id=OWNER, etag=renewal.etag, request_id="r1")
    assert sales.AssignRenewal(asked).renewal.owner_id == OWNER
    assert sales.AssignRenewal(asked).renewal.etag == "2"
    late = pb.AssignRenewalRequest(renewal_id=renewal.id, owner_id="", etag=renewal.etag)
    assert refused(sales.AssignRenewal, late).reason == "STALE_VERSION"


def test_a_call_that_the_likelihood_does_not_bear_goes_to_the_leader_who_decides(
    sales: RenewalsServiceStub,
    leader: RenewalsServiceStub,
    ops: RenewalsServiceStub,
    contracts: ContractsServiceStub,
) -> None:
    customer_id = a_customer(contracts).id
    (contract,) = stored(a_contract(in_days(150), customer_id=customer_id))
    for number in range(2):
        ops.RecordRenewalSignal(complaint(customer_id, f"e{number}", subject_id=f"cas_{number}"))
    renewal = sales.OpenRenewal(pb.OpenRenewalRequest(contract_id=contract.id)).renewal
    assert renewal.likelihood.score == 17
    called = sales.CallRenewal(call(renewal, renewal_pb2.CALL_CATEGORY_COMMIT, note="signed soon")).renewal
    assert list(called.attention) == [renewal_pb2.RENEWAL_ATTENTION_DISAGREEMENT]
    listed = leader.ListRenewals(pb.ListRenewalsRequest(filter=pb.RenewalFilter(needs_leader=True))).renewals
    assert [each.id for each in listed] == [renewal.id]
    decision = pb.DecideRenewalRequest(
        renewal_id=renewal.id, category=renewal_pb2.CALL_CATEGORY_AT_RISK, note="two complaints"
    )
    decided = leader.DecideRenewal(decision).renewal
    assert (decided.category, list(decided.attention)) == (renewal_pb2.CALL_CATEGORY_AT_RISK, [])
    assert (decided.decision.decided_by, decided.decision.likelihood) == ("zhou.min", 17)
    assert refused(leader.DecideRenewal, decision).reason == "RENEWAL_NOTHING_TO_DECIDE"


def test_whoever_made_the_call_does_not_decide_about_it(leader: RenewalsServiceStub) -> None:
    renewal = opened(leader, in_days(150))
    leader.CallRenewal(call(renewal, renewal_pb2.CALL_CATEGORY_UNDECIDED))
    decision = pb.DecideRenewalRequest(
        renewal_id=renewal.id, category=renewal_pb2.CALL_CATEGORY_COMMIT, note="I am sure"
    )
    refusal = refused(leader.DecideRenewal, decision)
    assert (refusal.kind, refusal.reason) == (Kind.FORBIDDEN, "RENEWAL_DECIDED_BY_CALLER")
    assert not leader.GetRenewal(pb.GetRenewalRequest(renewal_id=renewal.id)).renewal.HasField("decision")


def test_three_months_before_the_end_nobody_may_be_undecided_any_more(sales: RenewalsServiceStub) -> None:
    early, late = opened(sales, add_months(TODAY, 4)), opened(sales, in_days(80))
    assert sales.CallRenewal(call(early, renewal_pb2.CALL_CATEGORY_UNDECIDED)).renewal.HasField("call")
    refusal = refused(sales.CallRenewal, call(late, renewal_pb2.CALL_CATEGORY_UNDECIDED))
    assert (refusal.reason, refusal.field) == ("RENEWAL_CALL_OVERDUE", "category")
    assert not sales.GetRenewal(pb.GetRenewalRequest(renewal_id=late.id)).renewal.HasField("call")


def test_a_renewal_is_won_by_extending_the_contract_at_the_price_agreed(
    sales: RenewalsServiceStub, database: Database[dict[str, Any]]
) -> None:
    renewal = opened(sales, in_days(40))
    price = contract_pb2.Money(currency_code="CNY", minor_units=126_000)
    asked = pb.WinRenewalRequest(
        renewal_id=renewal.id, won_by=renewal_pb2.WON_BY_EXTENSION, amount=price, request_id="w1"
    )
    won = sales.WinRenewal(asked).renewal
    assert (won.stage, won.outcome.amount.minor_units) == (renewal_pb2.RENEWAL_STAGE_WON, 126_000)
    assert sales.WinRenewal(asked).renewal == won
    contract = read(renewal.contract_id)
    assert (contract.term_number, contract.price.minor_units) == (2, 126_000)
    assert contract.start_date == in_days(41)
    again = pb.WinRenewalRequest(renewal_id=renewal.id, won_by=renewal_pb2.WON_BY_EXTENSION)
    assert refused(sales.WinRenewal, again).reason in {"CONTRACT_NOT_RENEWABLE", "RENEWAL_MOVE_REFUSED"}
    assert read(renewal.contract_id).term_number == 2


def test_a_renewal_is_won_by_the_draft_of_a_successor(
    sales: RenewalsServiceStub, database: Database[dict[str, Any]]
) -> None:
    renewal = opened(sales, in_days(40))
    won = sales.WinRenewal(pb.WinRenewalRequest(renewal_id=renewal.id, won_by=renewal_pb2.WON_BY_SUCCESSOR)).renewal
    old, new = read(renewal.contract_id), read(won.outcome.successor_id)
    assert (old.successor_id, old.state) == (new.id, ContractState.ACTIVE)
    assert (new.predecessor_id, new.state, new.start_date) == (old.id, ContractState.DRAFT, in_days(41))
    assert new.author == "li.wen"
    said = [event["type"] for found in database["renewals"].find() for event in found["outbox"]]
    assert said == ["renewal_opened", "renewal_won"]


def test_a_renewal_of_a_contract_that_was_terminated_meanwhile_is_not_won(
    sales: RenewalsServiceStub, database: Database[dict[str, Any]]
) -> None:
    renewal = opened(sales, in_days(40))
    database["contracts"].update_one({"_id": renewal.contract_id}, {"$set": {"state": "terminated"}})
    asked = pb.WinRenewalRequest(renewal_id=renewal.id, won_by=renewal_pb2.WON_BY_EXTENSION)
    assert refused(sales.WinRenewal, asked).reason == "CONTRACT_NOT_RENEWABLE"
    assert sales.GetRenewal(pb.GetRenewalRequest(renewal_id=renewal.id)).renewal == renewal


def test_a_lost_renewal_keeps_its_reason_and_the_contract_no_longer_goes_on(
    sales: RenewalsServiceStub, database: Database[dict[str, Any]]
) -> None:
    renewal = opened(sales, in_days(60), renewal=AUTO)
    asked = pb.LoseRenewalRequest(renewal_id=renewal.id, reason=renewal_pb2.LOST_REASON_PRICE, note="too dear")
    lost = sales.LoseRenewal(asked).renewal
    assert (lost.stage, lost.outcome.lost_reason) == (
        renewal_pb2.RENEWAL_STAGE_LOST,
        renewal_pb2.LOST_REASON_PRICE,
    )
    assert read(renewal.contract_id).renewal_cancelled_time is not None
    assert refused(sales.LoseRenewal, asked).reason == "RENEWAL_MOVE_REFUSED"


def test_a_cancellation_in_time_ends_the_contract_with_its_term(
    sales: RenewalsServiceStub, database: Database[dict[str, Any]]
) -> None:
    (contract,) = stored(a_contract(in_days(60), renewal=AUTO))
    told = sales.CheckCancellation(pb.CheckCancellationRequest(contract_id=contract.id))
    assert told.cancellation.verdict == renewal_pb2.CANCELLATION_VERDICT_IN_TIME
    assert read(contract.id) == contract
    recorded = sales.RecordCancellation(pb.RecordCancellationRequest(contract_id=contract.id, note="moves")).renewal
    assert recorded.cancellation.last_date == contract.end_date.isoformat()
    assert "in time" in recorded.cancellation.english
    assert "有效" in recorded.cancellation.chinese
    assert recorded.outcome.lost_reason == renewal_pb2.LOST_REASON_CANCELLED
    assert read(contract.id).ends_by_itself


def test_a_cancellation_that_is_too_late_lets_the_contract_go_on_for_one_more_term_and_end_with_it(
    sales: RenewalsServiceStub,
) -> None:
    (contract,) = stored(a_contract(in_days(10), renewal=AUTO))
    recorded = sales.RecordCancellation(pb.RecordCancellationRequest(contract_id=contract.id)).renewal
    after = read(contract.id)
    assert recorded.cancellation.verdict == renewal_pb2.CANCELLATION_VERDICT_TOO_LATE
    assert recorded.cancellation.last_date == after.end_date.isoformat()
    assert (recorded.stage, after.term_number) == (renewal_pb2.RENEWAL_STAGE_WON, 2)
    assert after.ends_by_itself
    assert after.start_date == in_days(11)


def test_a_cancellation_in_time_that_is_entered_late_takes_the_next_term_back(
    sales: RenewalsServiceStub, contracts_settings: Settings
) -> None:
    (contract,) = stored(a_contract(in_days(10), renewal=AUTO))
    build_jobs(contracts_settings, SystemClock()).run(holds=lambda: True)
    assert read(contract.id).term_number == 2
    received = add_months(in_days(10), -1) - timedelta(days=3)
    asked = pb.RecordCancellationRequest(contract_id=contract.id, received_date=received.isoformat())
    recorded = sales.RecordCancellation(asked).renewal
    assert recorded.cancellation.verdict == renewal_pb2.CANCELLATION_VERDICT_IN_TIME
    assert recorded.stage == renewal_pb2.RENEWAL_STAGE_LOST
    agreed = read(contract.id).termination
    assert agreed is not None
    assert agreed.last_date == in_days(10)


def test_a_french_consumer_who_was_not_reminded_may_leave_when_the_contract_has_gone_on(
    sales: RenewalsServiceStub,
) -> None:
    terms = RenewalTerms(kind=RenewalKind.AUTO, notice=Period(PeriodUnit.MONTH, 1))
    reminded, forgotten = stored(
        *(a_contract(in_days(10), renewal=terms, jurisdiction="FR", consumer=True) for _ in range(2))
    )
    renewal = sales.OpenRenewal(pb.OpenRenewalRequest(contract_id=reminded.id)).renewal
    proof = pb.RecordReminderRequest(
        renewal_id=renewal.id,
        key="tch_1",
        sent_date=renewal.legal_window_end,
        channel="email",
        recipient="a@example.com",
    )
    kept = sales.RecordReminder(proof).renewal
    assert [each.in_legal_window for each in kept.reminders] == [True]
    assert sales.RecordReminder(proof).renewal == kept
    for contract, verdict in (
        (reminded, renewal_pb2.CANCELLATION_VERDICT_TOO_LATE),
        (forgotten, renewal_pb2.CANCELLATION_VERDICT_ANY_TIME),
    ):
        told = sales.CheckCancellation(pb.CheckCancellationRequest(contract_id=contract.id)).cancellation
        assert told.verdict == verdict
    assert told.last_date == in_days(10).isoformat()


def test_a_reminder_outside_of_the_laws_window_is_kept_but_does_not_count(sales: RenewalsServiceStub) -> None:
    renewal = opened(sales, in_days(10), renewal=AUTO, jurisdiction="CN", consumer=True)
    assert renewal.legal_window_end == in_days(6).isoformat()
    proof = pb.RecordReminderRequest(renewal_id=renewal.id, key="k", sent_date="2020-01-01", channel="letter")
    assert [each.in_legal_window for each in sales.RecordReminder(proof).renewal.reminders] == [False]


def test_a_signal_counts_once_and_about_a_customer_that_exists(
    ops: RenewalsServiceStub, contracts: ContractsServiceStub
) -> None:
    customer_id = a_customer(contracts).id
    assert [ops.RecordRenewalSignal(complaint(customer_id, "e1")).known for _ in range(2)] == [False, True]
    (heard,) = ops.ListRenewalSignals(pb.ListRenewalSignalsRequest(customer_id=customer_id)).signals
    assert heard.kind == pb.RENEWAL_SIGNAL_KIND_COMPLAINT_OPENED
    assert refused(ops.RecordRenewalSignal, complaint(NO_CUSTOMER, "e2")).reason == "CUSTOMER_NOT_FOUND"


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


def test_a_contract_that_is_not_in_force_has_no_renewal_and_nothing_to_cancel(
    sales: RenewalsServiceStub, database: Database[dict[str, Any]]
) -> None:
    (draft,) = stored(a_contract(in_days(100), state=ContractState.DRAFT))
    for method, request in (
        (sales.OpenRenewal, pb.OpenRenewalRequest(contract_id=draft.id)),
        (sales.CheckCancellation, pb.CheckCancellationRequest(contract_id=draft.id)),
        (sales.RecordCancellation, pb.RecordCancellationRequest(contract_id=draft.id)),
    ):
        assert refused(method, request).reason == "CONTRACT_NOT_RENEWABLE"
    assert database["renewals"].count_documents({}) == 0


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
