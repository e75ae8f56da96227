from datetime import date
from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import catalog_service_pb2 as pb
from membercare.contracts.v1 import customers_service_pb2 as customers
from membercare.contracts.v1.catalog_service_pb2_grpc import CatalogServiceStub
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.customers_service_pb2_grpc import CustomersServiceStub
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import a_customer
from tests.integration.contracts.catalog_builders import NO_PRICE_LIST, a_price_list, a_product
from tests.integration.contracts.customers_builders import ALL_OR_NOTHING, csv_of, report, told, upload, xlsx_of

ASSETS = "product_code,serial,customer_ref,delivery_date,free_maintenance_months"


@pytest.fixture
def catalog(calling: Calling) -> CatalogServiceStub:
    return calling.as_subject(CatalogServiceStub, "wang", "ops")


@pytest.fixture
def sales(calling: Calling) -> ContractsServiceStub:
    return calling.as_role(ContractsServiceStub, "sales")


def products(catalog: CatalogServiceStub, content: bytes, **options: Any) -> dict[str, Any]:
    return told(catalog.ImportProducts(pb.ImportProductsRequest(upload=upload(content, **options))).report)


def assets(catalog: CatalogServiceStub, content: bytes, **options: Any) -> dict[str, Any]:
    return told(catalog.ImportAssets(pb.ImportAssetsRequest(upload=upload(content, **options))).report)


def prices(
    catalog: CatalogServiceStub, list_id: str, *contents: bytes, start: str = "2026-01-01", **options: Any
) -> dict[str, Any]:
    (content,) = contents
    request = pb.ImportPriceListRequest(upload=upload(content, **options), price_list_id=list_id, start_date=start)
    return told(catalog.ImportPriceList(request).report)


def test_products_are_imported_by_their_code_again_without_change_and_with_errors_by_row(
    catalog: CatalogServiceStub, database: Database[dict[str, Any]]
) -> None:
    header = "code,name_en,name_zh,unit,service_types,active"
    good = ["P-1,Pump,水泵,台,repair;annual_check,是", "P-2,Heater,,piece,,no"]
    assert products(catalog, csv_of(header, *good)) == report(rows=2, created=2)
    assert products(catalog, csv_of(header, *good)) == report(rows=2, unchanged=2)
    stored = {each["code"]: (each["service_types"], each["active"]) for each in database["products"].find()}
    assert stored == {"P-1": (["repair", "annual_check"], True), "P-2": ([], False)}
    bad = csv_of(header, "P-1,New,,,,", ",X,,,,", "P-3,,,,,", "P-4,X,,,Bad Type,", "P-5,X,,,,perhaps", "P-1,X,,,,")
    expected = report(
        rows=6,
        updated=1,
        failed=5,
        errors=[
            (3, "code", "INVALID_FIELD"),
            (4, "name_en", "INVALID_FIELD"),
            (5, "service_types", "INVALID_FIELD"),
            (6, "active", "INVALID_FIELD"),
            (7, "code", "DUPLICATE_REFERENCE"),
        ],
    )
    assert products(catalog, bad, dry_run=True) == {**expected, "stored": False}
    assert products(catalog, bad, mode=ALL_OR_NOTHING) == {**expected, "stored": False}
    assert products(catalog, bad) == expected
    assert sorted(each["name_en"] for each in database["products"].find()) == ["Heater", "New"]


