from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import contracts_service_pb2 as pb
from membercare.contracts.v1 import customer_pb2
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from services.chassis.errors import Kind
from services.chassis.timestamps import to_datetime
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import NO_CONTRACT, NO_CUSTOMER, NOBODY, a_customer, new_customer


@pytest.fixture
def sales(calling: Calling) -> ContractsServiceStub:
    return calling.as_role(ContractsServiceStub, "sales")


def listed(stub: ContractsServiceStub, *, size: int = 50, **wanted: Any) -> list[list[customer_pb2.Customer]]:
    pages, token = [], ""
    while True:
        request = pb.ListCustomersRequest(filter=pb.CustomerFilter(**wanted), page_size=size, page_token=token)
        page = stub.ListCustomers(request)
        pages.append(list(page.customers))
        token = page.next_page_token
        if not token:
            return pages


def names(stub: ContractsServiceStub, **wanted: Any) -> list[str]:
    """Sorted: two that are made in one millisecond have no promised order."""
    return sorted(customer.name for page in listed(stub, **wanted) for customer in page)


def test_a_customer_is_registered_and_read_back_as_told(
    sales: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    told = {"external_ref": "K-17", "tax_id": "9131", "owner_id": NOBODY, "tags": ["gold", "north"]}
    customer = sales.CreateCustomer(new_customer(name=" 北方贸易 ", **told)).customer
    assert customer.id.startswith("cus_")
    assert (customer.name, customer.etag) == ("北方贸易", "1")
    assert customer.kind == customer_pb2.CUSTOMER_KIND_ORGANISATION
    assert {field: getattr(customer, field) for field in told} == told
    assert customer.create_time == customer.update_time
    assert sales.GetCustomer(pb.GetCustomerRequest(customer_id=customer.id)).customer == customer
    (stored,) = database["customers"].find()
    assert stored["create_time"] == to_datetime(customer.create_time)
    (event,) = stored["outbox"]
    assert (event["type"], event["source"], event["subject"]) == ("customer_registered", "contracts", customer.id)


def test_a_repeated_request_returns_the_first_customer_and_stores_no_second(
    sales: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    first = sales.CreateCustomer(new_customer(request_id="r-1", external_ref="K-1"))
    again = sales.CreateCustomer(new_customer(request_id="r-1", external_ref="K-1"))
    assert again == first
    assert database["customers"].count_documents({}) == 1


def test_an_external_reference_that_is_taken_is_refused(
    sales: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    a_customer(sales, external_ref="K-1")
    refusal = refused(sales.CreateCustomer, new_customer(external_ref="K-1", name="Another"))
    assert (refusal.kind, refusal.reason) == (Kind.ALREADY_EXISTS, "CUSTOMER_EXTERNAL_REF_TAKEN")
    assert refusal.metadata == {"field": "external_ref", "external_ref": "K-1"}
    assert database["customers"].count_documents({}) == 1


def test_many_customers_may_have_no_external_reference(sales: ContractsServiceStub) -> None:
    assert a_customer(sales).id != a_customer(sales).id


@pytest.mark.parametrize(
    ("fields", "reason", "at_fault"),
    [
        ({"kind": 0}, "INVALID_FIELD", "kind"),
        ({"kind": 99}, "INVALID_FIELD", "kind"),
        ({"name": ""}, "INVALID_FIELD", "name"),
        ({"name": "x" * 201}, "INVALID_FIELD", "name"),
        ({"external_ref": "x" * 101}, "INVALID_FIELD", "external_ref"),
        ({"tax_id": "x" * 51}, "INVALID_FIELD", "tax_id"),
        ({"tags": ["x" * 41]}, "INVALID_FIELD", "tags"),
        ({"tags": [str(n) for n in range(21)]}, "INVALID_FIELD", "tags"),
        ({"request_id": "x" * 101}, "INVALID_FIELD", "request_id"),
        ({"owner_id": NO_CUSTOMER}, "INVALID_ID", "owner_id"),
    ],
)
def test_wrong_details_are_refused_with_the_fields_name_and_nothing_is_stored(
    sales: ContractsServiceStub,
    database: Database[dict[str, Any]],
    fields: dict[str, Any],
    reason: str,
    at_fault: str,
) -> None:
    refusal = refused(sales.CreateCustomer, new_customer(**fields))
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.INVALID, reason, at_fault)
    assert database["customers"].count_documents({}) == 0


@pytest.mark.parametrize(
    ("customer_id", "kind", "reason"),
    [
        ("", Kind.INVALID, "INVALID_ID"),
        ("17", Kind.INVALID, "INVALID_ID"),
        (NO_CONTRACT, Kind.INVALID, "INVALID_ID"),
        (NO_CUSTOMER, Kind.NOT_FOUND, "CUSTOMER_NOT_FOUND"),
    ],
)
def test_an_id_that_names_no_customer_is_refused(
    sales: ContractsServiceStub, customer_id: str, kind: Kind, reason: str
) -> None:
    refusal = refused(sales.GetCustomer, pb.GetCustomerRequest(customer_id=customer_id))
    assert (refusal.kind, refusal.reason) == (kind, reason)


def test_a_batch_returns_each_customer_once_and_leaves_unknown_ids_out(sales: ContractsServiceStub) -> None:
    one, two = a_customer(sales, name="One"), a_customer(sales, name="Two")
    found = sales.BatchGetCustomers(pb.BatchGetCustomersRequest(customer_ids=[two.id, NO_CUSTOMER, one.id, two.id]))
    assert sorted(customer.name for customer in found.customers) == ["One", "Two"]


@pytest.mark.parametrize(
    ("ids", "reason"),
    [([], "INVALID_FIELD"), ([NO_CUSTOMER] * 501, "INVALID_FIELD"), ([NO_CONTRACT], "INVALID_ID")],
)
def test_a_batch_of_none_of_too_many_or_of_another_type_is_refused(
    sales: ContractsServiceStub, ids: list[str], reason: str
) -> None:
    refusal = refused(sales.BatchGetCustomers, pb.BatchGetCustomersRequest(customer_ids=ids))
    assert (refusal.reason, refusal.field) == (reason, "customer_ids")


def test_every_filter_selects_what_it_says_and_together_they_narrow(sales: ContractsServiceStub) -> None:
    person = customer_pb2.CUSTOMER_KIND_PERSON
    a_customer(sales, name="Müller Söhne", external_ref="K-1", tags=["gold"], owner_id=NOBODY)
    a_customer(sales, name="MÜLLER, Anna", kind=person, tags=["gold", "north"])
    a_customer(sales, name="ＡＢＣ商事", kind=person)
    assert names(sales) == ["MÜLLER, Anna", "Müller Söhne", "ＡＢＣ商事"]
    assert names(sales, kind=person) == ["MÜLLER, Anna", "ＡＢＣ商事"]
    assert names(sales, owner_id=NOBODY) == ["Müller Söhne"]
    assert names(sales, tag="gold") == ["MÜLLER, Anna", "Müller Söhne"]
    assert names(sales, name_prefix="müller") == ["MÜLLER, Anna", "Müller Söhne"]
    assert names(sales, name_prefix="abc商") == ["ＡＢＣ商事"]
    assert names(sales, name_prefix="üller") == []
    assert names(sales, name_prefix=".*") == []
    assert names(sales, external_ref="K-1") == ["Müller Söhne"]
    assert names(sales, tag="gold", kind=person) == ["MÜLLER, Anna"]


@pytest.mark.parametrize(
    ("wanted", "reason", "at_fault"),
    [
        ({"filter": {"kind": 99}}, "INVALID_FIELD", "filter.kind"),
        ({"filter": {"owner_id": NO_CUSTOMER}}, "INVALID_ID", "filter.owner_id"),
        ({"filter": {"tag": "x" * 41}}, "INVALID_FIELD", "filter.tag"),
        ({"filter": {"name_prefix": "x" * 201}}, "INVALID_FIELD", "filter.name_prefix"),
        ({"filter": {"external_ref": "x" * 101}}, "INVALID_FIELD", "filter.external_ref"),
        ({"page_size": -1}, "INVALID_FIELD", "page_size"),
        ({"page_token": "2"}, "INVALID_ID", "page_token"),
        ({"page_token": NO_CONTRACT}, "INVALID_ID", "page_token"),
    ],
)
def test_a_wrong_list_is_refused_with_the_fields_name(
    sales: ContractsServiceStub, wanted: dict[str, Any], reason: str, at_fault: str
) -> None:
    refusal = refused(sales.ListCustomers, pb.ListCustomersRequest(**wanted))
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.INVALID, reason, at_fault)


def test_pages_are_complete_without_repeats_and_the_last_one_says_so(sales: ContractsServiceStub) -> None:
    made = sorted(a_customer(sales, name=f"C{n}").id for n in range(7))
    pages = [[customer.id for customer in page] for page in listed(sales, size=3)]
    assert pages == [made[:3], made[3:6], made[6:]]
    exact = [[customer.id for customer in page] for page in listed(sales, size=7)]
    assert exact == [made]


def test_pages_stay_complete_and_without_repeats_while_customers_are_registered(sales: ContractsServiceStub) -> None:
    before = {a_customer(sales).id for _ in range(9)}
    seen: list[str] = []
    token = ""
    for _ in range(20):
        page = sales.ListCustomers(pb.ListCustomersRequest(page_size=4, page_token=token))
        seen.extend(customer.id for customer in page.customers)
        token = page.next_page_token
        if not token:
            break
        a_customer(sales)
    assert len(seen) == len(set(seen))
    assert before <= set(seen)


def test_a_page_may_begin_after_any_customer_of_the_list(sales: ContractsServiceStub) -> None:
    made = sorted(a_customer(sales).id for _ in range(3))
    page = sales.ListCustomers(pb.ListCustomersRequest(page_token=made[0]))
    assert [customer.id for customer in page.customers] == made[1:]


def test_an_empty_list_is_one_empty_page(sales: ContractsServiceStub) -> None:
    assert listed(sales) == [[]]
