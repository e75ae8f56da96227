from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import catalog_service_pb2 as pb
from membercare.contracts.v1 import contract_pb2
from membercare.contracts.v1 import contracts_service_pb2 as contracts
from membercare.contracts.v1.catalog_service_pb2_grpc import CatalogServiceStub
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import a_customer
from tests.integration.contracts.catalog_builders import a_product, an_asset
from tests.integration.contracts.customers_builders import ALL_OR_NOTHING, csv_of, report, told, upload, xlsx_of

HEADER = (
    "contract_ref,customer_ref,title,start_date,end_date,currency,price,billing_period,"
    "line_description,line_price,product_code,asset_serials,service_types,quantity"
)
CARE = "C-1,K-1,Care 2026,2026-01-01,2026-12-31,CNY,,month"
"""Without a price: at that of its lines."""
REPEATED = "C-1,,,,,,,"


@pytest.fixture
def catalog(calling: Calling) -> CatalogServiceStub:
    return calling.as_subject(CatalogServiceStub, "wang", "ops")


@pytest.fixture
def sales(calling: Calling) -> ContractsServiceStub:
    return calling.as_role(ContractsServiceStub, "sales")


@pytest.fixture
def world(catalog: CatalogServiceStub, sales: ContractsServiceStub) -> dict[str, str]:
    """A product, a customer in Berlin and its asset."""
    customer = a_customer(sales, external_ref="K-1", time_zone="Europe/Berlin")
    product = a_product(catalog, code="P-1")
    asset = an_asset(catalog, product_id=product.id, customer_id=customer.id, serial="SN-1")
    return {"customer": customer.id, "product": product.id, "asset": asset.id}


def imported(catalog: CatalogServiceStub, content: bytes, **options: Any) -> dict[str, Any]:
    return told(catalog.ImportContracts(pb.ImportContractsRequest(upload=upload(content, **options))).report)


def only(sales: ContractsServiceStub) -> contract_pb2.Contract:
    (contract,) = sales.ListContracts(contracts.ListContractsRequest()).contracts
    return contract


def test_rows_of_one_reference_become_the_lines_of_one_draft(
    catalog: CatalogServiceStub, sales: ContractsServiceStub, world: dict[str, str]
) -> None:
    content = csv_of(
        HEADER,
        f"{CARE},Full care,900.50,P-1,sn-1,repair;annual_check,2",
        f"{REPEATED},Hotline,99.5,,,hotline,",
    )
    assert imported(catalog, content) == report(rows=2, created=1)
    contract = only(sales)
    assert (contract.customer_id, contract.title, contract.time_zone) == (
        world["customer"],
        "Care 2026",
        "Europe/Berlin",
    )
    assert (contract.start_date, contract.end_date, contract.price.minor_units) == (
        "2026-01-01",
        "2026-12-31",
        2_280_600,
    )
    assert contract.state == contract_pb2.CONTRACT_STATE_DRAFT
    first, second = contract.lines
    assert (first.product_id, list(first.asset_ids), first.quantity) == (world["product"], [world["asset"]], 2)
    assert (first.price.minor_units, list(first.service_types)) == (90_050, ["repair", "annual_check"])
    assert (second.description, second.price.minor_units, second.quantity) == ("Hotline", 9_950, 1)


def test_the_same_table_again_changes_nothing_and_another_one_rewrites_the_draft(
    catalog: CatalogServiceStub, sales: ContractsServiceStub, world: dict[str, str], database: Database[dict[str, Any]]
) -> None:
    content = csv_of(HEADER, f"{CARE},Full care,900,,,repair,")
    imported(catalog, content)
    before = list(database["contracts"].find())
    assert imported(catalog, content) == report(rows=1, unchanged=1)
    assert list(database["contracts"].find()) == before
    assert imported(catalog, csv_of(HEADER, f"{CARE},Full care,950,,,repair,")) == report(rows=1, updated=1)
    contract = only(sales)
    assert (contract.lines[0].price.minor_units, contract.etag) == (95_000, "2")


