"""Renewals through the real socket: won, lost, cancelled, and the proof of reminders."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import contract_pb2, renewal_pb2
from membercare.contracts.v1 import renewals_service_pb2 as pb
from membercare.contracts.v1.renewals_service_pb2_grpc import RenewalsServiceStub
from services.chassis.clock import SystemClock
from services.contracts.app.renewals import build_jobs
from services.contracts.config import Settings
from services.contracts.domain.life_cycle.contract_states import ContractState
from services.contracts.domain.terms.periods import add_months
from services.contracts.domain.terms.terms import Period, PeriodUnit, RenewalKind, RenewalTerms
from tests.integration.calling import Calling, refused
from tests.integration.contracts.renewals_builders import AUTO, a_contract, in_days, opened, read, stored


@pytest.fixture
def sales(calling: Calling) -> RenewalsServiceStub:
    return calling.as_subject(RenewalsServiceStub, "li.wen", "sales")


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
    assert refused(sales.WinRenewal, again).reason == "RENEWAL_MOVE_REFUSED"
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
    stored = database["renewals"].find_one({"_id": renewal.id})
    assert stored is not None
    assert [event["type"] for event in stored["outbox"]] == ["renewal_opened", "renewal_lost"]
    said = stored["outbox"][-1]
    assert (said["subject"], said["data"]["renewal_id"], said["data"]["lost_reason"]) == (
        renewal.contract_id,
        renewal.id,
        "price",
    )
    assert said["data"]["amount"] == {"currency_code": "CNY", "minor_units": str(renewal.amount.minor_units)}


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
