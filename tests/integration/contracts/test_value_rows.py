"""Sales see what the customers are worth that they own, and of no others: the row rule of the reports."""

import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from membercare.contracts.v1 import customer_pb2
from membercare.contracts.v1 import customers_service_pb2 as customers_pb
from membercare.contracts.v1 import figures_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.customers_service_pb2_grpc import CustomersServiceStub
from membercare.contracts.v1.figures_service_pb2_grpc import FiguresServiceStub
from services.chassis.errors import Kind
from services.contracts.app import figures
from services.contracts.config import Settings
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import a_customer
from tests.integration.contracts.values_asked import run

OWNER = "emp_01JTDB8D40CQS3K9Q8YV1H2T3C"
OTHER = "emp_01JTDB8D40CQS3K9Q8YV1H2T3D"


@pytest.fixture
def owned(calling: Calling, contracts_settings: Settings) -> tuple[str, str, str]:
    """Customers of the caller, of somebody else and of nobody, each with a value."""
    desk = calling.as_role(ContractsServiceStub, "ops")
    made = tuple(a_customer(desk, owner_id=owner, name=owner or "N").id for owner in (OWNER, OTHER, ""))
    assert run(figures.build_compute_values(contracts_settings)) == len(made)
    mine, theirs, free = made
    return mine, theirs, free


@pytest.fixture
def mine(calling: Calling) -> FiguresServiceStub:
    return calling.as_subject(FiguresServiceStub, OWNER, "sales")


def listed(stub: FiguresServiceStub, owner_id: str = "", **fields: object) -> list[str]:
    asked = pb.ListCustomerValuesRequest(filter=pb.CustomerValueFilter(owner_id=owner_id, **fields))  # type: ignore[arg-type]
    return [each.id for each in stub.ListCustomerValues(asked).values]


def test_sales_read_the_value_of_a_customer_that_they_own(
    owned: tuple[str, str, str], mine: FiguresServiceStub
) -> None:
    own, theirs, free = owned
    assert mine.GetCustomerValue(pb.GetCustomerValueRequest(customer_id=own)).value.id == own
    many = mine.BatchGetCustomerValues(pb.BatchGetCustomerValuesRequest(customer_ids=[theirs, own, free]))
    assert [each.id for each in many.values] == [own]
    assert listed(mine, OWNER) == [own]
    assert listed(mine, OWNER, risk_from=100) == []


def test_sales_are_refused_what_the_customers_of_others_are_worth(
    owned: tuple[str, str, str], mine: FiguresServiceStub
) -> None:
    for other in owned[1:]:
        refusal = refused(mine.GetCustomerValue, pb.GetCustomerValueRequest(customer_id=other))
        assert (refusal.kind, refusal.reason, refusal.field) == (Kind.FORBIDDEN, "OTHERS_FIGURES", "customer_id")
    for owner in ("", OTHER):
        asked = pb.ListCustomerValuesRequest(filter=pb.CustomerValueFilter(owner_id=owner))
        refusal = refused(mine.ListCustomerValues, asked)
        assert (refusal.kind, refusal.reason, refusal.field) == (Kind.FORBIDDEN, "OTHERS_FIGURES", "filter.owner_id")


def test_a_customer_that_changes_hands_takes_its_value_along(
    owned: tuple[str, str, str], mine: FiguresServiceStub, calling: Calling
) -> None:
    own, theirs, _ = owned
    desk = calling.as_role(CustomersServiceStub, "ops")
    for customer_id, owner in ((own, OTHER), (theirs, OWNER)):
        changed = customer_pb2.Customer(id=customer_id, owner_id=owner)
        desk.UpdateCustomer(
            customers_pb.UpdateCustomerRequest(customer=changed, update_mask=FieldMask(paths=["owner_id"]))
        )
    assert listed(mine, OWNER) == [theirs]


@pytest.mark.parametrize("role", ["manager", "auditor", "ops", "admin"])
def test_who_leads_or_audits_sees_every_value(owned: tuple[str, str, str], calling: Calling, role: str) -> None:
    stub = calling.as_role(FiguresServiceStub, role)
    assert listed(stub) == sorted(owned)
    assert listed(stub, OTHER) == [owned[1]]
    for each in owned:
        assert stub.GetCustomerValue(pb.GetCustomerValueRequest(customer_id=each)).value.id == each
