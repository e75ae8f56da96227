from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import DomainError
from services.contracts.domain.customers.customer import Customer, CustomerDetails, CustomerKind, search_key
from services.contracts.domain.customers.customers_events import CustomerRegistered

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
CUSTOMER = "cus_00000000000000000000000001"
OWNER = "emp_00000000000000000000000001"
DETAILS = CustomerDetails(kind=CustomerKind.ORGANISATION, name="北方贸易 North Trading")


def test_a_customer_is_registered_as_told_and_says_so() -> None:
    details = replace(
        DETAILS, external_ref=" K-17 ", tax_id="91310000", owner_id=OWNER, tags=("gold", "shanghai", "gold")
    )
    customer = Customer.register(CUSTOMER, details, now=NOON)
    assert customer == Customer(
        id=CUSTOMER,
        version=1,
        kind=CustomerKind.ORGANISATION,
        name="北方贸易 North Trading",
        name_key="北方贸易 north trading",
        external_ref="K-17",
        tax_id="91310000",
        owner_id=OWNER,
        tags=("gold", "shanghai"),
        create_time=NOON,
        update_time=NOON,
        events=(CustomerRegistered(customer_id=CUSTOMER, owner_id=OWNER, occurred_time=NOON),),
    )


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("kind", None, "INVALID_FIELD"),
        ("name", "", "INVALID_FIELD"),
        ("name", " \t ", "INVALID_FIELD"),
        ("name", "x" * 201, "INVALID_FIELD"),
        ("name", "bell\x07", "INVALID_FIELD"),
        ("external_ref", "x" * 101, "INVALID_FIELD"),
        ("tax_id", "x" * 51, "INVALID_FIELD"),
        ("tags", ("",), "INVALID_FIELD"),
        ("tags", ("x" * 41,), "INVALID_FIELD"),
        ("tags", tuple(map(str, range(21))), "INVALID_FIELD"),
        ("owner_id", CUSTOMER, "INVALID_ID"),
    ],
)
def test_details_that_are_wrong_are_refused_with_the_fields_name(field: str, value: object, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        Customer.register(CUSTOMER, replace(DETAILS, **{field: value}), now=NOON)  # type: ignore[arg-type]
    assert (refusal.value.code, refusal.value.field) == (code, field)


def test_twenty_tags_of_forty_characters_and_a_name_of_two_hundred_are_allowed() -> None:
    tags = tuple(f"{n:040}" for n in range(20))
    customer = Customer.register(CUSTOMER, replace(DETAILS, name="名" * 200, tags=tags), now=NOON)
    assert (customer.name, customer.tags) == ("名" * 200, tags)


@pytest.mark.parametrize(
    ("name", "key"),
    [("STRASSE", "strasse"), ("Straße", "strasse"), ("ＡＢＣ商事", "abc商事"), ("İzmir", "i̇zmir")],
)
def test_letter_case_and_full_width_forms_make_no_difference_to_a_search(name: str, key: str) -> None:
    assert search_key(name) == key


@given(st.text())
def test_a_search_key_is_its_own_search_key(name: str) -> None:
    assert search_key(search_key(name)) == search_key(name)
