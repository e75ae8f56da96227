from typing import Any

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from pymongo.database import Database

from membercare.contracts.v1 import contracts_service_pb2, customer_pb2
from membercare.contracts.v1 import customers_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.customers_service_pb2_grpc import CustomersServiceStub
from services.chassis.clock import SystemClock
from services.chassis.errors import Kind
from services.contracts.domain.customers.customer import CustomerTier
from services.contracts.store.customers.customers import MongoCustomers
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import NO_CONTRACT, NO_CUSTOMER, NOBODY, a_customer, new_customer


@pytest.fixture
def sales(calling: Calling) -> ContractsServiceStub:
    return calling.as_role(ContractsServiceStub, "sales")


@pytest.fixture
def upkeep(calling: Calling) -> CustomersServiceStub:
    return calling.as_subject(CustomersServiceStub, "wang", "sales", "manager")


def change(customer_id: str, *, etag: str = "", request_id: str = "", **fields: Any) -> pb.UpdateCustomerRequest:
    return pb.UpdateCustomerRequest(
        customer=customer_pb2.Customer(id=customer_id, etag=etag, **fields),
        update_mask=FieldMask(paths=list(fields)),
        request_id=request_id,
    )


def read(sales: ContractsServiceStub, customer_id: str) -> customer_pb2.Customer:
    return sales.GetCustomer(contracts_service_pb2.GetCustomerRequest(customer_id=customer_id)).customer


def test_the_fields_of_the_mask_change_and_no_other(sales: ContractsServiceStub, upkeep: CustomersServiceStub) -> None:
    before = a_customer(sales, name="Old", external_ref="K-1", tags=["a"], tax_id="9")
    after = upkeep.UpdateCustomer(change(before.id, name=" 新名 ", tags=[], time_zone="Europe/Berlin")).customer
    assert (after.name, list(after.tags), after.time_zone, after.etag) == ("新名", [], "Europe/Berlin", "2")
    assert (after.external_ref, after.tax_id, after.kind) == ("K-1", "9", before.kind)
    assert read(sales, before.id) == after
    found = sales.ListCustomers(
        contracts_service_pb2.ListCustomersRequest(filter=contracts_service_pb2.CustomerFilter(name_prefix="新"))
    )
    assert [customer.id for customer in found.customers] == [before.id]


def test_a_change_to_what_is_so_already_writes_nothing(
    sales: ContractsServiceStub, upkeep: CustomersServiceStub, database: Database[dict[str, Any]]
) -> None:
    customer = a_customer(sales, name="Same")
    before = list(database["customers"].find())
    assert upkeep.UpdateCustomer(change(customer.id, name="Same")).customer == customer
    assert list(database["customers"].find()) == before


def test_a_stale_etag_is_refused_and_nothing_changes(sales: ContractsServiceStub, upkeep: CustomersServiceStub) -> None:
    customer = a_customer(sales)
    newer = upkeep.UpdateCustomer(change(customer.id, etag="1", tax_id="1")).customer
    refusal = refused(upkeep.UpdateCustomer, change(customer.id, etag="1", tax_id="2"))
    assert (refusal.kind, refusal.reason) == (Kind.STALE, "STALE_VERSION")
    assert read(sales, customer.id) == newer


def test_a_repeated_change_is_made_once(sales: ContractsServiceStub, upkeep: CustomersServiceStub) -> None:
    customer = a_customer(sales)
    upkeep.UpdateCustomer(change(customer.id, tax_id="1", request_id="r-1"))
    upkeep.UpdateCustomer(change(customer.id, tax_id="2"))
    assert upkeep.UpdateCustomer(change(customer.id, tax_id="1", request_id="r-1")).customer.tax_id == "2"


def test_an_external_reference_that_another_has_is_refused(
    sales: ContractsServiceStub, upkeep: CustomersServiceStub
) -> None:
    a_customer(sales, external_ref="K-1")
    customer = a_customer(sales, external_ref="K-2")
    refusal = refused(upkeep.UpdateCustomer, change(customer.id, external_ref="K-1"))
    assert (refusal.kind, refusal.reason) == (Kind.ALREADY_EXISTS, "CUSTOMER_EXTERNAL_REF_TAKEN")
    assert read(sales, customer.id) == customer


@pytest.mark.parametrize(
    ("fields", "reason", "at_fault"),
    [
        ({}, "INVALID_FIELD", "update_mask"),
        ({"stage": customer_pb2.CUSTOMER_STAGE_LOST}, "INVALID_FIELD", "update_mask"),
        ({"tier": customer_pb2.CUSTOMER_TIER_HIGH_VALUE}, "INVALID_FIELD", "update_mask"),
        ({"merged_into_id": NO_CUSTOMER}, "INVALID_FIELD", "update_mask"),
        ({"kind": 0}, "INVALID_FIELD", "kind"),
        ({"name": " "}, "INVALID_FIELD", "name"),
        ({"name": "x" * 201}, "INVALID_FIELD", "name"),
        ({"external_ref": "x" * 101}, "INVALID_FIELD", "external_ref"),
        ({"time_zone": "Beijing"}, "INVALID_FIELD", "time_zone"),
        ({"owner_id": NO_CONTRACT}, "INVALID_ID", "owner_id"),
        ({"tags": ["x" * 41]}, "INVALID_FIELD", "tags"),
    ],
)
def test_a_wrong_change_is_refused_with_the_fields_name_and_changes_nothing(
    sales: ContractsServiceStub,
    upkeep: CustomersServiceStub,
    fields: dict[str, Any],
    reason: str,
    at_fault: str,
) -> None:
    customer = a_customer(sales, tags=["a"])
    refusal = refused(upkeep.UpdateCustomer, change(customer.id, **fields))
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.INVALID, reason, at_fault)
    assert read(sales, customer.id) == customer


