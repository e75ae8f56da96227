from datetime import UTC, datetime
from typing import Any

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from pymongo.database import Database

from membercare.contracts.v1 import asset_pb2
from membercare.contracts.v1 import catalog_service_pb2 as pb
from membercare.contracts.v1 import customers_service_pb2 as customers
from membercare.contracts.v1.catalog_service_pb2_grpc import CatalogServiceStub
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.customers_service_pb2_grpc import CustomersServiceStub
from services.chassis.errors import Kind
from services.chassis.timestamps import to_timestamp
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import NO_CONTRACT, NO_CUSTOMER, a_customer
from tests.integration.contracts.catalog_builders import NO_ASSET, NO_PRODUCT, a_product, an_asset, new_asset


@pytest.fixture
def catalog(calling: Calling) -> CatalogServiceStub:
    return calling.as_subject(CatalogServiceStub, "wang", "ops")


@pytest.fixture
def sales(calling: Calling) -> ContractsServiceStub:
    return calling.as_role(ContractsServiceStub, "sales")


@pytest.fixture
def owner(catalog: CatalogServiceStub, sales: ContractsServiceStub) -> dict[str, str]:
    """A product and a customer in Shanghai."""
    return {"product_id": a_product(catalog).id, "customer_id": a_customer(sales, time_zone="Asia/Shanghai").id}


def read(catalog: CatalogServiceStub, asset_id: str) -> asset_pb2.Asset:
    (found,) = catalog.BatchGetAssets(pb.BatchGetAssetsRequest(asset_ids=[asset_id])).assets
    return found


def change(asset_id: str, *, etag: str = "", **fields: Any) -> pb.UpdateAssetRequest:
    return pb.UpdateAssetRequest(
        asset=asset_pb2.Asset(id=asset_id, etag=etag, **fields), update_mask=FieldMask(paths=list(fields))
    )


def hold(asset_id: str, *days: str, **fields: Any) -> pb.HoldWarrantyRequest:
    start, end = days
    return pb.HoldWarrantyRequest(asset_id=asset_id, start_date=start, end_date=end, **{"reason": "Depot"} | fields)


def test_an_asset_is_registered_with_the_end_of_its_warranty_and_says_that_it_was_delivered(
    catalog: CatalogServiceStub, owner: dict[str, str], database: Database[dict[str, Any]]
) -> None:
    asset = an_asset(catalog, **owner, serial=" ab-１ ", delivery_date="2025-08-31", free_maintenance_months=6)
    assert asset.id.startswith("ast_")
    assert (asset.serial, asset.warranty_end, asset.etag) == ("ab-１", "2026-02-28", "1")
    assert read(catalog, asset.id) == asset
    (stored,) = database["assets"].find()
    (event,) = stored["outbox"]
    assert (event["type"], event["subject"], event["data"]["warranty_end"]) == (
        "asset_delivered",
        asset.id,
        "2026-02-28",
    )


def test_an_asset_without_delivery_or_free_months_has_no_warranty(
    catalog: CatalogServiceStub, owner: dict[str, str], database: Database[dict[str, Any]]
) -> None:
    assert an_asset(catalog, **owner, serial="1", delivery_date="").warranty_end == ""
    assert an_asset(catalog, **owner, serial="2", free_maintenance_months=0).warranty_end == ""
    said = {each["serial"]: [event["type"] for event in each["outbox"]] for each in database["assets"].find()}
    assert said == {"1": [], "2": ["asset_delivered"]}


def test_a_delivery_that_comes_later_or_is_corrected_moves_the_end_and_is_said(
    catalog: CatalogServiceStub, owner: dict[str, str], database: Database[dict[str, Any]]
) -> None:
    asset = an_asset(catalog, **owner, delivery_date="")
    assert catalog.UpdateAsset(change(asset.id, delivery_date="2026-03-31")).asset.warranty_end == "2027-03-31"
    assert catalog.UpdateAsset(change(asset.id, delivery_date="2026-04-01")).asset.warranty_end == "2027-04-01"
    assert catalog.UpdateAsset(change(asset.id, free_maintenance_months=1)).asset.warranty_end == "2026-05-01"
    (stored,) = database["assets"].find()
    assert [event["data"]["delivery_date"] for event in stored["outbox"]] == ["2026-03-31", "2026-04-01"]


def test_the_end_of_a_warranty_cannot_be_typed(catalog: CatalogServiceStub, owner: dict[str, str]) -> None:
    asset = an_asset(catalog, **owner, warranty_end="2099-12-31")
    assert asset.warranty_end == "2027-01-31"
    assert refused(catalog.UpdateAsset, change(asset.id, warranty_end="2099-12-31")).field == "update_mask"
    assert read(catalog, asset.id) == asset


