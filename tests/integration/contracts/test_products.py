from typing import Any

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from pymongo.database import Database

from membercare.contracts.v1 import catalog_service_pb2 as pb
from membercare.contracts.v1 import product_pb2
from membercare.contracts.v1.catalog_service_pb2_grpc import CatalogServiceStub
from services.chassis.errors import Kind
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import NO_CUSTOMER
from tests.integration.contracts.catalog_builders import NO_PRODUCT, a_product, new_product


@pytest.fixture
def catalog(calling: Calling) -> CatalogServiceStub:
    return calling.as_role(CatalogServiceStub, "ops")


def change(product_id: str, *, etag: str = "", **fields: Any) -> pb.UpdateProductRequest:
    return pb.UpdateProductRequest(
        product=product_pb2.Product(id=product_id, etag=etag, **fields), update_mask=FieldMask(paths=list(fields))
    )


def codes(catalog: CatalogServiceStub, **wanted: Any) -> list[str]:
    request = pb.ListProductsRequest(filter=pb.ProductFilter(**wanted))
    return sorted(product.code for product in catalog.ListProducts(request).products)


def test_a_product_is_added_changed_and_read_back(
    catalog: CatalogServiceStub, database: Database[dict[str, Any]]
) -> None:
    product = a_product(catalog, service_types=["repair", "annual_check", "repair"], request_id="r-1")
    assert list(product.service_types) == ["repair", "annual_check"]
    assert a_product(catalog, code="P-1", request_id="r-1") == product
    changed = catalog.UpdateProduct(change(product.id, name_en="", unit="piece", active=False, etag="1")).product
    assert (changed.name_en, changed.name_zh, changed.unit, changed.active, changed.etag) == (
        "",
        "水泵",
        "piece",
        False,
        "2",
    )
    (found,) = catalog.BatchGetProducts(pb.BatchGetProductsRequest(product_ids=[product.id, NO_PRODUCT])).products
    assert found == changed
    assert database["products"].count_documents({}) == 1


def test_a_code_is_unique(catalog: CatalogServiceStub, database: Database[dict[str, Any]]) -> None:
    a_product(catalog, code="P-1")
    refusal = refused(catalog.CreateProduct, new_product(code="P-1"))
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.ALREADY_EXISTS, "PRODUCT_CODE_TAKEN", "code")
    other = a_product(catalog, code="P-2")
    assert refused(catalog.UpdateProduct, change(other.id, code="P-1")).reason == "PRODUCT_CODE_TAKEN"
    assert codes(catalog) == ["P-1", "P-2"]


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"code": ""}, "code"),
        ({"code": "x" * 61}, "code"),
        ({"name_en": "", "name_zh": ""}, "name_en"),
        ({"name_zh": "名" * 201}, "name_zh"),
        ({"unit": "x" * 21}, "unit"),
        ({"service_types": ["Repair"]}, "service_types"),
        ({"service_types": [""]}, "service_types"),
        ({"service_types": [f"s{number}" for number in range(21)]}, "service_types"),
    ],
)
def test_a_wrong_product_is_refused_with_the_fields_name_and_nothing_is_stored(
    catalog: CatalogServiceStub, database: Database[dict[str, Any]], fields: dict[str, Any], at_fault: str
) -> None:
    refusal = refused(catalog.CreateProduct, new_product(**fields))
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.INVALID, "INVALID_FIELD", at_fault)
    assert database["products"].count_documents({}) == 0


def test_a_wrong_change_of_a_product_is_refused(catalog: CatalogServiceStub) -> None:
    product = a_product(catalog, name_en="")
    assert refused(catalog.UpdateProduct, change(product.id)).field == "update_mask"
    assert refused(catalog.UpdateProduct, change(product.id, name_zh="")).field == "name_en"
    assert refused(catalog.UpdateProduct, change(product.id, unit="x", etag="7")).kind is Kind.STALE
    assert refused(catalog.UpdateProduct, change(NO_PRODUCT, unit="x")).reason == "PRODUCT_NOT_FOUND"
    assert refused(catalog.UpdateProduct, change(NO_CUSTOMER, unit="x")).reason == "INVALID_ID"
    (found,) = catalog.BatchGetProducts(pb.BatchGetProductsRequest(product_ids=[product.id])).products
    assert found == product


def test_products_are_found_by_either_name_by_service_and_by_code(catalog: CatalogServiceStub) -> None:
    a_product(catalog, code="P-1", name_en="Water pump", name_zh="水泵", service_types=["repair"])
    a_product(catalog, code="P-2", name_en="Heater", name_zh="", service_types=["repair", "annual_check"])
    a_product(catalog, code="P-3", name_en="Old", active=False, service_types=["repair"])
    assert codes(catalog) == ["P-1", "P-2"]
    assert codes(catalog, include_inactive=True) == ["P-1", "P-2", "P-3"]
    assert codes(catalog, name_prefix="WATER") == ["P-1"]
    assert codes(catalog, name_prefix="水") == ["P-1"]
    assert codes(catalog, name_prefix="pump") == []
    assert codes(catalog, service_type="repair") == ["P-1", "P-2"]
    assert codes(catalog, service_type="annual_check") == ["P-2"]
    assert codes(catalog, code="P-3") == []
    assert codes(catalog, code="P-3", include_inactive=True) == ["P-3"]


def test_pages_of_products_are_complete_without_repeats(catalog: CatalogServiceStub) -> None:
    for number in range(5):
        a_product(catalog, code=f"P-{number}")
    seen, token = [], ""
    while True:
        page = catalog.ListProducts(pb.ListProductsRequest(page_size=2, page_token=token))
        seen += [product.code for product in page.products]
        token = page.next_page_token
        if not token:
            break
    assert sorted(seen) == [f"P-{number}" for number in range(5)]
