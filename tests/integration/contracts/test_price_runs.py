"""Price runs, indices and co-termination through the real socket, on a real database."""

from typing import Any

import pytest

from membercare.contracts.v1 import billing_service_pb2 as pb
from membercare.contracts.v1 import contract_pb2
from membercare.contracts.v1 import contracts_service_pb2 as contracts
from membercare.contracts.v1 import price_run_pb2 as prices
from membercare.contracts.v1.billing_service_pb2_grpc import BillingServiceStub
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from services.chassis.errors import Kind
from tests.integration.calling import Calling, refused
from tests.integration.contracts.billing_builders import YEARLY, a_line, billed_monthly, cny, lines_of, plan
from tests.integration.contracts.builders import NO_CONTRACT, a_draft, terminating

NO_INDEX, NO_RUN = "idx_00000000000000000000000000", "esc_00000000000000000000000000"
TEN_PERCENT = prices.PriceRule(kind=prices.PRICE_RUN_KIND_UPLIFT, uplift_bps=1000)


@pytest.fixture
def ops(calling: Calling) -> BillingServiceStub:
    return calling.as_subject(BillingServiceStub, "chen.ops", "ops")


@pytest.fixture
def approver(calling: Calling) -> BillingServiceStub:
    return calling.as_subject(BillingServiceStub, "sun.boss", "approver")


def a_run(ops: BillingServiceStub, **fields: Any) -> prices.PriceRun:
    asked: dict[str, Any] = {"name": "2026", "rule": TEN_PERCENT, "effective_date": "2026-07-01"}
    return ops.CreatePriceRun(pb.CreatePriceRunRequest(**asked | fields)).price_run


def approve(approver: BillingServiceStub, run: prices.PriceRun, **fields: Any) -> prices.PriceRun:
    return approver.ApprovePriceRun(pb.ApprovePriceRunRequest(price_run_id=run.id, **fields)).price_run


def apply(ops: BillingServiceStub, run: prices.PriceRun, **fields: Any) -> prices.PriceRun:
    return ops.ApplyPriceRun(pb.ApplyPriceRunRequest(price_run_id=run.id, **fields)).price_run


def undo(ops: BillingServiceStub, run: prices.PriceRun, **fields: Any) -> prices.PriceRun:
    return ops.UndoPriceRun(pb.UndoPriceRunRequest(price_run_id=run.id, **fields)).price_run


def the(sales: ContractsServiceStub, contract: contract_pb2.Contract) -> contract_pb2.Contract:
    return sales.GetContract(contracts.GetContractRequest(contract_id=contract.id)).contract


def billed(ops: BillingServiceStub, contract: contract_pb2.Contract) -> list[int]:
    plan(ops, contract.id)
    return [line.amount.minor_units for line in lines_of(ops, contract.id)]


def test_a_run_is_previewed_approved_applied_and_undone(
    sales: ContractsServiceStub, legal: ContractsServiceStub, ops: BillingServiceStub, approver: BillingServiceStub
) -> None:
    contract = billed_monthly(sales, legal, a_line(100), a_line(50, end_date="2026-06-30"))
    a_draft(sales)
    before = billed(ops, contract)
    run = a_run(ops)
    ((item,), (skip,)) = run.items, run.skips
    assert (item.old_price, item.new_price) == (cny(100), cny(110))
    assert item.formula == "CNY 100.00 × 11000/10000 = CNY 110.00"
    assert (skip.line_id, skip.reason) == (contract.lines[1].id, "LINE_ENDED")
    assert (run.state, run.author) == (prices.PRICE_RUN_STATE_PREVIEWED, "chen.ops")
    assert billed(ops, contract) == before

    assert approve(approver, run).approver == "sun.boss"
    applied = apply(ops, run, request_id="r-1")
    (outcome,) = applied.outcomes
    assert (outcome.contract_id, outcome.terms_number, outcome.problem) == (contract.id, 2, "")
    assert apply(ops, run, request_id="r-1") == applied
    assert billed(ops, contract) == before[:12] + 6 * [11_000]
    assert the(sales, contract).price.minor_units == contract.price.minor_units + 12_000
    assert len(the(sales, contract).versions) == 2

    undone = undo(ops, run)
    assert (undone.state, undone.outcomes[0].terms_number) == (prices.PRICE_RUN_STATE_UNDONE, 3)
    assert billed(ops, contract) == before
    assert the(sales, contract).price == contract.price
    assert [version.number for version in the(sales, contract).versions] == [1, 2, 3]
    (found,) = ops.BatchGetPriceRuns(pb.BatchGetPriceRunsRequest(price_run_ids=[run.id, NO_RUN])).price_runs
    assert found == undone
    assert list(ops.ListPriceRuns(pb.ListPriceRunsRequest()).price_runs) == [undone]