def test_each_day_of_a_hold_moves_the_end_by_one_and_a_day_of_two_holds_counts_once(
    catalog: CatalogServiceStub, owner: dict[str, str]
) -> None:
    asset = an_asset(catalog, **owner, delivery_date="2026-01-01", free_maintenance_months=6)
    assert asset.warranty_end == "2026-07-01"
    once = catalog.HoldWarranty(hold(asset.id, "2026-03-01", "2026-03-10")).asset
    assert once.warranty_end == "2026-07-11"
    twice = catalog.HoldWarranty(hold(asset.id, "2026-03-06", "2026-03-15", reason="水灾")).asset
    assert twice.warranty_end == "2026-07-16"
    assert [(each.start_date, each.reason, each.author) for each in twice.holds] == [
        ("2026-03-01", "Depot", "wang"),
        ("2026-03-06", "水灾", "wang"),
    ]
    lifted = catalog.LiftWarrantyHold(pb.LiftWarrantyHoldRequest(asset_id=asset.id, hold_id=twice.holds[0].id)).asset
    assert (lifted.warranty_end, len(lifted.holds)) == ("2026-07-11", 1)


@pytest.mark.parametrize(
    ("start", "end", "fields", "reason", "at_fault"),
    [
        ("2026-03-10", "2026-03-01", {}, "INVALID_FIELD", "end_date"),
        ("2026-02-30", "2026-03-01", {}, "INVALID_FIELD", "start_date"),
        ("2026-03-01", "", {}, "INVALID_FIELD", "end_date"),
        ("2026-03-01", "2036-03-12", {}, "INVALID_FIELD", "end_date"),
        ("2026-03-01", "2026-03-02", {"reason": ""}, "INVALID_FIELD", "reason"),
        ("2026-03-01", "2026-03-02", {"reason": "x" * 501}, "INVALID_FIELD", "reason"),
        ("2025-12-31", "2026-03-01", {}, "WARRANTY_HOLD_REFUSED", "start_date"),
        ("2026-07-02", "2026-07-03", {}, "WARRANTY_HOLD_REFUSED", "start_date"),
    ],
)
def test_a_hold_that_ends_before_it_starts_or_lies_outside_of_the_warranty_is_refused(
    catalog: CatalogServiceStub,
    owner: dict[str, str],
    start: str,
    end: str,
    fields: dict[str, str],
    reason: str,
    at_fault: str,
) -> None:
    asset = an_asset(catalog, **owner, delivery_date="2026-01-01", free_maintenance_months=6)
    refusal = refused(catalog.HoldWarranty, hold(asset.id, start, end, **fields))
    assert (refusal.reason, refusal.field) == (reason, at_fault)
    assert read(catalog, asset.id) == asset


def test_a_hold_is_refused_where_there_is_no_warranty_and_where_it_stands_already(
    catalog: CatalogServiceStub, owner: dict[str, str]
) -> None:
    bare = an_asset(catalog, **owner, serial="1", free_maintenance_months=0)
    assert refused(catalog.HoldWarranty, hold(bare.id, "2026-03-01", "2026-03-02")).reason == "WARRANTY_HOLD_REFUSED"
    asset = an_asset(catalog, **owner, serial="2")
    held = catalog.HoldWarranty(hold(asset.id, "2026-03-01", "2026-03-02", request_id="r")).asset
    assert catalog.HoldWarranty(hold(asset.id, "2026-03-01", "2026-03-02", request_id="r")).asset == held
    assert refused(catalog.HoldWarranty, hold(asset.id, "2026-03-01", "2026-03-02")).reason == "WARRANTY_HOLD_REFUSED"
    assert refused(catalog.HoldWarranty, hold(asset.id, "2026-04-01", "2026-04-02", etag="1")).kind is Kind.STALE
    lift = pb.LiftWarrantyHoldRequest(asset_id=asset.id, hold_id="hld_none")
    assert refused(catalog.LiftWarrantyHold, lift).reason == "WARRANTY_HOLD_NOT_FOUND"
    assert read(catalog, asset.id) == held


