"""Contracts that cover something, and requests about it, that name only what matters to a test."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from membercare.contracts.v1 import asset_pb2, contract_pb2, entitlement_pb2
from membercare.contracts.v1 import entitlement_service_pb2 as pb
from membercare.contracts.v1.catalog_service_pb2_grpc import CatalogServiceStub
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.entitlement_service_pb2_grpc import EntitlementServiceStub
from services.chassis.clock import SystemClock
from services.chassis.timestamps import to_timestamp
from tests.integration.calling import Calling
from tests.integration.contracts import catalog_builders
from tests.integration.contracts.builders import an_active

CASES, HOURS, VISITS = 1, 2, 3
MINUTES = 2
NO_ASSET = "ast_00000000000000000000000000"
NO_USAGE = "alw_00000000000000000000000000"
NO_ORDER = "svc_00000000000000000000000000"


def today(**ago: int) -> date:
    return (SystemClock().now() - timedelta(**ago)).date()


def noon(day: date) -> Any:
    """Return noon in Shanghai."""
    return to_timestamp(datetime(day.year, day.month, day.day, 4, tzinfo=UTC))


def a_line(**fields: Any) -> contract_pb2.ContractLine:
    price = contract_pb2.Money(currency_code="CNY", minor_units=120_000)
    details: dict[str, Any] = {"description": "Repairs", "service_types": ["repair"], "price": price, "quantity": 1}
    return contract_pb2.ContractLine(**details | fields)


def allowing(unit: int, amount: int) -> contract_pb2.LineAllowance:
    return contract_pb2.LineAllowance(unit=contract_pb2.AllowanceUnit.ValueType(unit), amount=amount)


def covering(calling: Calling, customer_id: str, *lines: contract_pb2.ContractLine, **fields: Any) -> Any:
    """Return an active contract of the year around today with these lines."""
    sales, legal = (
        calling.as_subject(ContractsServiceStub, "sally", "sales"),
        calling.as_subject(ContractsServiceStub, "lena", "legal"),
    )
    term = {"start_date": today(days=100).isoformat(), "end_date": today(days=-265).isoformat()}
    return an_active(sales, legal, customer_id=customer_id, lines=lines or [a_line()], **term | fields)


def checking(customer_id: str, **fields: Any) -> pb.CheckEntitlementRequest:
    return pb.CheckEntitlementRequest(customer_id=customer_id, **{"service_type": "repair"} | fields)


def reserving(customer_id: str, **fields: Any) -> pb.ReserveAllowanceRequest:
    asked: dict[str, Any] = {"service_type": "repair", "unit": CASES, "reference": "cas-1"}
    return pb.ReserveAllowanceRequest(customer_id=customer_id, **asked | fields)


def verdict(stub: EntitlementServiceStub, customer_id: str, **fields: Any) -> entitlement_pb2.Entitlement:
    return stub.CheckEntitlement(checking(customer_id, **fields)).entitlement


def told(said: entitlement_pb2.Entitlement) -> tuple[str, str]:
    """Return verdict and reason by name."""
    return (
        entitlement_pb2.EntitlementVerdict.Name(said.verdict).removeprefix("ENTITLEMENT_VERDICT_"),
        entitlement_pb2.EntitlementReason.Name(said.reason).removeprefix("ENTITLEMENT_REASON_"),
    )


def an_asset(calling: Calling, customer_id: str, *, delivered: date, months: int) -> asset_pb2.Asset:
    stub = calling.as_role(CatalogServiceStub, "admin")
    product = catalog_builders.a_product(stub)
    return catalog_builders.an_asset(
        stub,
        product_id=product.id,
        customer_id=customer_id,
        delivery_date=delivered.isoformat(),
        free_maintenance_months=months,
    )


def listed(calling: Calling, *, since: date | None = None, **units: int) -> dict[str, str]:
    """Publish what repairs cost by unit, and return the product of each unit."""
    stub = calling.as_role(CatalogServiceStub, "admin")
    products = {
        unit: catalog_builders.a_product(
            stub, code=f"S-{unit}", unit=unit, service_types=["repair"], name_en=f"Repairs by {unit}", name_zh="维修"
        ).id
        for unit in units
    }
    prices = {products[unit]: minor_units for unit, minor_units in units.items()}
    start = (since or today(days=30)).isoformat()
    stub.PublishPrices(catalog_builders.publish(catalog_builders.a_price_list(stub).id, start, prices=prices))
    return products