def test_a_contract_that_is_no_draft_any_more_is_left_alone_unless_the_table_says_the_same(
    catalog: CatalogServiceStub, sales: ContractsServiceStub, world: dict[str, str]
) -> None:
    content = csv_of(HEADER, f"{CARE},Full care,900,,,repair,", f"{REPEATED},Hotline,1,,,,")
    imported(catalog, content)
    submitted = sales.SubmitContract(contracts.SubmitContractRequest(contract_id=only(sales).id)).contract
    assert imported(catalog, content) == report(rows=2, unchanged=1)
    other = csv_of(HEADER, f"{CARE},Full care,950,,,repair,", f"{REPEATED},Hotline,1,,,,")
    assert imported(catalog, other) == report(
        rows=2,
        failed=2,
        errors=[(2, "", "CONTRACT_TRANSITION_REFUSED"), (3, "contract_ref", "CONTRACT_INCOMPLETE")],
    )
    assert only(sales) == submitted


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("C-2,K-9,T,2026-01-01,2026-12-31,CNY,1,,L,1,,,,", "customer_ref"),
        ("C-2,,T,2026-01-01,2026-12-31,CNY,1,,L,1,,,,", "customer_ref"),
        ("C-2,K-1,,2026-01-01,2026-12-31,CNY,1,,L,1,,,,", "title"),
        (f"C-2,K-1,{'x' * 201},2026-01-01,2026-12-31,CNY,1,,L,1,,,,", "title"),
        ("C-2,K-1,T,2026-01-32,2026-12-31,CNY,1,,L,1,,,,", "start_date"),
        ("C-2,K-1,T,2026-01-01,2025-12-31,CNY,1,,L,1,,,,", "end_date"),
        ("C-2,K-1,T,2026-01-01,2026-12-31,RMB,1,,L,1,,,,", "currency"),
        ("C-2,K-1,T,2026-01-01,2026-12-31,CNY,-1,,L,1,,,,", "price"),
        ("C-2,K-1,T,2026-01-01,2026-12-31,CNY,1,fortnight,L,1,,,,", "billing_period"),
        ("C-2,K-1,T,2026-01-01,2026-12-31,CNY,1,,,1,,,,", "line_description"),
        ("C-2,K-1,T,2026-01-01,2026-12-31,CNY,1,,L,1.001,,,,", "line_price"),
        ("C-2,K-1,T,2026-01-01,2026-12-31,CNY,1,,L,1,P-9,,,", "product_code"),
        ("C-2,K-1,T,2026-01-01,2026-12-31,CNY,1,,L,1,,SN-1,,", "product_code"),
        ("C-2,K-1,T,2026-01-01,2026-12-31,CNY,1,,L,1,P-1,SN-9,,", "asset_serials"),
        ("C-2,K-1,T,2026-01-01,2026-12-31,CNY,1,,L,1,,,,0", "quantity"),
        ("C-2,K-1,T,2026-01-01,2026-12-31,CNY,1,,L,1,,,,two", "quantity"),
        (",K-1,T,2026-01-01,2026-12-31,CNY,1,,L,1,,,,", "contract_ref"),
        ("C-1,K-1,Another,,,,,,L,1,,,,", "title"),
        ("C-1,,,,,,,,L,,,,,", "line_price"),
    ],
)
def test_a_bad_row_is_reported_by_line_and_column_and_costs_its_own_contract(
    catalog: CatalogServiceStub,
    world: dict[str, str],
    database: Database[dict[str, Any]],
    row: str,
    column: str,
) -> None:
    content = csv_of(HEADER, "C-0,K-1,Good,2026-01-01,2026-12-31,CNY,1,,L,1,,,,", f"{CARE},Care,1,,,,", row)
    answer = imported(catalog, content)
    spoiled = row.startswith("C-1")
    assert (4, column, "INVALID_FIELD") in answer["errors"]
    assert ((3, "contract_ref", "CONTRACT_INCOMPLETE") in answer["errors"]) is spoiled
    assert answer["failed"] == (2 if spoiled else 1)
    assert answer["created"] == database["contracts"].count_documents({}) == (1 if spoiled else 2)