def test_assets_are_imported_with_the_end_of_their_warranty_and_again_without_change(
    catalog: CatalogServiceStub, sales: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    product, customer = a_product(catalog), a_customer(sales, external_ref="K-1")
    content = csv_of(ASSETS, "P-1,SN-1,K-1,2026-01-31,1", "P-1,SN-2,K-1,,")
    assert assets(catalog, content, dry_run=True) == report(rows=2, created=2, stored=False)
    assert database["assets"].count_documents({}) == 0
    assert assets(catalog, content) == report(rows=2, created=2)
    assert assets(catalog, content) == report(rows=2, unchanged=2)
    stored = {each["serial"]: each for each in database["assets"].find()}
    assert (stored["SN-1"]["product_id"], stored["SN-1"]["customer_id"]) == (product.id, customer.id)
    assert stored["SN-1"]["warranty_end"] == "2026-02-28"
    assert [event["type"] for event in stored["SN-1"]["outbox"]] == ["asset_delivered"]
    assert (stored["SN-2"]["warranty_end"], stored["SN-2"]["outbox"]) == (None, [])
    later = csv_of(ASSETS, "P-1,sn-1,K-1,2026-01-31,2", "P-1,SN-2,K-1,2026-02-01,0")
    assert assets(catalog, later) == report(rows=2, updated=2)
    assert database["assets"].count_documents({}) == 2


def test_bad_rows_of_assets_are_reported_by_line_and_column(
    catalog: CatalogServiceStub, sales: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    a_product(catalog)
    a_customer(sales, external_ref="K-1")
    content = csv_of(
        ASSETS,
        "P-1,G-1,K-1,2026-01-31,12",
        "P-9,S-1,K-1,,",
        "P-1,S-2,K-9,,",
        "P-1,S-3,K-1,2026-02-30,",
        "P-1,S-4,K-1,,-1",
        "P-1,S-5,K-1,,twelve",
        "P-1,,K-1,,",
        ",S-6,K-1,,",
        "P-1,S-7,,,",
        "P-1,g-1,K-1,,",
        f"P-1,{'x' * 101},K-1,,",
    )
    errors = [
        (3, "product_code", "INVALID_FIELD"),
        (4, "customer_ref", "INVALID_FIELD"),
        (5, "delivery_date", "INVALID_FIELD"),
        (6, "free_maintenance_months", "INVALID_FIELD"),
        (7, "free_maintenance_months", "INVALID_FIELD"),
        (8, "serial", "INVALID_FIELD"),
        (9, "product_code", "INVALID_FIELD"),
        (10, "customer_ref", "INVALID_FIELD"),
        (11, "serial", "DUPLICATE_REFERENCE"),
        (12, "serial", "INVALID_FIELD"),
    ]
    expected = report(rows=11, created=1, failed=10, errors=errors)
    for option in ({"dry_run": True}, {"mode": ALL_OR_NOTHING}):
        assert assets(catalog, content, **option) == {**expected, "stored": False}
    assert database["assets"].count_documents({}) == 0
    assert assets(catalog, content) == expected
    assert [each["serial"] for each in database["assets"].find()] == ["G-1"]


def test_a_row_that_names_a_doublet_belongs_to_its_survivor(
    calling: Calling, catalog: CatalogServiceStub, sales: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    a_product(catalog)
    doublet, survivor = a_customer(sales, external_ref="K-1"), a_customer(sales)
    merge = customers.MergeCustomersRequest(customer_id=doublet.id, into_id=survivor.id)
    calling.as_role(CustomersServiceStub, "ops").MergeCustomers(merge)
    assert assets(catalog, csv_of(ASSETS, "P-1,S-1,K-1,,")) == report(rows=1, created=1)
    assert [each["customer_id"] for each in database["assets"].find()] == [survivor.id]


def test_dates_numbers_and_formulas_of_a_workbook_are_read_as_what_they_show(
    catalog: CatalogServiceStub, sales: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    a_product(catalog, code="4711")
    a_customer(sales, external_ref="1017")
    content = xlsx_of(
        ASSETS.split(","),
        [4711, 100200300400, 1017, date(2026, 1, 31), 12.0],
        [4711, "S-2", 1017, "2026-01-31", "=6*2"],
    )
    # XlsxWriter writes 0 for what it cannot compute; nobody has computed the formula, yet a result is there.
    assert assets(catalog, content) == report(rows=2, created=2)
    stored = {each["serial"]: (each["delivery_date"], each["warranty_end"]) for each in database["assets"].find()}
    assert stored == {"100200300400": ("2026-01-31", "2027-01-31"), "S-2": ("2026-01-31", None)}


def test_a_table_of_prices_becomes_a_version_and_again_changes_nothing(
    catalog: CatalogServiceStub, database: Database[dict[str, Any]]
) -> None:
    pump, heater = a_product(catalog, code="P-1"), a_product(catalog, code="P-2")
    standard = a_price_list(catalog)
    content = csv_of("product_code,unit_price", "P-1,1280.50", "P-2,99")
    assert prices(catalog, standard.id, content, dry_run=True) == report(rows=2, created=2, stored=False)
    assert database["price_entries"].count_documents({}) == 0
    assert prices(catalog, standard.id, content) == report(rows=2, created=2)
    assert prices(catalog, standard.id, content) == report(rows=2, unchanged=2)
    found = {each["product_id"]: each["minor_units"] for each in database["price_entries"].find()}
    assert found == {pump.id: 128_050, heater.id: 9_900}
    workbook = xlsx_of(["product_code", "unit_price"], ["P-1", 1300.5])
    assert prices(catalog, standard.id, workbook, start="2026-07-01") == report(rows=1, created=1)
    asked = pb.GetPriceRequest(product_id=pump.id, date="2026-07-01")
    assert catalog.GetPrice(asked).unit_price.minor_units == 130_050


def test_one_bad_price_keeps_the_whole_table_out(
    catalog: CatalogServiceStub, database: Database[dict[str, Any]]
) -> None:
    for code in ("P-1", "P-2", "P-3", "P-4", "P-5"):
        a_product(catalog, code=code)
    standard = a_price_list(catalog)
    content = csv_of(
        "product_code,unit_price", "P-1,1", "P-2,-1", "P-3,1.005", "P-4,1e3", "P-5,", "P-9,1", "P-1,2", ",1"
    )
    assert prices(catalog, standard.id, content) == report(
        rows=8,
        created=1,
        failed=7,
        stored=False,
        errors=[
            (3, "unit_price", "INVALID_FIELD"),
            (4, "unit_price", "INVALID_FIELD"),
            (5, "unit_price", "INVALID_FIELD"),
            (6, "unit_price", "INVALID_FIELD"),
            (7, "product_code", "INVALID_FIELD"),
            (8, "product_code", "DUPLICATE_REFERENCE"),
            (9, "product_code", "INVALID_FIELD"),
        ],
    )
    assert database["price_entries"].count_documents({}) == 0


def test_a_table_of_prices_for_days_that_are_taken_or_a_list_that_is_not_there_is_refused(
    catalog: CatalogServiceStub,
) -> None:
    a_product(catalog, code="P-1")
    yen = a_price_list(catalog, currency_code="JPY")
    content = csv_of("product_code,unit_price", "P-1,500")
    prices(catalog, yen.id, content)
    other = csv_of("product_code,unit_price", "P-1,600")
    for dry_run in (True, False):
        request = pb.ImportPriceListRequest(
            upload=upload(other, dry_run=dry_run), price_list_id=yen.id, start_date="2026-01-01"
        )
        assert refused(catalog.ImportPriceList, request).reason == "PRICE_LIST_VERSION_OVERLAPS"
    unknown = pb.ImportPriceListRequest(upload=upload(content), price_list_id=NO_PRICE_LIST, start_date="2026-01-01")
    assert refused(catalog.ImportPriceList, unknown).reason == "PRICE_LIST_NOT_FOUND"
    empty = pb.ImportPriceListRequest(
        upload=upload(b"product_code,unit_price\n"), price_list_id=yen.id, start_date="2027-01-01"
    )
    assert refused(catalog.ImportPriceList, empty).field == "upload.content"
    assert prices(catalog, yen.id, csv_of("product_code,unit_price", "P-1,500.5"), start="2027-01-01")["failed"] == 1


@pytest.mark.parametrize("method", ["ImportProducts", "ImportAssets", "ImportContracts"])
def test_a_table_with_other_columns_or_in_another_encoding_is_refused_whole(
    catalog: CatalogServiceStub, method: str
) -> None:
    request = getattr(pb, f"{method}Request")
    for content, reason in (
        (b"colour\nred\n", "CSV_COLUMN_MISSING"),
        ("colour\n红\n".encode("gb18030"), "CSV_ENCODING"),
        (xlsx_of(["colour"], ["red"]), "CSV_COLUMN_MISSING"),
    ):
        assert refused(getattr(catalog, method), request(upload=upload(content))).reason == reason
