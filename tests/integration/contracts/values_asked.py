"""Runs the computation of customers' value, and reads what it found."""

from datetime import timedelta
from typing import Any

from pymongo.database import Database

from membercare.contracts.v1 import contract_pb2, customer_pb2, customer_value_pb2
from membercare.contracts.v1 import figures_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.figures_service_pb2_grpc import FiguresServiceStub
from services.chassis.clock import SystemClock
from services.contracts.domain.terms.periods import local_day
from services.contracts.usecases.figures.compute_values import ComputeValues
from tests.integration.contracts.builders import an_active

TODAY = local_day(SystemClock().now(), "Asia/Shanghai")
DAY = timedelta(days=1)
HIGH, GROWING, STABLE, POTENTIAL, AT_RISK = (
    customer_pb2.CUSTOMER_TIER_HIGH_VALUE,
    customer_pb2.CUSTOMER_TIER_GROWING,
    customer_pb2.CUSTOMER_TIER_STABLE,
    customer_pb2.CUSTOMER_TIER_POTENTIAL,
    customer_pb2.CUSTOMER_TIER_AT_RISK,
)


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
    sales: ContractsServiceStub, legal: ContractsServiceStub, *, price: int, **fields: Any
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
