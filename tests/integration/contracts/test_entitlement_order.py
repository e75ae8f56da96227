"""Which of several covers answers first: the order that entitlement_service.proto states, through the API."""

from dataclasses import dataclass

import pytest

from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.entitlement_service_pb2_grpc import EntitlementServiceStub
from tests.integration.calling import Calling
from tests.integration.contracts.builders import a_customer
from tests.integration.contracts.entitlement_builders import (
    CASES,
    a_line,
    allowing,
    an_asset,
    covering,
    noon,
    today,
    told,
    verdict,
)


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A contract among several: whether its line names the asset, what it allows, and for how many days it lasts."""

    name: str
    names_asset: bool = False
    cases: int = 0
    """0: without limit."""
    days_left: int = 200


@pytest.fixture
def agent(calling: Calling) -> EntitlementServiceStub:
    return calling.as_subject(EntitlementServiceStub, "anna", "agent")


@pytest.fixture
def customer_id(calling: Calling) -> str:
    return a_customer(calling.as_role(ContractsServiceStub, "sales")).id


def offered(calling: Calling, customer_id: str, *, asset_id: str, all_of: tuple[Offered, ...]) -> dict[str, str]:
    """Return the name of each contract by its id."""
    made = {}
    for each in all_of:
        line = a_line(
            asset_ids=[asset_id] if each.names_asset else [],
            allowances=[allowing(CASES, each.cases)] if each.cases else [],
        )
        ends = today(days=-each.days_left).isoformat()
        made[covering(calling, customer_id, line, end_date=ends).id] = each.name
    return made


@pytest.mark.parametrize(
    ("contracts", "first"),
    [
        (
            (Offered(name="any asset, no limit"), Offered(name="this asset", names_asset=True, cases=5)),
            "this asset",
        ),
        ((Offered(name="five cases", cases=5, days_left=10), Offered(name="no limit")), "no limit"),
        ((Offered(name="ends late", days_left=90), Offered(name="ends soon", days_left=30)), "ends soon"),
        ((Offered(name="older"), Offered(name="younger")), "older"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_the_cover_that_answers_first(
    calling: Calling,
    agent: EntitlementServiceStub,
    customer_id: str,
    contracts: tuple[Offered, ...],
    first: str,
) -> None:
    asset = an_asset(calling, customer_id, delivered=today(days=900), months=1)
    names = offered(calling, customer_id, asset_id=asset.id, all_of=contracts)
    for _ in range(2):
        said = verdict(agent, customer_id, asset_id=asset.id, unit=CASES)
        assert (told(said), names[said.contract_id]) == (("COVERED", "CONTRACT"), first)
        assert [names[cover.contract_id] for cover in said.covers] == [first]


def test_a_warranty_answers_before_any_contract_and_a_contract_once_it_has_ended(
    calling: Calling, agent: EntitlementServiceStub, customer_id: str
) -> None:
    fresh = an_asset(calling, customer_id, delivered=today(days=10), months=12)
    names = offered(calling, customer_id, asset_id=fresh.id, all_of=(Offered(name="care", names_asset=True),))
    within = verdict(agent, customer_id, asset_id=fresh.id)
    assert (told(within), within.contract_id) == (("COVERED", "WARRANTY"), "")
    before_delivery = verdict(agent, customer_id, asset_id=fresh.id, at=noon(today(days=11)))
    assert (told(before_delivery), names[before_delivery.contract_id]) == (("COVERED", "CONTRACT"), "care")


def test_what_one_allowance_lacks_the_next_covers_in_the_same_order_and_the_rest_is_charged(
    calling: Calling, agent: EntitlementServiceStub, customer_id: str
) -> None:
    asset = an_asset(calling, customer_id, delivered=today(days=900), months=1)
    contracts = (
        Offered(name="late", cases=1, days_left=90),
        Offered(name="soon", cases=2, days_left=30),
        Offered(name="own", names_asset=True, cases=1, days_left=200),
    )
    names = offered(calling, customer_id, asset_id=asset.id, all_of=contracts)
    for asked, drawn in (
        (3, [("own", 1), ("soon", 2)]),
        (4, [("own", 1), ("soon", 2), ("late", 1)]),
        (6, [("own", 1), ("soon", 2), ("late", 1)]),
    ):
        said = verdict(agent, customer_id, asset_id=asset.id, unit=CASES, quantity=asked)
        assert [(names[cover.contract_id], cover.quantity) for cover in said.covers] == drawn
        assert (said.covered_quantity, said.chargeable_quantity) == (min(asked, 4), max(asked - 4, 0))
    assert told(said) == ("PARTIAL", "ALLOWANCE_INSUFFICIENT")