def test_a_contract_that_is_named_and_not_in_force_is_told_as_left_out(
    ops: BillingServiceStub, sales: ContractsServiceStub
) -> None:
    draft = a_draft(sales)
    asked = pb.CreatePriceRunRequest(
        name="2027", effective_date="2027-01-01", rule=TEN_PERCENT, contract_ids=[NO_CONTRACT, draft.id]
    )
    run = ops.CreatePriceRun(asked).price_run
    assert len(run.items) == 0
    assert [(each.contract_id, each.reason) for each in run.skips] == [
        (NO_CONTRACT, "NOT_IN_FORCE"),
        (draft.id, "NOT_IN_FORCE"),
    ]


def test_a_run_needs_a_second_person_and_goes_one_way(
    sales: ContractsServiceStub, legal: ContractsServiceStub, ops: BillingServiceStub, calling: Calling
) -> None:
    contract = billed_monthly(sales, legal)
    boss = calling.as_subject(BillingServiceStub, "sun.boss", "approver", "ops")
    own = boss.CreatePriceRun(
        pb.CreatePriceRunRequest(name="own", rule=TEN_PERCENT, effective_date="2026-07-01")
    ).price_run
    refusal = refused(boss.ApprovePriceRun, pb.ApprovePriceRunRequest(price_run_id=own.id))
    assert (refusal.kind, refusal.reason) == (Kind.FORBIDDEN, "PRICE_RUN_OWN_WORK")
    run = a_run(ops)
    for call, request in (
        (ops.ApplyPriceRun, pb.ApplyPriceRunRequest(price_run_id=run.id)),
        (ops.UndoPriceRun, pb.UndoPriceRunRequest(price_run_id=run.id)),
    ):
        assert refused(call, request).reason == "PRICE_RUN_TRANSITION_REFUSED"
    approve(boss, run)
    assert refused(boss.ApprovePriceRun, pb.ApprovePriceRunRequest(price_run_id=run.id)).reason == (
        "PRICE_RUN_TRANSITION_REFUSED"
    )
    stale = pb.ApplyPriceRunRequest(price_run_id=run.id, etag="1")
    assert refused(ops.ApplyPriceRun, stale).reason == "STALE_VERSION"
    assert len(the(sales, contract).versions) == 1
    apply(ops, run)
    assert refused(ops.ApplyPriceRun, pb.ApplyPriceRunRequest(price_run_id=run.id)).reason == (
        "PRICE_RUN_TRANSITION_REFUSED"
    )
    assert len(the(sales, contract).versions) == 2


def test_a_contract_that_changed_since_the_preview_keeps_its_price_and_the_others_go_on(
    sales: ContractsServiceStub, legal: ContractsServiceStub, ops: BillingServiceStub, approver: BillingServiceStub
) -> None:
    gone, amended, good = (billed_monthly(sales, legal) for _ in range(3))
    run = approve(approver, a_run(ops, contract_ids=[gone.id, amended.id, good.id]))
    sales.TerminateContract(terminating(gone.id))
    sales.AmendContract(
        contracts.AmendContractRequest(
            contract_id=amended.id,
            title=amended.title,
            end_date=amended.end_date,
            lines=[a_line(70)],
            billing=amended.billing,
            effective_date="2026-05-01",
            reason="another machine",
        )
    )
    applied = apply(ops, run)
    assert {each.contract_id: (each.terms_number, each.problem) for each in applied.outcomes} == {
        gone.id: (0, "CONTRACT_TRANSITION_REFUSED"),
        amended.id: (0, "PRICE_CHANGED_SINCE_PREVIEW"),
        good.id: (2, ""),
    }