@pytest.mark.parametrize(
    ("at", "state", "left"),
    [
        ("2026-01-30T15:59:59", pb.WARRANTY_STATE_NOT_DELIVERED, 0),
        ("2026-01-30T16:00:00", pb.WARRANTY_STATE_COVERED, 365),
        ("2027-01-30T15:59:59", pb.WARRANTY_STATE_COVERED, 1),
        ("2027-01-31T15:59:59", pb.WARRANTY_STATE_COVERED, 0),
        ("2027-01-31T16:00:00", pb.WARRANTY_STATE_EXPIRED, 0),
    ],
)
def test_trap_a_warranty_claim_looks_at_the_expiry_whose_last_day_counts_to_its_end_in_the_customers_time_zone(
    catalog: CatalogServiceStub, owner: dict[str, str], at: str, state: Any, left: int
) -> None:
    asset = an_asset(catalog, **owner, delivery_date="2026-01-31", free_maintenance_months=12)
    moment = to_timestamp(datetime.fromisoformat(at).replace(tzinfo=UTC))
    verdict = catalog.CheckWarranty(pb.CheckWarrantyRequest(asset_id=asset.id, at=moment))
    assert (verdict.state, verdict.days_left, verdict.warranty_end) == (state, left, "2027-01-31")
    assert verdict.time_zone == "Asia/Shanghai"
    assert verdict.date in verdict.explanation_en
    assert verdict.date in verdict.explanation_zh


def test_the_same_moment_may_be_the_last_day_for_one_customer_and_too_late_for_another(
    catalog: CatalogServiceStub, sales: ContractsServiceStub
) -> None:
    product = a_product(catalog)
    moment = to_timestamp(datetime(2027, 1, 31, 20, 0, tzinfo=UTC))
    states = []
    for number, zone in enumerate(("America/Los_Angeles", "Asia/Shanghai", "")):
        customer = a_customer(sales, time_zone=zone)
        asset = an_asset(catalog, product_id=product.id, customer_id=customer.id, serial=str(number))
        states.append(catalog.CheckWarranty(pb.CheckWarrantyRequest(asset_id=asset.id, at=moment)).state)
    assert states == [pb.WARRANTY_STATE_COVERED, pb.WARRANTY_STATE_EXPIRED, pb.WARRANTY_STATE_EXPIRED]


def test_a_serial_number_is_unique_within_its_product_whatever_its_case(
    catalog: CatalogServiceStub, owner: dict[str, str], database: Database[dict[str, Any]]
) -> None:
    an_asset(catalog, **owner, serial="SN-1")
    refusal = refused(catalog.CreateAsset, new_asset(**owner, serial="sn-1"))
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.ALREADY_EXISTS, "ASSET_SERIAL_TAKEN", "serial")
    assert database["assets"].count_documents({}) == 1
    other = a_product(catalog, code="P-2")
    assert an_asset(catalog, **owner | {"product_id": other.id}, serial="SN-1").serial == "SN-1"
    third = an_asset(catalog, **owner, serial="SN-3")
    assert refused(catalog.UpdateAsset, change(third.id, serial="SN-1")).reason == "ASSET_SERIAL_TAKEN"
    assert read(catalog, third.id) == third


@pytest.mark.parametrize(
    ("fields", "reason", "at_fault"),
    [
        ({"serial": ""}, "INVALID_FIELD", "serial"),
        ({"serial": "x" * 101}, "INVALID_FIELD", "serial"),
        ({"serial": "a\nb"}, "INVALID_FIELD", "serial"),
        ({"free_maintenance_months": -1}, "INVALID_FIELD", "free_maintenance_months"),
        ({"free_maintenance_months": 601}, "INVALID_FIELD", "free_maintenance_months"),
        ({"delivery_date": "2026-02-30"}, "INVALID_FIELD", "delivery_date"),
        ({"delivery_date": "0001-01-01"}, "INVALID_FIELD", "delivery_date"),
        ({"delivery_date": "31.01.2026"}, "INVALID_FIELD", "delivery_date"),
        ({"product_id": ""}, "INVALID_ID", "product_id"),
        ({"product_id": NO_CUSTOMER}, "INVALID_ID", "product_id"),
        ({"product_id": NO_PRODUCT}, "PRODUCT_NOT_FOUND", ""),
        ({"customer_id": NO_CONTRACT}, "INVALID_ID", "customer_id"),
        ({"customer_id": NO_CUSTOMER}, "CUSTOMER_NOT_FOUND", ""),
    ],
)
def test_a_wrong_asset_is_refused_with_the_fields_name_and_nothing_is_stored(
    catalog: CatalogServiceStub,
    owner: dict[str, str],
    database: Database[dict[str, Any]],
    fields: dict[str, Any],
    reason: str,
    at_fault: str,
) -> None:
    refusal = refused(catalog.CreateAsset, new_asset(**owner | fields))
    assert (refusal.reason, refusal.field) == (reason, at_fault)
    assert database["assets"].count_documents({}) == 0


