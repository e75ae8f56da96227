from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from pymongo.database import Database

from membercare.contracts.v1 import catalog_service_pb2 as pb
from membercare.contracts.v1 import price_list_pb2
from membercare.contracts.v1.catalog_service_pb2_grpc import CatalogServiceStub
from services.chassis.errors import Kind
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import NO_CUSTOMER
from tests.integration.contracts.catalog_builders import (
    NO_PRICE_LIST,
    NO_PRODUCT,
    a_price_list,
    a_product,
    publish,
)


@pytest.fixture
def catalog(calling: Calling) -> CatalogServiceStub:
    return calling.as_subject(CatalogServiceStub, "wang", "ops")


@pytest.fixture
def pump(catalog: CatalogServiceStub) -> str:
    return a_product(catalog, code="P-1").id


def days(price_list: price_list_pb2.PriceList) -> list[tuple[int, str, str]]:
    return [(version.number, version.start_date, version.end_date) for version in price_list.versions]


def price(catalog: CatalogServiceStub, *asked: str, **more: str) -> tuple[str, int, int]:
    product_id, day = asked
    found = catalog.GetPrice(pb.GetPriceRequest(product_id=product_id, date=day, **more))
    return found.unit_price.currency_code, found.unit_price.minor_units, found.version_number


def test_a_price_holds_from_its_first_day_to_its_last_and_a_newer_version_ends_an_open_one(
    catalog: CatalogServiceStub, pump: str
) -> None:
    standard = a_price_list(catalog)
    catalog.PublishPrices(publish(standard.id, "2026-01-01", prices={pump: 100_00}))
    published = catalog.PublishPrices(publish(standard.id, "2026-07-01", prices={pump: 120_00})).price_list
    assert days(published) == [(1, "2026-01-01", "2026-06-30"), (2, "2026-07-01", "")]
    assert (published.versions[1].author, published.versions[1].entry_count) == ("wang", 1)
    assert price(catalog, pump, "2026-01-01") == ("CNY", 100_00, 1)
    assert price(catalog, pump, "2026-06-30") == ("CNY", 100_00, 1)
    assert price(catalog, pump, "2026-07-01") == ("CNY", 120_00, 2)
    assert price(catalog, pump, "2099-12-31") == ("CNY", 120_00, 2)
    early = pb.GetPriceRequest(product_id=pump, date="2025-12-31")
    assert refused(catalog.GetPrice, early).reason == "PRICE_NOT_FOUND"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-01", "2026-03-01"),
        ("2026-01-01", "2026-12-31"),
        ("2026-03-31", ""),
        ("2025-12-01", "2026-03-01"),
        ("2025-12-01", ""),
    ],
)
def test_a_version_that_holds_a_day_of_another_is_refused_and_leaves_no_prices_behind(
    catalog: CatalogServiceStub, pump: str, database: Database[dict[str, Any]], start: str, end: str
) -> None:
    standard = a_price_list(catalog)
    first = publish(standard.id, "2026-03-01", prices={pump: 100_00}, end_date="2026-03-31")
    before = catalog.PublishPrices(first).price_list
    refusal = refused(catalog.PublishPrices, publish(standard.id, start, prices={pump: 1}, end_date=end))
    assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "PRICE_LIST_VERSION_OVERLAPS")
    (after,) = catalog.BatchGetPriceLists(pb.BatchGetPriceListsRequest(price_list_ids=[standard.id])).price_lists
    assert after == before
    assert [each["minor_units"] for each in database["price_entries"].find()] == [100_00]


def test_a_gap_between_versions_may_be_filled_and_has_no_price_before(catalog: CatalogServiceStub, pump: str) -> None:
    standard = a_price_list(catalog)
    catalog.PublishPrices(publish(standard.id, "2026-03-01", prices={pump: 3}, end_date="2026-03-31"))
    catalog.PublishPrices(publish(standard.id, "2026-05-01", prices={pump: 5}))
    april = pb.GetPriceRequest(product_id=pump, date="2026-04-15")
    assert refused(catalog.GetPrice, april).reason == "PRICE_NOT_FOUND"
    filled = catalog.PublishPrices(publish(standard.id, "2026-04-01", prices={pump: 4}, end_date="2026-04-30"))
    assert [number for number, *_ in days(filled.price_list)] == [1, 3, 2]
    assert price(catalog, pump, "2026-04-15") == ("CNY", 4, 3)


def test_the_same_prices_again_and_a_repeated_request_change_nothing(
    catalog: CatalogServiceStub, pump: str, database: Database[dict[str, Any]]
) -> None:
    standard = a_price_list(catalog)
    request = publish(standard.id, "2026-01-01", prices={pump: 1}, request_id="r-1")
    first = catalog.PublishPrices(request)
    assert catalog.PublishPrices(request) == first
    assert catalog.PublishPrices(publish(standard.id, "2026-01-01", prices={pump: 1})) == first
    assert database["price_entries"].count_documents({}) == 1


def test_of_many_who_publish_for_the_same_days_at_once_one_is_heard(
    catalog: CatalogServiceStub, pump: str, database: Database[dict[str, Any]]
) -> None:
    standard = a_price_list(catalog)

    def run(units: int) -> int:
        try:
            return len(
                catalog.PublishPrices(publish(standard.id, "2026-01-01", prices={pump: units})).price_list.versions
            )
        except grpc.RpcError:
            return 0

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(run, range(1, 9))) == [0] * 7 + [1]
    assert database["price_entries"].count_documents({}) == 1


