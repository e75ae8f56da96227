import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import contract_pb2, customer_pb2, customer_value_pb2
from membercare.contracts.v1 import contracts_service_pb2 as contracts_pb
from membercare.contracts.v1 import figures_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.figures_service_pb2_grpc import FiguresServiceStub
from services.chassis.clock import SystemClock
from services.chassis.errors import Kind
from services.contracts import app
from services.contracts.app import figures
from services.contracts.config import Settings
from services.contracts.consumers import ContractsConsumers
from services.contracts.domain.periods import local_day
from services.contracts.store.sales.orders import OrderDocument
from services.contracts.usecases.figures.compute_values import PAGE, ComputeValues
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import NO_CUSTOMER, a_customer, an_active, new_customer, terminating
from tests.integration.contracts.figures_builders import an_order, buy_again
from tests.integration.contracts.test_consumers import heard

ROOT = Path(__file__).parents[3]
TODAY = local_day(SystemClock().now(), "Asia/Shanghai")
DAY = timedelta(days=1)
HIGH, GROWING, STABLE, POTENTIAL, AT_RISK = (
    customer_pb2.CUSTOMER_TIER_HIGH_VALUE,
    customer_pb2.CUSTOMER_TIER_GROWING,
    customer_pb2.CUSTOMER_TIER_STABLE,
    customer_pb2.CUSTOMER_TIER_POTENTIAL,
    customer_pb2.CUSTOMER_TIER_AT_RISK,
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


@pytest.fixture
def consumers(calling: Calling, contracts_settings: Settings) -> ContractsConsumers:
    service: ContractsConsumers = app.build_consumers(contracts_settings).service
    return service


def run(compute: ComputeValues, *, token: int = 1) -> int:
    return compute(token=token, holds=lambda: True)


def ask_and_run(ops: FiguresServiceStub, compute: ComputeValues) -> int:
    ops.RunCustomerValues(pb.RunCustomerValuesRequest())
    return run(compute)


def value_of(stub: FiguresServiceStub, customer_id: str) -> customer_value_pb2.CustomerValue:
    return stub.GetCustomerValue(pb.GetCustomerValueRequest(customer_id=customer_id)).value


def codes(value: customer_value_pb2.CustomerValue) -> list[str]:
    return [each.code for each in value.reasons]


def a_contract(
    sales: ContractsServiceStub, legal: ContractsServiceStub, price: int, **fields: Any
) -> contract_pb2.Contract:
    """A year that began 100 days ago."""
    start = TODAY - 100 * DAY
    terms = {"start_date": start.isoformat(), "end_date": (start + 364 * DAY).isoformat()}
    money = contract_pb2.Money(currency_code="CNY", minor_units=price)
    return an_active(sales, legal, **{**terms, **fields}, price=money)


def said(database: Database[dict[str, Any]]) -> list[tuple[str, str]]:
    """What was said of values: customer and new tier, oldest first."""
    boxes = [event for each in database["customer_values"].find() for event in each["outbox"]]
    return [(event["data"]["customer_id"], event["data"]["tier_after"]) for event in boxes]


def test_a_contract_is_worth_the_margin_of_its_days_and_the_months_that_are_likely_ahead(
    sales: ContractsServiceStub, legal: ContractsServiceStub, ops: FiguresServiceStub, compute: ComputeValues
) -> None:
    contract = a_contract(sales, legal, 3_650_000)
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
    contract = a_contract(sales, legal, 3_650_000)
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
        "4 complaint(s) closed in the last 180 days.",
        "近 180 天内办结投诉 4 起。",
    )
    assert [(each.before, each.after) for each in value.changes] == [(POTENTIAL, AT_RISK), (0, POTENTIAL)]
    assert list(value.changes[0].reasons) == list(value.reasons)
    assert said(database) == [(customer_id, "CUSTOMER_TIER_POTENTIAL"), (customer_id, "CUSTOMER_TIER_AT_RISK")]
    tier = sales.GetCustomer(contracts_pb.GetCustomerRequest(customer_id=customer_id)).customer.tier
    assert tier == AT_RISK


