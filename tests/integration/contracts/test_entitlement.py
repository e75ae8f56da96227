from datetime import timedelta
from typing import Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from pymongo.database import Database

from membercare.contracts.v1 import contracts_service_pb2 as contracts
from membercare.contracts.v1 import customers_service_pb2 as customers
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.customers_service_pb2_grpc import CustomersServiceStub
from membercare.contracts.v1.entitlement_service_pb2_grpc import EntitlementServiceStub
from services.chassis.clock import SystemClock
from services.chassis.errors import Kind
from services.chassis.timestamps import to_timestamp
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import NO_CONTRACT, NO_CUSTOMER, a_customer, terminating
from tests.integration.contracts.entitlement_builders import (
    CASES,
    HOURS,
    MINUTES,
    NO_ASSET,
    VISITS,
    a_line,
    allowing,
    an_asset,
    checking,
    covering,
    listed,
    noon,
    reserving,
    today,
    told,
    verdict,
)


@pytest.fixture
def agent(calling: Calling) -> EntitlementServiceStub:
    return calling.as_subject(EntitlementServiceStub, "anna", "agent")


@pytest.fixture
def customer_id(calling: Calling) -> str:
    return a_customer(calling.as_role(ContractsServiceStub, "sales")).id


def test_a_contract_in_force_covers_what_its_line_names_and_says_so_in_both_languages(
    calling: Calling, agent: EntitlementServiceStub, customer_id: str
) -> None:
    contract = covering(calling, customer_id, a_line(allowances=[allowing(CASES, 3)]))
    said = verdict(agent, customer_id, unit=CASES)
    assert told(said) == ("COVERED", "CONTRACT")
    assert (said.contract_id, said.terms_number, said.remaining, said.quantity) == (contract.id, 1, 3, 1)
    (cover,) = said.covers
    assert (cover.contract_id, cover.line_id, cover.quantity) == (contract.id, contract.lines[0].id, 1)
    assert said.explanation_en == (
        f"Free of charge: covered by contract “Care” ({contract.id}, version 1), in force to {contract.end_date} "
        "inclusive; 2 cases left of its allowance."
    )
    assert said.explanation_zh.startswith("免费：由合同“Care”")


def test_a_customer_without_contract_pays_the_list_price_and_learns_what_a_contract_would_have_saved(
    calling: Calling, agent: EntitlementServiceStub, customer_id: str
) -> None:
    products = listed(calling, hour=30_000, visit=12_000, case=5_000, year=480_000)
    said = verdict(agent, customer_id, unit=MINUTES, quantity=70)
    assert told(said) == ("CHARGEABLE", "NO_CONTRACT")
    assert (said.quantity, said.chargeable_quantity, said.covered_quantity) == (75, 75, 0)
    assert (said.price.currency_code, said.price.minor_units, said.saved.minor_units) == ("CNY", 37_500, 0)
    assert (said.hint.product_id, said.hint.saved.minor_units) == (products["year"], 37_500)
    assert verdict(agent, customer_id, unit=VISITS, quantity=2).price.minor_units == 24_000
    assert verdict(agent, customer_id).price.minor_units == 5_000
    unlisted = verdict(agent, customer_id, service_type="training")
    assert not unlisted.HasField("price")
    assert not unlisted.HasField("hint")


def test_prices_are_those_of_the_day_of_service(
    calling: Calling, agent: EntitlementServiceStub, customer_id: str
) -> None:
    listed(calling, case=5_000, since=today(days=10))
    assert verdict(agent, customer_id, at=noon(today(days=9))).price.minor_units == 5_000
    assert not verdict(agent, customer_id, at=noon(today(days=11))).HasField("price")


def test_a_request_beyond_the_allowance_is_covered_in_part(
    calling: Calling, agent: EntitlementServiceStub, customer_id: str
) -> None:
    listed(calling, hour=30_000)
    covering(calling, customer_id, a_line(allowances=[allowing(HOURS, 2)]))
    said = verdict(agent, customer_id, unit=MINUTES, quantity=180)
    assert told(said) == ("PARTIAL", "ALLOWANCE_INSUFFICIENT")
    assert (said.covered_quantity, said.chargeable_quantity, said.remaining) == (120, 60, 120)
    assert (said.list_price.minor_units, said.price.minor_units, said.saved.minor_units) == (90_000, 30_000, 60_000)