def test_lists_are_apart_and_the_standard_one_is_asked_where_none_is_named(
    catalog: CatalogServiceStub, pump: str
) -> None:
    partners = a_price_list(catalog, code="partners", currency_code="USD")
    catalog.PublishPrices(publish(partners.id, "2026-01-01", prices={pump: 9_00}))
    assert price(catalog, pump, "2026-05-01", price_list_code="partners") == ("USD", 9_00, 1)
    asked = pb.GetPriceRequest(product_id=pump, date="2026-05-01")
    assert refused(catalog.GetPrice, asked).reason == "PRICE_LIST_NOT_FOUND"
    a_price_list(catalog)
    assert refused(catalog.GetPrice, asked).reason == "PRICE_NOT_FOUND"
    names = [each.code for each in catalog.ListPriceLists(pb.ListPriceListsRequest()).price_lists]
    assert sorted(names) == ["partners", "standard"]


def test_the_prices_of_a_version_come_in_pages_and_of_no_other_version(catalog: CatalogServiceStub) -> None:
    standard = a_price_list(catalog)
    products = [a_product(catalog, code=f"P-{number}").id for number in range(5)]
    catalog.PublishPrices(publish(standard.id, "2026-01-01", prices={products[0]: 7}))
    catalog.PublishPrices(publish(standard.id, "2026-02-01", prices={key: n for n, key in enumerate(products)}))
    seen: dict[str, int] = {}
    token = ""
    while True:
        page = catalog.ListPriceEntries(
            pb.ListPriceEntriesRequest(price_list_id=standard.id, page_size=2, page_token=token)
        )
        seen |= {entry.product_id: entry.unit_price.minor_units for entry in page.price_entries}
        token = page.next_page_token
        if not token:
            break
    assert seen == {key: n for n, key in enumerate(products)}
    first = catalog.ListPriceEntries(pb.ListPriceEntriesRequest(price_list_id=standard.id, version_number=1))
    assert [entry.unit_price.minor_units for entry in first.price_entries] == [7]
    for token in ("", "a", "~"):
        asked = pb.ListPriceEntriesRequest(price_list_id=standard.id, version_number=1, page_token=token)
        assert len(catalog.ListPriceEntries(asked).price_entries) == (0 if token == "~" else 1)
    wrong = pb.ListPriceEntriesRequest(price_list_id=standard.id, version_number=3)
    assert refused(catalog.ListPriceEntries, wrong).field == "version_number"


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [({"code": ""}, "code"), ({"name": ""}, "name"), ({"currency_code": "RMB"}, "currency_code")],
)
def test_a_wrong_list_is_refused(
    catalog: CatalogServiceStub, database: Database[dict[str, Any]], fields: dict[str, str], at_fault: str
) -> None:
    request = pb.CreatePriceListRequest(**{"code": "standard", "name": "S", "currency_code": "CNY"} | fields)
    assert refused(catalog.CreatePriceList, request).field == at_fault
    assert database["price_lists"].count_documents({}) == 0


def test_the_code_of_a_list_is_unique(catalog: CatalogServiceStub) -> None:
    a_price_list(catalog)
    request = pb.CreatePriceListRequest(code="standard", name="Another", currency_code="CNY")
    assert refused(catalog.CreatePriceList, request).reason == "PRICE_LIST_CODE_TAKEN"


@pytest.mark.parametrize(
    ("change", "reason", "at_fault"),
    [
        ({"price_list_id": NO_PRICE_LIST}, "PRICE_LIST_NOT_FOUND", ""),
        ({"price_list_id": NO_CUSTOMER}, "INVALID_ID", "price_list_id"),
        ({"start_date": "2026-13-01"}, "INVALID_FIELD", "start_date"),
        ({"end_date": "2025-12-31"}, "INVALID_FIELD", "end_date"),
        ({"entries": []}, "INVALID_FIELD", "entries"),
        ({"entries": [(NO_PRODUCT, 1)]}, "PRODUCT_NOT_FOUND", ""),
        ({"entries": [(NO_CUSTOMER, 1)]}, "INVALID_ID", "entries.product_id"),
        ({"entries": [("pump", -1)]}, "INVALID_FIELD", "entries.minor_units"),
        ({"entries": [("pump", 10**15 + 1)]}, "INVALID_FIELD", "entries.minor_units"),
        ({"entries": [("pump", 1), ("pump", 2)]}, "INVALID_FIELD", "entries.product_id"),
        ({"etag": "9"}, "STALE_VERSION", "etag"),
    ],
)
def test_wrong_prices_are_refused_and_none_is_left_behind(
    catalog: CatalogServiceStub,
    pump: str,
    database: Database[dict[str, Any]],
    change: dict[str, Any],
    reason: str,
    at_fault: str,
) -> None:
    fields = {"price_list_id": a_price_list(catalog).id, "start_date": "2026-01-01", "entries": [("pump", 1)]} | change
    fields["entries"] = [
        pb.PriceEntryInput(product_id=pump if key == "pump" else key, minor_units=units)
        for key, units in fields["entries"]
    ]
    refusal = refused(catalog.PublishPrices, pb.PublishPricesRequest(**fields))
    assert (refusal.reason, refusal.field) == (reason, at_fault)
    assert database["price_entries"].count_documents({}) == 0
