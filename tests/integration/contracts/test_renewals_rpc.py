"""Renewals through the real socket: found by many ways, moved, called, decided."""

import pytest

from membercare.contracts.v1 import renewal_pb2
from membercare.contracts.v1 import renewals_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.renewals_service_pb2_grpc import RenewalsServiceStub
from services.chassis.errors import Kind
from services.contracts.domain.renewals.notice_states import NoticeState
from services.contracts.domain.terms.periods import add_months
from services.contracts.domain.terms.terms import Period, PeriodUnit, RenewalKind, RenewalTerms
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import NO_CUSTOMER, a_customer
from tests.integration.contracts.renewals_builders import (
    NOBODY,
    OWNER,
    TODAY,
    a_contract,
    call,
    complaint,
    in_days,
    opened,
    stored,
)


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


def test_a_signal_counts_once_and_about_a_customer_that_exists(
    ops: RenewalsServiceStub, contracts: ContractsServiceStub
) -> None:
    customer_id = a_customer(contracts).id
    assert [ops.RecordRenewalSignal(complaint(customer_id, "e1")).known for _ in range(2)] == [False, True]
    (heard,) = ops.ListRenewalSignals(pb.ListRenewalSignalsRequest(customer_id=customer_id)).signals
    assert heard.kind == pb.RENEWAL_SIGNAL_KIND_COMPLAINT_OPENED
    assert refused(ops.RecordRenewalSignal, complaint(NO_CUSTOMER, "e2")).reason == "CUSTOMER_NOT_FOUND"
