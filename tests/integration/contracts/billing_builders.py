"""Contracts in force and their schedules, through the API, naming only what matters to a test."""

from typing import Any

from membercare.contracts.v1 import billing_line_pb2, contract_pb2, period_pb2
from membercare.contracts.v1 import billing_service_pb2 as pb
from membercare.contracts.v1.billing_service_pb2_grpc import BillingServiceStub
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
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