def test_an_asset_of_a_doublet_is_found_through_the_survivor_and_no_new_one_is_given_to_the_doublet(
    calling: Calling, catalog: CatalogServiceStub, sales: ContractsServiceStub, owner: dict[str, str]
) -> None:
    survivor = a_customer(sales, name="Survivor")
    old = an_asset(catalog, **owner, serial="1")
    own = an_asset(catalog, **owner | {"customer_id": survivor.id}, serial="2")
    merge = customers.MergeCustomersRequest(customer_id=owner["customer_id"], into_id=survivor.id)
    calling.as_role(CustomersServiceStub, "manager").MergeCustomers(merge)
    batch = catalog.BatchListAssetsByCustomer(pb.BatchListAssetsByCustomerRequest(customer_ids=[survivor.id]))
    (found,) = batch.results
    assert (found.customer_id, {each.id for each in found.assets}) == (survivor.id, {old.id, own.id})
    listed = catalog.ListAssets(pb.ListAssetsRequest(filter=pb.AssetFilter(customer_id=survivor.id))).assets
    assert {each.id for each in listed} == {old.id, own.id}
    assert read(catalog, old.id).customer_id == owner["customer_id"]
    assert refused(catalog.CreateAsset, new_asset(**owner, serial="3")).reason == "CUSTOMER_MERGED"
    assert refused(catalog.UpdateAsset, change(own.id, customer_id=owner["customer_id"])).reason == "CUSTOMER_MERGED"


def test_assets_are_found_by_what_the_filter_says_and_together_they_narrow(
    catalog: CatalogServiceStub, owner: dict[str, str]
) -> None:
    for serial, day in (("A", "2026-01-10"), ("B", "2026-01-20"), ("C", "")):
        an_asset(catalog, **owner, serial=serial, delivery_date=day)

    def serials(**wanted: str) -> list[str]:
        found = catalog.ListAssets(pb.ListAssetsRequest(filter=pb.AssetFilter(**wanted))).assets
        return sorted(asset.serial for asset in found)

    assert serials(**owner) == ["A", "B", "C"]
    assert serials(serial="b") == ["B"]
    assert serials(warranty_end_from="2027-01-11") == ["B"]
    assert serials(warranty_end_to="2027-01-10") == ["A"]
    assert serials(warranty_end_from="2027-01-10", warranty_end_to="2027-01-20") == ["A", "B"]
    assert serials(warranty_end_from="2027-01-21") == []
    assert serials(product_id=NO_PRODUCT) == []


@pytest.mark.parametrize(("asset_id", "reason"), [(NO_ASSET, "ASSET_NOT_FOUND"), (NO_PRODUCT, "INVALID_ID")])
def test_what_is_no_asset_is_refused_everywhere(catalog: CatalogServiceStub, asset_id: str, reason: str) -> None:
    assert refused(catalog.UpdateAsset, change(asset_id, serial="X")).reason == reason
    assert refused(catalog.HoldWarranty, hold(asset_id, "2026-01-01", "2026-01-02")).reason == reason
    assert refused(catalog.CheckWarranty, pb.CheckWarrantyRequest(asset_id=asset_id)).reason == reason


def test_who_may_not_write_into_the_catalog_changes_nothing_and_a_technician_registers_what_was_delivered(
    calling: Calling, owner: dict[str, str], database: Database[dict[str, Any]]
) -> None:
    agent, seller, technician = (calling.as_role(CatalogServiceStub, role) for role in ("agent", "sales", "technician"))
    asset = an_asset(technician, **owner)
    before = list(database["assets"].find())
    for refusal in (
        refused(agent.CreateAsset, new_asset(**owner, serial="2")),
        refused(agent.UpdateAsset, change(asset.id, serial="2")),
        refused(seller.HoldWarranty, hold(asset.id, "2026-03-01", "2026-03-02")),
        refused(seller.ImportAssets, pb.ImportAssetsRequest()),
        refused(seller.CreateProduct, pb.CreateProductRequest()),
        refused(technician.PublishPrices, pb.PublishPricesRequest()),
    ):
        assert refusal.kind is Kind.FORBIDDEN
    assert list(database["assets"].find()) == before
    assert agent.HoldWarranty(hold(asset.id, "2026-03-01", "2026-03-02")).asset.warranty_end == "2027-02-02"
    assert read(calling.as_role(CatalogServiceStub, "auditor"), asset.id).etag == "2"