def test_a_run_again_changes_nothing_and_says_nothing(
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    ops: FiguresServiceStub,
    compute: ComputeValues,
    database: Database[dict[str, Any]],
) -> None:
    a_contract(sales, legal, 3_650_000)
    run(compute)
    first = said(database)
    assert run(compute) == 0  # none is due
    ask_and_run(ops, compute)
    assert said(database) == first
    (stored,) = database["customer_values"].find()
    assert len(stored["changes"]) == 1


def test_only_customers_touched_since_the_last_run_are_judged_again(
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    ops: FiguresServiceStub,
    compute: ComputeValues,
    consumers: ContractsConsumers,
    database: Database[dict[str, Any]],
) -> None:
    touched, other = (a_contract(sales, legal, 3_650_000).customer_id for _ in range(2))
    run(compute)
    long_ago = SystemClock().now() - timedelta(hours=1)
    for name in ("contracts", "customers"):
        database[name].update_many({}, {"$set": {"update_time": long_ago, "create_time": long_ago}})
    consumers.on_case_closed(heard("feedback.case_closed", customer_id=touched))
    untouched = value_of(ops, other).computed_time
    assert ask_and_run(ops, compute) == 1
    assert value_of(ops, other).computed_time == untouched
    assert ask_and_run(ops, compute) == 1  # the overlap looks at the last minutes twice, which changes nothing


def test_a_run_is_due_once_a_day_and_whenever_somebody_asks(
    sales: ContractsServiceStub, ops: FiguresServiceStub, compute: ComputeValues, database: Database[dict[str, Any]]
) -> None:
    a_customer(sales)
    assert (run(compute), run(compute)) == (1, 0)
    database["value_runs"].update_one({}, {"$set": {"last_day": (TODAY - 2 * DAY).isoformat()}})
    assert (run(compute), run(compute)) == (1, 0)
    ops.RunCustomerValues(pb.RunCustomerValuesRequest())
    assert (run(compute), run(compute)) == (1, 0)


def test_one_customer_who_cannot_be_judged_is_noted_and_tried_again_and_stops_nobody(
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    ops: FiguresServiceStub,
    compute: ComputeValues,
    database: Database[dict[str, Any]],
) -> None:
    bad, *good = (a_contract(sales, legal, 3_650_000) for _ in range(3))
    spoilt = database["contracts"].find_one({"_id": bad.id})
    database["contracts"].update_one({"_id": bad.id}, {"$set": {"versions.0.start_date": "no date"}})
    assert run(compute) == 2
    assert [value_of(ops, each.customer_id).tier for each in good] == [POTENTIAL, POTENTIAL]
    (failure,) = database["value_failures"].find()
    assert (failure["_id"], failure["attempts"]) == (bad.customer_id, 1)
    assert bad.id in failure["reason"]
    refusal = refused(ops.GetCustomerValue, pb.GetCustomerValueRequest(customer_id=bad.customer_id))
    assert (refusal.kind, refusal.reason) == (Kind.NOT_FOUND, "CUSTOMER_VALUE_NOT_FOUND")

    assert spoilt is not None
    database["contracts"].replace_one({"_id": bad.id}, spoilt)
    ask_and_run(ops, compute)
    assert value_of(ops, bad.customer_id).tier == POTENTIAL
    assert database["value_failures"].count_documents({}) == 0


def test_a_full_run_that_was_cut_off_goes_on_where_it_was(
    sales: ContractsServiceStub, compute: ComputeValues, database: Database[dict[str, Any]]
) -> None:
    for number in range(PAGE + 20):
        sales.CreateCustomer(new_customer(name=f"N{number}"))
    answers = iter([True, False])
    assert compute(token=1, holds=lambda: next(answers)) == PAGE
    assert database["customer_values"].count_documents({}) == PAGE
    assert run(compute, token=2) == 20
    assert run(compute, token=2) == 0
    assert database["customer_values"].count_documents({}) == PAGE + 20


