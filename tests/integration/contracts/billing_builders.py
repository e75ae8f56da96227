"""Contracts in force and their schedules, through the API, naming only what matters to a test."""

from decimal import Decimal
from typing import Any

from membercare.contracts.v1 import billing_line_pb2, contract_pb2, period_pb2, price_run_pb2
from membercare.contracts.v1 import billing_service_pb2 as pb
from membercare.contracts.v1.billing_service_pb2_grpc import BillingServiceStub
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from tests.integration.calling import Calling
from tests.integration.contracts.builders import an_active

NO_LINE = "bil_00000000000000000000000000"
MONTHLY = contract_pb2.BillingTerms(period=period_pb2.Period(unit=period_pb2.PERIOD_UNIT_MONTH, count=1))
YEARLY = contract_pb2.BillingTerms(period=period_pb2.Period(unit=period_pb2.PERIOD_UNIT_YEAR, count=1))


def cny(yuan: int) -> contract_pb2.Money:
    return contract_pb2.Money(currency_code="CNY", minor_units=yuan * 100)


def a_line(yuan: int = 100, **fields: Any) -> contract_pb2.ContractLine:
    told: dict[str, Any] = {"description": "Maintenance", "quantity": 1, "price": cny(yuan)}
    return contract_pb2.ContractLine(**told | fields)


def billed_monthly(
    sales: ContractsServiceStub, legal: ContractsServiceStub, *lines: contract_pb2.ContractLine, **fields: Any
) -> contract_pb2.Contract:
    """A contract in force for 2026, with one line of 100 a month unless the test says otherwise."""
    told: dict[str, Any] = {
        "start_date": "2026-01-01",
        "end_date": "2026-12-31",
        "lines": lines or (a_line(),),
        "billing": MONTHLY,
    }
    return an_active(sales, legal, **told | fields)


def lines_of(billing: BillingServiceStub, contract_id: str, **fields: Any) -> list[billing_line_pb2.BillingLine]:
    match = pb.BillingLineFilter(contract_id=contract_id, **fields)
    return list(billing.ListBillingLines(pb.ListBillingLinesRequest(filter=match, page_size=500)).billing_lines)


def plan(billing: BillingServiceStub, contract_id: str) -> pb.PlanBillingResponse:
    return billing.PlanBilling(pb.PlanBillingRequest(contract_id=contract_id))


def yuan(money: contract_pb2.Money) -> str:
    return f"{Decimal(money.minor_units).scaleb(-2):.2f}"


def an_index(ops: BillingServiceStub, **values: str) -> str:
    """Return the id of an index with definitive values, each named by its month: `y2025_01`."""
    made = ops.CreatePriceIndex(pb.CreatePriceIndexRequest(name="CPI", basis="2015 = 100")).price_index
    known = [
        price_run_pb2.IndexValue(
            month=month.removeprefix("y").replace("_", "-"),
            value=value,
            state=price_run_pb2.INDEX_VALUE_STATE_DEFINITIVE,
            published_date="2026-10-15",
        )
        for month, value in values.items()
    ]
    ops.RecordIndexValues(pb.RecordIndexValuesRequest(index_id=made.id, values=known))
    return made.id


def price_run(calling: Calling, *, on: str, **rule: Any) -> price_run_pb2.PriceRun:
    """Preview, approve and apply a price run from a day on."""
    ops, boss = (calling.as_subject(BillingServiceStub, who, "ops", "approver") for who in ("chen.ops", "sun.boss"))
    asked = pb.CreatePriceRunRequest(name="a run", rule=price_run_pb2.PriceRule(**rule), effective_date=on)
    run = ops.CreatePriceRun(asked).price_run
    boss.ApprovePriceRun(pb.ApprovePriceRunRequest(price_run_id=run.id))
    return ops.ApplyPriceRun(pb.ApplyPriceRunRequest(price_run_id=run.id)).price_run
