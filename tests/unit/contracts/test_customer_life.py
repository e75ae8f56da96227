from datetime import UTC, datetime, timedelta

import pytest

from services.contracts.domain.customers.customer import (
    MOST_STAGE_CHANGES,
    Customer,
    CustomerDetails,
    CustomerKind,
    CustomerStage,
)
from services.contracts.domain.customers.customer_rows import COLUMNS, check_row, to_row
from services.contracts.domain.customers.customers_errors import CustomerIsMerged, CustomerMergeRefused

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def customer(number: int) -> Customer:
    details = CustomerDetails(kind=CustomerKind.PERSON, name=f"Li {number}", external_ref=f"K-{number}")
    return Customer.register(f"cus_{number:026d}", details, now=NOON)


def test_a_customer_remembers_its_last_moves_and_forgets_the_oldest() -> None:
    moved = customer(1)
    stages = [CustomerStage.STABLE, CustomerStage.AT_RISK]
    for number in range(MOST_STAGE_CHANGES + 5):
        moved = moved.move_to(stages[number % 2], str(number), author="a", now=NOON + timedelta(days=number))
    assert len(moved.stage_changes) == MOST_STAGE_CHANGES
    assert (moved.stage_changes[0].reason, moved.stage_changes[-1].reason) == ("5", str(MOST_STAGE_CHANGES + 4))


def test_the_survivor_of_a_survivor_has_every_doublet_and_says_only_what_is_new() -> None:
    first, second = customer(1).merge_into(customer(2), now=NOON)
    doublet, survivor = second.merge_into(customer(3), now=NOON)
    assert survivor.merged_ids == (second.id, first.id)
    assert (doublet.merged_into_id, doublet.merged_ids) == (survivor.id, ())
    assert [type(event).__name__ for event in (*doublet.events, *survivor.events)] == ["CustomerMerged"]


def test_a_merge_that_was_done_returns_the_same_two() -> None:
    first, second = customer(1).merge_into(customer(2), now=NOON)
    again = first.merge_into(second, now=NOON + timedelta(days=1))
    assert again[0] is first
    assert again[1] is second


def test_a_customer_is_not_merged_into_itself_nor_twice_nor_into_a_doublet() -> None:
    one, two, three = (customer(number) for number in range(1, 4))
    doublet, _ = one.merge_into(two, now=NOON)
    for left, right in ((one, one), (doublet, three), (three, doublet)):
        with pytest.raises(CustomerMergeRefused):
            left.merge_into(right, now=NOON)
    with pytest.raises(CustomerIsMerged):
        doublet.move_to(CustomerStage.LOST, "x", author="a", now=NOON)


def test_a_row_that_is_written_tells_the_same_customer() -> None:
    written = Customer.register(
        "cus_00000000000000000000000001",
        CustomerDetails(
            kind=CustomerKind.HOUSEHOLD,
            name="王家",
            external_ref="K-1",
            tags=("a", "b"),
            time_zone="Asia/Shanghai",
            stage=CustomerStage.AT_RISK,
        ),
        now=NOON,
    )
    told = check_row(dict(zip(COLUMNS, to_row(written), strict=True)))
    assert {field: getattr(written, field) for field in told} == told