def test_an_apply_that_crashed_in_the_middle_is_made_good_by_a_repeat(
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    ops: BillingServiceStub,
    approver: BillingServiceStub,
    database: Any,
) -> None:
    one, two = (billed_monthly(sales, legal) for _ in range(2))
    run = approve(approver, a_run(ops))
    apply(ops, run)
    first = the(sales, one)
    database.contracts.update_one({"_id": two.id}, {"$pop": {"versions": 1}})
    database.price_runs.update_one({"_id": run.id}, {"$set": {"state": "approved", "outcomes": []}})
    again = apply(ops, run)
    assert [each.terms_number for each in again.outcomes] == [2, 2]
    assert the(sales, one) == first
    assert len(the(sales, two).versions) == 2


def test_an_index_is_recorded_and_escalates_from_the_base(
    sales: ContractsServiceStub, legal: ContractsServiceStub, ops: BillingServiceStub, approver: BillingServiceStub
) -> None:
    told = pb.CreatePriceIndexRequest(name="CPI", basis="2015 = 100", request_id="r-1")
    index = ops.CreatePriceIndex(told).price_index
    assert ops.CreatePriceIndex(told).price_index == index
    contract = billed_monthly(
        sales, legal, a_line(1000), billing=YEARLY, start_date="2024-01-01", end_date="2028-12-31"
    )
    record(ops, index.id, ("2023-10", "105.65"), ("2024-10", "110.5"), ("2025-10", "114.25"))
    rule = prices.PriceRule(kind=prices.PRICE_RUN_KIND_INDEX, index_id=index.id, lag_months=3)
    for year in ("2025", "2026"):
        run = approve(approver, a_run(ops, rule=rule, effective_date=f"{year}-01-01"))
        apply(ops, run)
    assert billed(ops, contract)[:3] == [100_000, 104_591, 108_140]
    (found,) = ops.ListPriceIndexes(pb.ListPriceIndexesRequest()).price_indexes
    assert [value.month for value in found.values] == ["2023-10", "2024-10", "2025-10"]
    (same,) = ops.BatchGetPriceIndexes(pb.BatchGetPriceIndexesRequest(index_ids=[index.id])).price_indexes
    assert same == found
    refusal = refused(ops.RecordIndexValues, recording(index.id, ("2025-10", "114.26")))
    assert (refusal.reason, refusal.metadata["value"]) == ("INDEX_VALUE_DEFINITIVE", "114.25")


def test_the_definitive_value_of_a_month_to_come_is_refused_and_a_provisional_one_is_taken(
    ops: BillingServiceStub,
) -> None:
    index = ops.CreatePriceIndex(pb.CreatePriceIndexRequest(name="CPI", basis="2020 = 100")).price_index
    early = recording(index.id, ("2025-10", "114.25"), ("2999-12", "120"))
    refusal = refused(ops.RecordIndexValues, early)
    assert (refusal.kind, refusal.reason, refusal.field) == (
        Kind.PRECONDITION,
        "INDEX_MONTH_NOT_OVER",
        "values[1].month",
    )
    assert list(ops.ListPriceIndexes(pb.ListPriceIndexesRequest()).price_indexes) == [index]
    early.values[1].state = prices.INDEX_VALUE_STATE_PROVISIONAL
    stored = ops.RecordIndexValues(early).price_index
    assert [(value.month, value.state) for value in stored.values] == [
        ("2025-10", prices.INDEX_VALUE_STATE_DEFINITIVE),
        ("2999-12", prices.INDEX_VALUE_STATE_PROVISIONAL),
    ]


def recording(index_id: str, *values: tuple[str, str]) -> pb.RecordIndexValuesRequest:
    told = [
        prices.IndexValue(
            month=month, value=value, state=prices.INDEX_VALUE_STATE_DEFINITIVE, published_date="2026-01-15"
        )
        for month, value in values
    ]
    return pb.RecordIndexValuesRequest(index_id=index_id, values=told)


