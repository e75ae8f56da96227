from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import contracts_service_pb2 as contracts_pb
from membercare.contracts.v1 import customer_pb2
from membercare.contracts.v1 import figures_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.figures_service_pb2_grpc import FiguresServiceStub
from services.contracts.app import figures
from services.contracts.config import Settings
from services.contracts.consumers import ContractsConsumers
from services.contracts.store.sales.orders import OrderDocument
from services.contracts.usecases.figures.compute_values import ComputeValues
from tests.integration.calling import Calling
from tests.integration.contracts.builders import a_customer, new_customer
from tests.integration.contracts.figures_builders import an_order, buy_again
from tests.integration.contracts.values_asked import (
    AT_RISK,
    DAY,
    POTENTIAL,
    TODAY,
    a_contract,
    ask_and_run,
    codes,
    run,
    said,
    value_of,
)
from tests.integration.golden import heard


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


def test_a_contract_is_worth_the_margin_of_its_days_and_the_months_that_are_likely_ahead(
    sales: ContractsServiceStub, legal: ContractsServiceStub, ops: FiguresServiceStub, compute: ComputeValues
) -> None:
    contract = a_contract(sales, legal, price=3_650_000)
    assert run(compute) == 1
    value = value_of(ops, contract.customer_id)
    # 101 of 365 days have passed, today included; 40 % of it is margin.
    assert value.contract_margin.minor_units == 404_000
    assert (value.current_value.minor_units, value.cost_to_serve.minor_units, value.order_margin.minor_units) == (
        404_000,
        0,
        0,
    )
    # At most 36 months of 12/365 of the price each, at 40 %; at least the nine that are agreed.
    month = 3_650_000 / 12 * 0.4
    assert 8 * month < value.potential_value.minor_units < 36 * month
    assert value.total_value.minor_units == 404_000 + value.potential_value.minor_units
    assert (value.tier, value.stage, value.risk) == (POTENTIAL, customer_pb2.CUSTOMER_STAGE_ESTABLISHING, 0)
    assert codes(value) == ["HIGH_POTENTIAL"]
    assert not value.HasField("alive_permille")


def test_a_customer_who_has_bought_nothing_is_a_prospect_and_no_news(
    sales: ContractsServiceStub, ops: FiguresServiceStub, compute: ComputeValues, database: Database[dict[str, Any]]
) -> None:
    customer = a_customer(sales)
    run(compute)
    value = value_of(ops, customer.id)
    assert (value.tier, value.stage, codes(value)) == (POTENTIAL, customer_pb2.CUSTOMER_STAGE_PROSPECT, ["NOTHING_YET"])
    assert said(database) == []


def test_closed_cases_cost_once_and_complaints_put_a_customer_at_risk_with_the_reasons_in_two_languages(
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    ops: FiguresServiceStub,
    compute: ComputeValues,
    consumers: ContractsConsumers,
    database: Database[dict[str, Any]],
) -> None:
    contract = a_contract(sales, legal, price=3_650_000)
    customer_id = contract.customer_id
    run(compute)
    before = value_of(ops, customer_id)
    closed = f"{(TODAY - DAY).isoformat()}T04:00:00Z"
    case = heard("feedback.case_closed", customer_id=customer_id, closed_time=closed, on_time=False)
    for last in "0123012":  # each of four, and three of them twice
        consumers.on_case_closed(case | {"id": case["id"][:-1] + last})
    visit = heard("care.visit_completed", customer_id=customer_id, contract_id="", occurred_time=closed)
    for last in "45":
        consumers.on_visit_completed(visit | {"id": visit["id"][:-1] + last})
    assert ask_and_run(ops, compute) == 1

    value = value_of(ops, customer_id)
    assert value.cost_to_serve.minor_units == 4 * 30_000 + 2 * 8_000
    assert value.current_value.minor_units == before.current_value.minor_units - 136_000
    assert (value.tier, value.risk) == (AT_RISK, 30 + 15 + 30)
    assert [(each.code, each.risk_points) for each in value.reasons[:3]] == [
        ("COMPLAINTS", 30),
        ("LATE_CASES", 15),
        ("DISSATISFIED_VISITS", 30),
    ]
    assert (value.reasons[0].text_en, value.reasons[0].text_zh) == (
        "4 complaints closed in the last 180 days.",
        "近 180 天内办结投诉 4 起。",
    )
    assert [(each.before, each.after) for each in value.changes] == [(POTENTIAL, AT_RISK), (0, POTENTIAL)]
    assert list(value.changes[0].reasons) == list(value.reasons)
    assert said(database) == [(customer_id, "CUSTOMER_TIER_POTENTIAL"), (customer_id, "CUSTOMER_TIER_AT_RISK")]
    tier = sales.GetCustomer(contracts_pb.GetCustomerRequest(customer_id=customer_id)).customer.tier
    assert tier == AT_RISK


def test_repeat_buyers_are_forecast_by_the_purchase_models_and_one_who_stopped_is_at_risk(
    sales: ContractsServiceStub, ops: FiguresServiceStub, compute: ComputeValues, database: Database[dict[str, Any]]
) -> None:
    assert {"customer_id", "total", "create_time", "update_time"} <= set(OrderDocument._fields)
    customers = [sales.CreateCustomer(new_customer(name=f"N{number}")).customer.id for number in range(60)]
    buy_again(database, customers[2:], today=TODAY)
    busy, gone = customers[:2]
    weekly = [an_order(busy, TODAY - 7 * k * DAY, amount=50_000) for k in range(52)]
    stopped = [an_order(gone, TODAY - (500 + 7 * k) * DAY, amount=50_000) for k in range(30)]
    database["orders"].insert_many([*weekly, *stopped])
    assert run(compute) == 60

    model = ops.GetValueModel(pb.GetValueModelRequest()).model
    assert (model.customers, len(model.buying), model.note) == (60, 4, "" if model.spending else model.note)
    first, second = value_of(ops, busy), value_of(ops, gone)
    assert first.order_margin.minor_units == 52 * 50_000 // 4
    assert first.alive_permille > 900
    assert first.order_potential.minor_units > first.order_margin.minor_units
    assert first.tier != AT_RISK
    assert second.alive_permille < 100
    assert second.expected_orders_hundredths < 20
    assert ("PURCHASES_STOPPED" in codes(second), second.order_margin.minor_units) == (True, 0)
    assert second.stage == customer_pb2.CUSTOMER_STAGE_LOST


def test_orders_without_enough_repeat_buyers_are_counted_and_not_forecast(
    sales: ContractsServiceStub, ops: FiguresServiceStub, compute: ComputeValues, database: Database[dict[str, Any]]
) -> None:
    customer = a_customer(sales)
    database["orders"].insert_many(
        [an_order(customer.id, TODAY - 10 * DAY, amount=80_000), an_order(customer.id, TODAY, amount=40_000)]
    )
    run(compute)
    value = value_of(ops, customer.id)
    assert (value.order_margin.minor_units, value.order_potential.minor_units) == (30_000, 0)
    assert "NO_FORECAST_OF_ORDERS" in codes(value)
    note = ops.GetValueModel(pb.GetValueModelRequest()).model.note
    assert note.startswith("BG/NBD: 1 customers bought again; at least 10 are needed.")