def test_free_maintenance_covers_to_the_end_of_its_last_day(
    calling: Calling, agent: EntitlementServiceStub, customer_id: str
) -> None:
    asset = an_asset(calling, customer_id, delivered=today(days=40), months=1)
    end = asset.warranty_end
    last = Timestamp()
    last.FromJsonString(f"{end}T23:59:59+08:00")
    first_after = Timestamp(seconds=last.seconds + 1)
    assert told(verdict(agent, customer_id, asset_id=asset.id, at=last)) == ("COVERED", "WARRANTY")
    said = verdict(agent, customer_id, asset_id=asset.id, at=first_after)
    assert told(said) == ("CHARGEABLE", "WARRANTY_ENDED")
    assert end in said.explanation_en


def test_an_asset_of_another_customer_is_told_by_name_and_not_covered(
    calling: Calling, agent: EntitlementServiceStub, customer_id: str
) -> None:
    other = a_customer(calling.as_role(ContractsServiceStub, "sales")).id
    asset = an_asset(calling, other, delivered=today(days=10), months=12)
    covering(calling, customer_id)
    said = verdict(agent, customer_id, asset_id=asset.id)
    assert told(said) == ("CHARGEABLE", "ASSET_OF_ANOTHER_CUSTOMER")
    assert "belongs to another customer" in said.explanation_en


def test_contracts_and_assets_of_a_doublet_cover_the_customer_and_the_doublet(
    calling: Calling, agent: EntitlementServiceStub, customer_id: str
) -> None:
    doublet = a_customer(calling.as_role(ContractsServiceStub, "sales")).id
    contract = covering(calling, doublet)
    asset = an_asset(calling, doublet, delivered=today(days=900), months=1)
    admin = calling.as_role(CustomersServiceStub, "admin")
    admin.MergeCustomers(customers.MergeCustomersRequest(customer_id=doublet, into_id=customer_id))
    for asked in (customer_id, doublet):
        said = verdict(agent, asked, asset_id=asset.id)
        assert (told(said), said.contract_id) == (("COVERED", "CONTRACT"), contract.id)


def test_a_contract_that_was_terminated_still_covers_what_was_before(
    calling: Calling, agent: EntitlementServiceStub, customer_id: str
) -> None:
    contract = covering(calling, customer_id)
    before = SystemClock().now()
    calling.as_role(ContractsServiceStub, "legal").TerminateContract(
        terminating(contract.id, effective_date=today(days=4).isoformat())
    )
    yesterday = noon(today(days=1))
    assert told(verdict(agent, customer_id, at=yesterday)) == ("CHARGEABLE", "CONTRACT_TERMINATED")
    assert told(verdict(agent, customer_id, at=yesterday, known_at=to_timestamp(before))) == ("COVERED", "CONTRACT")
    assert told(verdict(agent, customer_id, at=noon(today(days=6)))) == ("COVERED", "CONTRACT")


def test_a_suspended_contract_does_not_cover(calling: Calling, agent: EntitlementServiceStub, customer_id: str) -> None:
    contract = covering(calling, customer_id)
    calling.as_role(ContractsServiceStub, "legal").SuspendContract(
        contracts.SuspendContractRequest(contract_id=contract.id, reason="not paid")
    )
    said = verdict(agent, customer_id)
    assert (told(said), said.hint.contract_id) == (("CHARGEABLE", "CONTRACT_SUSPENDED"), "")
    listed(calling, case=5_000)
    assert verdict(agent, customer_id).hint.contract_id == contract.id