def test_a_leader_of_old_does_not_write_over_the_progress_of_the_next(
    sales: ContractsServiceStub, compute: ComputeValues, database: Database[dict[str, Any]]
) -> None:
    a_customer(sales)
    run(compute, token=5)
    stored = database["value_runs"].find_one()
    database["value_runs"].update_one({}, {"$set": {"last_day": (TODAY - 3 * DAY).isoformat()}})
    run(compute, token=4)
    kept = database["value_runs"].find_one()
    assert stored is not None
    assert kept is not None
    assert (kept["token"], kept["last_day"]) == (5, (TODAY - 3 * DAY).isoformat())


def test_repeat_buyers_are_forecast_by_the_purchase_models_and_one_who_stopped_is_at_risk(
    sales: ContractsServiceStub, ops: FiguresServiceStub, compute: ComputeValues, database: Database[dict[str, Any]]
) -> None:
    assert {"customer_id", "total", "create_time", "update_time"} <= set(OrderDocument._fields)
    customers = [sales.CreateCustomer(new_customer(name=f"N{number}")).customer.id for number in range(60)]
    buy_again(database, customers[2:], today=TODAY)
    busy, gone = customers[:2]
    weekly = [an_order(busy, TODAY - 7 * k * DAY, 50_000) for k in range(52)]
    stopped = [an_order(gone, TODAY - (500 + 7 * k) * DAY, 50_000) for k in range(30)]
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
        [an_order(customer.id, TODAY - 10 * DAY, 80_000), an_order(customer.id, TODAY, 40_000)]
    )
    run(compute)
    value = value_of(ops, customer.id)
    assert (value.order_margin.minor_units, value.order_potential.minor_units) == (30_000, 0)
    assert "NO_FORECAST_OF_ORDERS" in codes(value)
    note = ops.GetValueModel(pb.GetValueModelRequest()).model.note
    assert note.startswith("BG/NBD: 1 customers bought again; at least 10 are needed.")


def test_what_belongs_to_a_doublet_counts_for_its_survivor(
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    ops: FiguresServiceStub,
    compute: ComputeValues,
    database: Database[dict[str, Any]],
) -> None:
    survivor, doublet = a_customer(sales), a_contract(sales, legal, 3_650_000).customer_id
    database["customers"].update_one({"_id": doublet}, {"$set": {"merged_into_id": survivor.id}})
    database["customers"].update_one({"_id": survivor.id}, {"$set": {"merged_ids": [doublet]}})
    assert run(compute) == 1
    assert value_of(ops, survivor.id).contract_margin.minor_units == 404_000
    refused(ops.GetCustomerValue, pb.GetCustomerValueRequest(customer_id=doublet))


def test_another_policy_judges_everybody_anew(
    sales: ContractsServiceStub, legal: ContractsServiceStub, ops: FiguresServiceStub, compute: ComputeValues
) -> None:
    contract = a_contract(sales, legal, 3_650_000)
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
    ended, *others = (a_contract(sales, legal, 3_650_000) for _ in range(3))
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


def test_neither_who_answers_calls_nor_who_keeps_time_loads_numpy_before_there_is_something_to_fit() -> None:
    program = (
        "import sys; from services.contracts import app; from services.contracts.app import rooms;"
        "from services.contracts.config import Settings; settings = Settings();"
        "[room.rpc_room(settings) for room in rooms.ROOMS]; [room.jobs(settings) for room in rooms.ROOMS];"
        "assert not {'numpy', 'scipy'} & set(sys.modules)"
    )
    environment = {"PYTHONPATH": f"{ROOT}:protos/gen", "PATH": "/usr/bin:/bin"}
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
