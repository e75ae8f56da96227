"""Warranties that end open a signing opportunity, once for each customer, product and month."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import renewals_service_pb2 as pb
from membercare.contracts.v1.figures_service_pb2 import ReportMonthRequest
from membercare.contracts.v1.figures_service_pb2_grpc import FiguresServiceStub
from membercare.contracts.v1.renewals_service_pb2_grpc import RenewalsServiceStub
from services.chassis.rpc_server import RpcServer
from services.chassis.timestamps import to_timestamp
from services.contracts.app.renewals import RenewalJobs, build_jobs
from services.contracts.config import Settings
from services.contracts.domain.catalog.asset import Asset, AssetDetails
from services.contracts.domain.life_cycle.contract_states import ContractState
from services.contracts.domain.terms.terms import ContractLine
from services.contracts.store.catalog.assets import MongoAssets
from services.contracts.usecases.renewals.open_signing_offers import BATCH
from tests.fakes.clock import FrozenClock
from tests.integration.calling import Calling
from tests.integration.contracts.renewals_builders import YEAR, a_contract, stored

CUSTOMER = "cus_01JTDB8D40CQS3K9Q8YV1H2T3A"
OTHER = "cus_01JTDB8D40CQS3K9Q8YV1H2T3Z"
PRODUCT = "prd_01JTDB8D40CQS3K9Q8YV1H2T3E"
OWNER = "emp_01JTDB8D40CQS3K9Q8YV1H2T3C"
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def leads() -> bool:
    return True


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOW)


@pytest.fixture
def jobs(
    contracts_server: RpcServer, contracts_settings: Settings, clock: FrozenClock, database: Database[dict[str, Any]]
) -> RenewalJobs:
    database["customers"].insert_one({"_id": CUSTOMER, "owner_id": OWNER, "version": 1})
    return build_jobs(contracts_settings, clock)


def an_asset(number: int, ends: str, *, customer_id: str = CUSTOMER) -> str:
    """Store an asset whose year of warranty ends on a day."""
    delivered = date.fromisoformat(ends).replace(year=date.fromisoformat(ends).year - 1)
    details = AssetDetails(
        product_id=PRODUCT,
        serial=f"S-{number}",
        customer_id=customer_id,
        delivery_date=delivered.isoformat(),
        free_maintenance_months=12,
    )
    asset = Asset.register(f"ast_{number:026d}", details, now=NOW)
    MongoAssets(FrozenClock(NOW)).add(asset, request_key="")
    assert asset.warranty_end == date.fromisoformat(ends)
    return asset.id


def test_a_group_of_warranties_opens_one_opportunity_for_the_customers_owner(
    jobs: RenewalJobs, database: Database[dict[str, Any]]
) -> None:
    first, second = an_asset(1, "2026-12-05"), an_asset(2, "2026-12-20")
    assert [jobs.offers(holds=leads) for _ in range(3)] == [1, 0, 0]
    (opportunity,) = database["opportunities"].find()
    assert (opportunity["kind"], opportunity["owner_id"], opportunity["asset_ids"]) == (
        "signing_offer",
        OWNER,
        [first, second],
    )
    (group,) = database["warranty_expiries"].find()
    (said,) = group["outbox"]
    assert said["type"] == "warranty_expiring"
    assert said["data"]["opportunity_id"] == opportunity["_id"] == group["opportunity_id"]
    assert said["data"]["warranty_end"] == "2026-12-05"


def test_months_and_customers_are_groups_of_their_own(jobs: RenewalJobs, database: Database[dict[str, Any]]) -> None:
    an_asset(1, "2026-12-05")
    an_asset(2, "2027-01-05")
    an_asset(3, "2026-12-05", customer_id=OTHER)
    assert jobs.offers(holds=leads) == 3
    assert database["opportunities"].count_documents({}) == 3


@pytest.mark.parametrize(
    ("ends", "found"), [("2027-01-21", 1), ("2027-01-22", 0), ("2026-10-23", 1), ("2026-10-22", 0)]
)
def test_only_warranties_within_the_window_count_and_an_outage_is_made_up_for(
    jobs: RenewalJobs, ends: str, found: int
) -> None:
    an_asset(1, ends)
    assert jobs.offers(holds=leads) == found


def test_an_asset_that_is_found_later_joins_its_group_and_nothing_is_said_twice(
    jobs: RenewalJobs, database: Database[dict[str, Any]]
) -> None:
    an_asset(1, "2026-12-05")
    jobs.offers(holds=leads)
    an_asset(2, "2026-12-06")
    assert jobs.offers(holds=leads) == 1
    (group,) = database["warranty_expiries"].find()
    assert (len(group["asset_ids"]), len(group["outbox"])) == (2, 1)
    assert database["opportunities"].count_documents({}) == 1


def test_a_run_that_was_killed_before_the_opportunity_is_finished_by_the_next(
    jobs: RenewalJobs, database: Database[dict[str, Any]]
) -> None:
    an_asset(1, "2026-12-05")
    jobs.offers(holds=leads)
    (before,) = database["opportunities"].find({}, {"_id": 1})
    database["opportunities"].delete_many({})
    jobs.offers(holds=leads)
    assert list(database["opportunities"].find({}, {"_id": 1})) == [before]


def covering(asset_id: str) -> ContractLine:
    return ContractLine(id="lin_1", description="Care", asset_ids=(asset_id,), service_types=("repair",), price=YEAR)


def test_a_contract_that_is_only_billed_takes_no_asset_over(
    jobs: RenewalJobs, database: Database[dict[str, Any]]
) -> None:
    asset = an_asset(1, "2026-12-05")
    billed = ContractLine(id="lin_1", description="Rent", asset_ids=(asset,), price=YEAR)
    stored(a_contract(date(2027, 11, 30), customer_id=CUSTOMER, lines=(billed,)))
    stored(a_contract(date(2027, 11, 30), customer_id=CUSTOMER))
    jobs.offers(holds=leads)
    assert [each["asset_ids"] for each in database["opportunities"].find()] == [[asset]]


def test_an_asset_that_a_signed_contract_takes_over_opens_nothing(
    jobs: RenewalJobs, database: Database[dict[str, Any]]
) -> None:
    covered, bare = an_asset(1, "2026-12-05"), an_asset(2, "2026-12-05")
    line = covering(covered)
    stored(a_contract(date(2027, 11, 30), customer_id=CUSTOMER, lines=(line,)))
    jobs.offers(holds=leads)
    assert [each["asset_ids"] for each in database["opportunities"].find()] == [[bare]]


def test_a_group_is_offered_whole_however_many_assets_of_others_stand_between_its_own(
    jobs: RenewalJobs, database: Database[dict[str, Any]]
) -> None:
    for number in range(BATCH // 2 + 10):
        for customer_id in (CUSTOMER, OTHER):
            an_asset(2 * number + (customer_id == OTHER), "2026-12-05", customer_id=customer_id)
    assert jobs.offers(holds=leads) == 2
    offered = {each["customer_id"]: len(each["asset_ids"]) for each in database["opportunities"].find()}
    assert offered == {CUSTOMER: BATCH // 2 + 10, OTHER: BATCH // 2 + 10}


def test_a_bad_asset_does_not_stop_the_others(jobs: RenewalJobs, database: Database[dict[str, Any]]) -> None:
    an_asset(1, "2026-12-05")
    an_asset(2, "2026-12-06", customer_id=OTHER)
    database["assets"].update_one({"customer_id": OTHER}, {"$set": {"customer_id": "nobody"}})
    jobs.offers(holds=leads)
    assert [each["customer_id"] for each in database["opportunities"].find()] == [CUSTOMER]


@pytest.mark.parametrize("wrong", [{"$set": {"warranty_end": "2026-12-99"}}, {"$unset": {"product_id": ""}}])
def test_one_unreadable_asset_does_not_stop_the_offers_for_the_others(
    jobs: RenewalJobs,
    database: Database[dict[str, Any]],
    unreadable: Callable[[], set[tuple[str, str]]],
    wrong: dict[str, Any],
) -> None:
    broken, *sound = (an_asset(number, "2026-12-05") for number in range(1, 4))
    database["assets"].update_one({"_id": broken}, wrong)
    assert [jobs.offers(holds=leads) for _ in range(2)] == [1, 0]
    assert [each["asset_ids"] for each in database["opportunities"].find()] == [sound]
    assert unreadable() == {("assets", broken)}


def test_one_unreadable_contract_or_group_does_not_stop_the_offers_for_the_others(
    jobs: RenewalJobs, database: Database[dict[str, Any]], unreadable: Callable[[], set[tuple[str, str]]]
) -> None:
    first = an_asset(1, "2026-12-05")
    jobs.offers(holds=leads)
    database["warranty_expiries"].update_one({}, {"$set": {"warranty_end": "soon"}})
    second = an_asset(2, "2026-12-05", customer_id=OTHER)
    (contract,) = stored(a_contract(date(2027, 11, 30), customer_id=OTHER, lines=(covering(first),)))
    database["contracts"].update_one({"_id": contract.id}, {"$set": {"versions.0.start_date": "2026-13-45"}})
    assert jobs.offers(holds=leads) == 1
    offered = {each["customer_id"]: each["asset_ids"] for each in database["opportunities"].find()}
    assert offered == {CUSTOMER: [first], OTHER: [second]}
    assert {("contracts", contract.id)} <= unreadable()
    assert {collection for collection, _ in unreadable()} == {"contracts", "warranty_expiries"}


def in_force_for(asset_id: str, start: date, **fields: Any) -> None:
    stored(a_contract(date(2099, 12, 31), start=start, customer_id=CUSTOMER, lines=(covering(asset_id),), **fields))


def test_the_attach_rate_is_the_one_of_the_monthly_statistics(jobs: RenewalJobs, calling: Calling) -> None:
    last = date(2025, 10, 31)
    in_time, late, dated, early = (an_asset(number, "2025-10-31") for number in range(1, 5))
    an_asset(5, "2025-11-01")
    in_force_for(in_time, last + timedelta(days=90))
    in_force_for(late, last + timedelta(days=91))
    in_force_for(dated, last, state=ContractState.SIGNED, moves=a_contract(last, start=last).moves[:1])
    in_force_for(early, date(2025, 1, 1))
    renewals = calling.as_role(RenewalsServiceStub, "auditor")
    figures = calling.as_role(FiguresServiceStub, "auditor")
    for month, known_at, expected in (
        ("2025-10", None, (4, 2)),
        ("2025-11", None, (1, 0)),
        ("2025-09", None, (0, 0)),
        ("2025-10", datetime(2025, 10, 31, 12, tzinfo=UTC), (0, 0)),
        ("2025-10", datetime(2025, 11, 2, tzinfo=UTC), (4, 1)),
    ):
        moment = to_timestamp(known_at) if known_at else None
        counted = renewals.ReportAttachRate(pb.ReportAttachRateRequest(month=month, known_at=moment))
        told = figures.ReportMonth(ReportMonthRequest(month=month, known_at=moment)).statistics.total
        assert (month, counted.ended, counted.attached) == (month, *expected)
        assert (told.warranties_ended, told.warranties_attached) == expected
        assert counted.HasField("rate") == told.HasField("attach_rate_bps") == bool(expected[0])
        assert round(counted.rate * 10_000) == told.attach_rate_bps


def test_groups_are_listed_and_read_by_their_ids(jobs: RenewalJobs, calling: Calling) -> None:
    an_asset(1, "2026-12-05")
    jobs.offers(holds=leads)
    stub = calling.as_role(RenewalsServiceStub, "sales")
    (group,) = stub.ListWarrantyExpiries(
        pb.ListWarrantyExpiriesRequest(filter=pb.WarrantyExpiryFilter(month="2026-12", owner_id=OWNER))
    ).warranty_expiries
    assert (group.customer_id, group.product_id, group.warranty_end) == (CUSTOMER, PRODUCT, "2026-12-05")
    found = stub.BatchGetWarrantyExpiries(pb.BatchGetWarrantyExpiriesRequest(warranty_expiry_ids=[group.id]))
    assert list(found.warranty_expiries) == [group]
    none = pb.ListWarrantyExpiriesRequest(filter=pb.WarrantyExpiryFilter(customer_id=OTHER))
    assert list(stub.ListWarrantyExpiries(none).warranty_expiries) == []