def test_what_is_left_can_be_asked_as_of_an_earlier_knowledge(
    calling: Calling, agent: EntitlementServiceStub, customer_id: str
) -> None:
    covering(calling, customer_id, a_line(allowances=[allowing(CASES, 3)]))
    before = to_timestamp(SystemClock().now())
    usage = agent.ReserveAllowance(reserving(customer_id, quantity=2)).usage
    assert verdict(agent, customer_id, unit=CASES).remaining == 1
    assert verdict(agent, customer_id, unit=CASES, known_at=before).remaining == 3
    assert verdict(agent, customer_id, unit=CASES, known_at=usage.create_time).remaining == 1


def past(**ago: int) -> Any:
    return to_timestamp(SystemClock().now() - timedelta(**ago))


@pytest.mark.parametrize(
    ("fields", "reason", "at_fault"),
    [
        ({"customer_id": ""}, "INVALID_ID", "customer_id"),
        ({"customer_id": NO_CONTRACT}, "INVALID_ID", "customer_id"),
        ({"asset_id": NO_CUSTOMER}, "INVALID_ID", "asset_id"),
        ({"service_type": ""}, "INVALID_FIELD", "service_type"),
        ({"service_type": "Repair now!"}, "INVALID_FIELD", "service_type"),
        ({"service_type": "维修"}, "INVALID_FIELD", "service_type"),
        ({"service_type": "x" * 41}, "INVALID_FIELD", "service_type"),
        ({"at": Timestamp(seconds=253_402_300_800)}, "INVALID_FIELD", "at"),
        ({"at": Timestamp(seconds=-62_135_596_801)}, "INVALID_FIELD", "at"),
        ({"at": Timestamp(seconds=0)}, "INVALID_FIELD", "at"),
        ({"at": past(days=-4000)}, "INVALID_FIELD", "at"),
        ({"known_at": past(days=-1)}, "INVALID_FIELD", "known_at"),
        ({"known_at": Timestamp(seconds=0)}, "INVALID_FIELD", "known_at"),
        ({"quantity": -1, "unit": MINUTES}, "INVALID_FIELD", "quantity"),
        ({"quantity": 1_000_001, "unit": MINUTES}, "INVALID_FIELD", "quantity"),
        ({"quantity": 2}, "INVALID_FIELD", "unit"),
        ({"unit": 99}, "INVALID_FIELD", "unit"),
    ],
)
def test_a_wrong_question_is_refused_with_the_fields_name(
    agent: EntitlementServiceStub, customer_id: str, fields: dict[str, Any], reason: str, at_fault: str
) -> None:
    refusal = refused(agent.CheckEntitlement, checking(**{"customer_id": customer_id} | fields))
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.INVALID, reason, at_fault)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({"customer_id": NO_CUSTOMER}, "CUSTOMER_NOT_FOUND"), ({"asset_id": NO_ASSET}, "ASSET_NOT_FOUND")],
)
def test_a_question_about_nothing_is_refused(
    agent: EntitlementServiceStub, customer_id: str, fields: dict[str, Any], reason: str
) -> None:
    refusal = refused(agent.CheckEntitlement, checking(**{"customer_id": customer_id} | fields))
    assert (refusal.kind, refusal.reason) == (Kind.NOT_FOUND, reason)


def test_a_verdict_is_one_read_and_writes_nothing(
    calling: Calling, agent: EntitlementServiceStub, customer_id: str, database: Database[dict[str, Any]]
) -> None:
    covering(calling, customer_id)
    asset = an_asset(calling, customer_id, delivered=today(days=900), months=1)
    listed(calling, case=5_000)
    database.command("profile", 2)
    verdict(agent, customer_id, asset_id=asset.id)
    database.command("profile", 0)
    of_mine = {"ns": {"$not": {"$regex": "profile"}}, "command.profile": {"$exists": False}}
    ran = list(database["system.profile"].find(of_mine))
    database.drop_collection("system.profile")
    # The price list is the second read; it is kept for `PRICE_LIST_SECONDS`, which are 0 here.
    assert [entry["command"].get("aggregate") for entry in ran] == ["contracts", "price_lists"]
    assert [entry["planSummary"] == "COLLSCAN" for entry in ran] == [False, False]
    assert ran[0]["docsExamined"] == 3  # customer, contract, asset; no counter yet
