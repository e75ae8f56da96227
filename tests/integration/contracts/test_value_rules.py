from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import contract_pb2, customer_pb2, customer_value_pb2
from membercare.contracts.v1 import figures_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.figures_service_pb2_grpc import FiguresServiceStub
from services.chassis.errors import Kind
from services.contracts.app import figures
from services.contracts.config import Settings
from services.contracts.usecases.figures.compute_values import ComputeValues
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import NO_CUSTOMER, an_active, terminating
from tests.integration.contracts.values_asked import (
    DAY,
    HIGH,
    POTENTIAL,
    TODAY,
    a_contract,
    ask_and_run,
    codes,
    run,
    value_of,
)


@pytest.fixture
def sales(calling: Calling) -> ContractsServiceStub:
    return calling.as_subject(ContractsServiceStub, "sara", "sales")


@pytest.fixture
def legal(calling: Calling) -> ContractsServiceStub:
    return calling.as_subject(ContractsServiceStub, "lena", "legal")


@pytest.fixture
def ops(calling: Calling) -> FiguresServiceStub:
    return calling.as_role(FiguresServiceStub, "ops")


@pytest.fixture
def compute(calling: Calling, contracts_settings: Settings) -> ComputeValues:
    return figures.build_compute_values(contracts_settings)


def test_another_policy_judges_everybody_anew(
    sales: ContractsServiceStub, legal: ContractsServiceStub, ops: FiguresServiceStub, compute: ComputeValues
) -> None:
    contract = a_contract(sales, legal, price=3_650_000)
    run(compute)
    policy = ops.GetValuePolicy(pb.GetValuePolicyRequest()).policy
    assert (policy.etag, policy.HasField("update_time")) == ("0", False)
    policy.contract_margin_bps, policy.high_value_from = 10_000, 1_000_000
    stored = ops.UpdateValuePolicy(pb.UpdateValuePolicyRequest(policy=policy, etag="0", request_id="r1")).policy
    again = ops.UpdateValuePolicy(pb.UpdateValuePolicyRequest(policy=policy, etag="0", request_id="r1")).policy
    assert (stored.etag, again) == ("1", stored)
    assert ask_and_run(ops, compute) == 1
    value = value_of(ops, contract.customer_id)
    assert (value.contract_margin.minor_units, value.tier) == (1_010_000, HIGH)
    assert value.reasons[0].text_en == "A margin of CNY 10100.00 in twelve months, at least CNY 10000.00."


def test_a_currency_without_a_rate_is_left_out_and_told_and_with_one_it_is_converted(
    sales: ContractsServiceStub, legal: ContractsServiceStub, ops: FiguresServiceStub, compute: ComputeValues
) -> None:
    contract = an_active(
        sales,
        legal,
        start_date=(TODAY - 100 * DAY).isoformat(),
        end_date=(TODAY + 264 * DAY).isoformat(),
        price=contract_pb2.Money(currency_code="JPY", minor_units=36_500),
    )
    run(compute)
    value = value_of(ops, contract.customer_id)
    assert (value.contract_margin.minor_units, codes(value)[-1]) == (0, "CURRENCY_WITHOUT_RATE")
    policy = ops.GetValuePolicy(pb.GetValuePolicyRequest()).policy
    policy.rates.add(currency_code="JPY", rate="0.05")
    ops.UpdateValuePolicy(pb.UpdateValuePolicyRequest(policy=policy))
    ask_and_run(ops, compute)
    value = value_of(ops, contract.customer_id)
    # 101 of 365 days of 36,500 yen are 10,100 yen, 505 yuan, of which 40 % are 202.
    assert (value.contract_margin.minor_units, "CURRENCY_WITHOUT_RATE" in codes(value)) == (20_200, False)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"currency_code": "XXX"}, "policy.currency_code"),
        ({"contract_margin_bps": 10_001}, "policy.contract_margin_bps"),
        ({"horizon_months": 0}, "policy.horizon_months"),
        ({"at_risk_from": 101}, "policy.at_risk_from"),
        ({"visit_cost": -1}, "policy.visit_cost"),
        ({"rates": [{"currency_code": "USD", "rate": "0"}]}, "policy.rates.rate"),
        ({"rates": [{"currency_code": "USD", "rate": "NaN"}]}, "policy.rates.rate"),
        ({"rates": [{"currency_code": "USD", "rate": "seven"}]}, "policy.rates.rate"),
        ({"rates": [{"currency_code": "CNY", "rate": "1"}]}, "policy.rates"),
        ({"rates": [{"currency_code": "USD", "rate": "1"}, {"currency_code": "USD", "rate": "2"}]}, "policy.rates"),
    ],
)
def test_rules_that_make_no_sense_are_refused_and_nothing_is_stored(
    ops: FiguresServiceStub, database: Database[dict[str, Any]], change: dict[str, Any], field: str
) -> None:
    policy = ops.GetValuePolicy(pb.GetValuePolicyRequest()).policy
    policy.MergeFrom(customer_value_pb2.ValuePolicy(**change))
    if change.get("horizon_months") == 0:
        policy.horizon_months = 0
    refusal = refused(ops.UpdateValuePolicy, pb.UpdateValuePolicyRequest(policy=policy))
    assert (refusal.kind, refusal.field) == (Kind.INVALID, field)
    assert database["value_policies"].count_documents({}) == 0