def test_a_price_that_is_not_what_the_lines_cost_is_reported_at_its_column_and_costs_its_own_contract(
    catalog: CatalogServiceStub, world: dict[str, str], database: Database[dict[str, Any]]
) -> None:
    wrong = ["C-2,K-1,T,2026-01-01,2026-12-31,CNY,12000,month,A,999,,,,", "C-2,,,,,,,,B,1.01,,,,"]
    right = ["C-3,K-1,T,2026-01-01,2026-12-31,CNY,12000,month,A,999,,,,", "C-3,,,,,,,,B,1,,,,"]
    answer = imported(catalog, csv_of(HEADER, *wrong, *right))
    assert answer["errors"] == [(2, "price", "PRICE_DIFFERS_FROM_LINES"), (3, "contract_ref", "CONTRACT_INCOMPLETE")]
    (stored,) = database["contracts"].find()
    assert stored["price"]["minor_units"] == 1_200_000


def test_a_bad_line_is_named_and_the_other_lines_of_its_contract_say_why_they_were_left_out(
    catalog: CatalogServiceStub, world: dict[str, str], database: Database[dict[str, Any]]
) -> None:
    content = csv_of(HEADER, f"{CARE},A,1,,,,", f"{REPEATED},B,1,P-1,SN-9,,", f"{REPEATED},C,1,,,,")
    expected = report(
        rows=3,
        failed=3,
        stored=False,
        errors=[
            (2, "contract_ref", "CONTRACT_INCOMPLETE"),
            (3, "asset_serials", "INVALID_FIELD"),
            (4, "contract_ref", "CONTRACT_INCOMPLETE"),
        ],
    )
    assert imported(catalog, content, mode=ALL_OR_NOTHING) == expected
    assert imported(catalog, content, dry_run=True) == expected
    assert database["contracts"].count_documents({}) == 0


def test_an_asset_of_another_customer_is_not_covered(
    catalog: CatalogServiceStub, sales: ContractsServiceStub, world: dict[str, str]
) -> None:
    a_customer(sales, external_ref="K-2")
    content = csv_of(HEADER, "C-2,K-2,T,2026-01-01,2026-12-31,CNY,1,,L,1,P-1,SN-1,,")
    assert imported(catalog, content)["errors"] == [(2, "asset_serials", "INVALID_FIELD")]


def test_contracts_come_from_a_workbook_and_a_dry_run_stores_nothing(
    catalog: CatalogServiceStub, world: dict[str, str], database: Database[dict[str, Any]]
) -> None:
    from datetime import date

    first = ["C-1", "K-1", "Care", date(2026, 1, 1), date(2026, 12, 31), "CNY", 12002, "季度", "L", 3000, "P-1"]
    content = xlsx_of(HEADER.split(","), first, ["C-1", *[None] * 7, "M", 0.5])
    assert imported(catalog, content, dry_run=True) == report(rows=2, created=1, stored=False)
    assert database["contracts"].count_documents({}) == 0
    assert imported(catalog, content) == report(rows=2, created=1)
    (stored,) = database["contracts"].find()
    assert (stored["start_date"], stored["price"]["minor_units"]) == ("2026-01-01", 1_200_200)
    assert [each["price"]["minor_units"] for each in stored["versions"][0]["lines"]] == [300_000, 50]


def test_a_thousand_contracts_of_three_lines_are_taken_at_once(
    catalog: CatalogServiceStub, world: dict[str, str], database: Database[dict[str, Any]]
) -> None:
    rows = [
        f"C-{number},K-1,Care,2026-01-01,2026-12-31,CNY,36000,month,Line {line},1000,P-1,SN-1,repair,1"
        for number in range(1_000)
        for line in range(3)
    ]
    assert imported(catalog, csv_of(HEADER, *rows)) == report(rows=3_000, created=1_000)
    assert database["contracts"].count_documents({}) == 1_000


def test_a_negative_offset_is_refused_and_nothing_is_stored(
    catalog: CatalogServiceStub, world: dict[str, str], database: Database[dict[str, Any]]
) -> None:
    file = upload(csv_of(HEADER, f"{CARE},Full care,1000,,,,"), line_offset=-1)
    refusal = refused(catalog.ImportContracts, pb.ImportContractsRequest(upload=file))
    assert (refusal.reason, refusal.field) == ("INVALID_FIELD", "upload.line_offset")
    assert database["contracts"].count_documents({}) == 0