@pytest.mark.parametrize(("customer_id", "reason"), [(NO_CUSTOMER, "CUSTOMER_NOT_FOUND"), (NO_CONTRACT, "INVALID_ID")])
def test_a_change_of_what_is_no_customer_is_refused(
    upkeep: CustomersServiceStub, customer_id: str, reason: str
) -> None:
    assert refused(upkeep.UpdateCustomer, change(customer_id, name="X")).reason == reason
    request = pb.SetCustomerStageRequest(customer_id=customer_id, stage=customer_pb2.CUSTOMER_STAGE_LOST, reason="x")
    assert refused(upkeep.SetCustomerStage, request).reason == reason


def test_a_relation_begins_as_a_prospect_and_is_moved_for_a_reason(
    sales: ContractsServiceStub, upkeep: CustomersServiceStub
) -> None:
    customer = a_customer(sales)
    assert (customer.stage, list(customer.stage_changes)) == (customer_pb2.CUSTOMER_STAGE_PROSPECT, [])
    for stage, reason in (
        (customer_pb2.CUSTOMER_STAGE_ESTABLISHING, "First order"),
        (customer_pb2.CUSTOMER_STAGE_AT_RISK, "投诉三次"),
    ):
        request = pb.SetCustomerStageRequest(customer_id=customer.id, stage=stage, reason=reason)
        moved = upkeep.SetCustomerStage(request).customer
        assert moved.stage == stage
    assert [(each.stage, each.reason, each.author) for each in moved.stage_changes] == [
        (customer_pb2.CUSTOMER_STAGE_ESTABLISHING, "First order", "wang"),
        (customer_pb2.CUSTOMER_STAGE_AT_RISK, "投诉三次", "wang"),
    ]
    assert moved.stage_changes[1].change_time == moved.update_time
    assert read(sales, customer.id) == moved


def test_a_move_to_where_it_stands_is_no_move(sales: ContractsServiceStub, upkeep: CustomersServiceStub) -> None:
    customer = a_customer(sales, stage=customer_pb2.CUSTOMER_STAGE_STABLE)
    request = pb.SetCustomerStageRequest(
        customer_id=customer.id, stage=customer_pb2.CUSTOMER_STAGE_STABLE, reason="Still"
    )
    assert upkeep.SetCustomerStage(request).customer == customer


@pytest.mark.parametrize(
    ("stage", "reason", "at_fault"),
    [(0, "x", "stage"), (99, "x", "stage"), (6, "", "reason"), (6, "x" * 501, "reason"), (6, "a\x00b", "reason")],
)
def test_a_move_without_a_stage_or_a_reason_is_refused(
    sales: ContractsServiceStub, upkeep: CustomersServiceStub, stage: Any, reason: str, at_fault: str
) -> None:
    customer = a_customer(sales)
    request = pb.SetCustomerStageRequest(customer_id=customer.id, stage=stage, reason=reason)
    assert refused(upkeep.SetCustomerStage, request).field == at_fault
    assert read(sales, customer.id) == customer


def test_customers_are_found_by_stage_and_by_tier(sales: ContractsServiceStub) -> None:
    lost = a_customer(sales, stage=customer_pb2.CUSTOMER_STAGE_LOST)
    a_customer(sales)
    now = SystemClock().now()
    assert MongoCustomers(SystemClock()).set_value({lost.id: CustomerTier.AT_RISK}, now=now) == 1
    for wanted in ({"stage": customer_pb2.CUSTOMER_STAGE_LOST}, {"tier": customer_pb2.CUSTOMER_TIER_AT_RISK}):
        asked = contracts_service_pb2.CustomerFilter(**wanted)
        found = sales.ListCustomers(contracts_service_pb2.ListCustomersRequest(filter=asked)).customers
        assert [customer.id for customer in found] == [lost.id]


def test_a_computed_tier_is_not_lost_to_a_change_that_read_the_customer_before(sales: ContractsServiceStub) -> None:
    customer = a_customer(sales)
    store, now = MongoCustomers(SystemClock()), SystemClock().now()

    def slow(old: Any) -> Any:
        if old.tier is None:
            store.set_value({old.id: CustomerTier.GROWING}, now=now)
        return old.move_to(old.stage.LOST, "x", author="a", now=now)

    changed = store.change(customer.id, slow, etag="", request_key="")
    assert (changed.tier, changed.stage.value, changed.version) == (CustomerTier.GROWING, "lost", 3)
    assert store.set_value({customer.id: CustomerTier.GROWING}, now=now) == 0


def test_a_zone_that_does_not_exist_is_refused_at_registration(
    sales: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    assert refused(sales.CreateCustomer, new_customer(time_zone="Mars/Base")).field == "time_zone"
    assert a_customer(sales, time_zone="Asia/Urumqi", owner_id=NOBODY).time_zone == "Asia/Urumqi"
    assert database["customers"].count_documents({}) == 1