def test_a_stale_etag_of_the_rules_and_missing_rules_are_refused(ops: FiguresServiceStub, calling: Calling) -> None:
    policy = ops.GetValuePolicy(pb.GetValuePolicyRequest()).policy
    ops.UpdateValuePolicy(pb.UpdateValuePolicyRequest(policy=policy))
    for etag in ("0", "7"):
        refusal = refused(ops.UpdateValuePolicy, pb.UpdateValuePolicyRequest(policy=policy, etag=etag))
        assert (refusal.kind, refusal.reason) == (Kind.STALE, "STALE_VERSION")
    assert refused(ops.UpdateValuePolicy, pb.UpdateValuePolicyRequest()).field == "policy"
    manager = calling.as_role(FiguresServiceStub, "manager")
    for call, request in (
        (manager.UpdateValuePolicy, pb.UpdateValuePolicyRequest(policy=policy)),
        (manager.RunCustomerValues, pb.RunCustomerValuesRequest()),
    ):
        assert refused(call, request).kind is Kind.FORBIDDEN


def test_values_are_listed_by_tier_stage_and_risk_page_by_page(
    sales: ContractsServiceStub, legal: ContractsServiceStub, ops: FiguresServiceStub, compute: ComputeValues
) -> None:
    ended, *others = (a_contract(sales, legal, price=3_650_000) for _ in range(3))
    sales.TerminateContract(terminating(ended.id))
    run(compute)

    def listed(**fields: Any) -> list[str]:
        reply = ops.ListCustomerValues(pb.ListCustomerValuesRequest(filter=pb.CustomerValueFilter(**fields)))
        return [each.id for each in reply.values]

    assert listed(risk_from=50) == [ended.customer_id]
    assert listed(tier=POTENTIAL) == [each.customer_id for each in others]
    assert listed(stage=customer_pb2.CUSTOMER_STAGE_LOST) == [ended.customer_id]
    page = ops.ListCustomerValues(pb.ListCustomerValuesRequest(page_size=2))
    rest = ops.ListCustomerValues(pb.ListCustomerValuesRequest(page_size=2, page_token=page.next_page_token))
    assert [each.id for each in (*page.values, *rest.values)] == sorted(each.customer_id for each in (ended, *others))
    batch = pb.BatchGetCustomerValuesRequest(customer_ids=[ended.customer_id, NO_CUSTOMER])
    assert [each.id for each in ops.BatchGetCustomerValues(batch).values] == [ended.customer_id]
    for request, field in (
        (pb.ListCustomerValuesRequest(filter=pb.CustomerValueFilter(risk_from=101)), "filter.risk_from"),
        (pb.ListCustomerValuesRequest(page_size=-1), "page_size"),
        (pb.ListCustomerValuesRequest(page_token="con_1"), "page_token"),
    ):
        assert refused(ops.ListCustomerValues, request).field == field


def test_before_the_first_run_there_is_no_value_and_no_model(ops: FiguresServiceStub) -> None:
    for call, request, reason in (
        (ops.GetCustomerValue, pb.GetCustomerValueRequest(customer_id=NO_CUSTOMER), "CUSTOMER_VALUE_NOT_FOUND"),
        (ops.GetValueModel, pb.GetValueModelRequest(), "VALUE_MODEL_NOT_FOUND"),
    ):
        refusal = refused(call, request)
        assert (refusal.kind, refusal.reason) == (Kind.NOT_FOUND, reason)
    refusal = refused(ops.GetCustomerValue, pb.GetCustomerValueRequest(customer_id="con_1"))
    assert (refusal.kind, refusal.field) == (Kind.INVALID, "customer_id")