def record(ops: BillingServiceStub, index_id: str, *values: tuple[str, str]) -> None:
    ops.RecordIndexValues(recording(index_id, *values))


def test_what_it_costs_to_end_together(
    sales: ContractsServiceStub, legal: ContractsServiceStub, ops: BillingServiceStub
) -> None:
    one = billed_monthly(sales, legal, a_line(310))
    two = billed_monthly(sales, legal, end_date="2027-01-10")
    told = ops.PreviewCoTermination(pb.PreviewCoTerminationRequest(contract_ids=[one.id, two.id]))
    assert told.end_date == "2027-01-10"
    first, second = told.stubs
    assert (first.start_date, first.end_date, first.amount) == ("2027-01-01", "2027-01-10", cny(100))
    assert first.lines[0].formula == "CNY 310.00 × 10/31 = CNY 100.00 (ACT/ACT)"
    assert (second.start_date, second.amount) == ("", cny(0))


def test_what_makes_no_sense_is_refused(ops: BillingServiceStub) -> None:
    def asked(kind: Any = prices.PRICE_RUN_KIND_UPLIFT, **rule: Any) -> pb.CreatePriceRunRequest:
        told = prices.PriceRule(kind=kind, **rule)
        return pb.CreatePriceRunRequest(name="x", rule=told, effective_date="2026-07-01")

    by_index = prices.PRICE_RUN_KIND_INDEX
    for call, request, reason in (
        (ops.CreatePriceRun, pb.CreatePriceRunRequest(name="x", effective_date="2026-07-01"), "INVALID_FIELD"),
        (ops.CreatePriceRun, pb.CreatePriceRunRequest(name="x", rule=TEN_PERCENT), "INVALID_FIELD"),
        (ops.CreatePriceRun, asked(uplift_bps=100_001), "INVALID_FIELD"),
        (ops.CreatePriceRun, asked(floor_bps=2, cap_bps=1), "INVALID_FIELD"),
        (ops.CreatePriceRun, asked(round_to=-5), "INVALID_FIELD"),
        (ops.CreatePriceRun, asked(kind=by_index), "INVALID_ID"),
        (ops.CreatePriceRun, asked(kind=by_index, lag_months=25, index_id=NO_INDEX), "INVALID_FIELD"),
        (ops.CreatePriceRun, asked(kind=by_index, index_id=NO_INDEX), "PRICE_INDEX_NOT_FOUND"),
        (ops.ApplyPriceRun, pb.ApplyPriceRunRequest(price_run_id=NO_RUN), "PRICE_RUN_NOT_FOUND"),
        (ops.CreatePriceIndex, pb.CreatePriceIndexRequest(name="x"), "INVALID_FIELD"),
        (ops.RecordIndexValues, pb.RecordIndexValuesRequest(index_id=NO_INDEX), "INVALID_FIELD"),
        (ops.RecordIndexValues, recording(NO_INDEX, ("2026-01", "1")), "PRICE_INDEX_NOT_FOUND"),
        (ops.PreviewCoTermination, pb.PreviewCoTerminationRequest(contract_ids=[NO_CONTRACT]), "CONTRACT_NOT_FOUND"),
        (ops.PreviewCoTermination, pb.PreviewCoTerminationRequest(), "INVALID_FIELD"),
    ):
        assert refused(call, request).reason == reason, request


def test_roles_decide_who_prepares_approves_and_applies(calling: Calling) -> None:
    for role, call, request in (
        ("agent", "CreatePriceRun", pb.CreatePriceRunRequest()),
        ("sales", "ApprovePriceRun", pb.ApprovePriceRunRequest()),
        ("sales", "ApplyPriceRun", pb.ApplyPriceRunRequest()),
        ("auditor", "UndoPriceRun", pb.UndoPriceRunRequest()),
        ("sales", "RecordIndexValues", pb.RecordIndexValuesRequest()),
        ("technician", "ListPriceRuns", pb.ListPriceRunsRequest()),
    ):
        stub = calling.as_role(BillingServiceStub, role)
        assert refused(getattr(stub, call), request).kind is Kind.FORBIDDEN
