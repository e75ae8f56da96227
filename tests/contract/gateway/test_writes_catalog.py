"""What people write into the catalog arrives as it was meant; assets, products and customers are joined."""

from typing import Any
from uuid import UUID

import pytest

from membercare.contracts.v1 import asset_pb2, contract_pb2, imports_pb2, price_list_pb2, product_pb2
from membercare.contracts.v1 import catalog_service_pb2 as pb
from tests.fakes.company import NOON, a_customer, an_id
from tests.fakes.suite import Client, FakeSuite

PRD, AST, PRL, CUS = (an_id(prefix, 1) for prefix in ("prd", "ast", "prl", "cus"))


def a_product(number: int = 1) -> product_pb2.Product:
    return product_pb2.Product(id=an_id("prd", number), code=f"P-{number}", name_en="Pump", active=True, etag="1")


def an_asset(number: int = 1) -> asset_pb2.Asset:
    return asset_pb2.Asset(
        id=an_id("ast", number),
        product_id=an_id("prd", number % 2),
        serial=f"SN-{number}",
        customer_id=an_id("cus", 1),
        warranty_end="2027-01-31",
        etag="1",
    )


def a_price_list() -> price_list_pb2.PriceList:
    version = price_list_pb2.PriceListVersion(number=1, start_date="2026-01-01", entry_count=2, author="wang")
    return price_list_pb2.PriceList(id=PRL, code="standard", name="Standard", currency_code="CNY", versions=[version])


CASES: list[tuple[str, str, Any, str, dict[str, Any]]] = [
    (
        "CreateProduct",
        'input: {code: "P-1", nameZh: "水泵", serviceTypes: ["repair"]}',
        pb.CreateProductResponse(product=a_product()),
        "product { id }",
        {"product": {"code": "P-1", "name_zh": "水泵", "service_types": ["repair"], "active": True}},
    ),
    (
        "UpdateProduct",
        f'id: "{PRD}", input: {{unit: null, active: false}}, etag: "2"',
        pb.UpdateProductResponse(product=a_product()),
        "product { id }",
        {"product": {"id": PRD, "etag": "2"}, "update_mask": {"paths": ["unit", "active"]}},
    ),
    (
        "CreateAsset",
        f'input: {{productId: "{PRD}", customerId: "{CUS}", serial: "S", freeMaintenanceMonths: 12}}',
        pb.CreateAssetResponse(asset=an_asset()),
        "asset { id }",
        {
            "asset": {
                "product_id": PRD,
                "customer_id": CUS,
                "serial": "S",
                "free_maintenance_months": 12,
            }
        },
    ),
    (
        "UpdateAsset",
        f'id: "{AST}", input: {{deliveryDate: null}}, requestId: "r1"',
        pb.UpdateAssetResponse(asset=an_asset()),
        "asset { id }",
        {"asset": {"id": AST}, "update_mask": {"paths": ["delivery_date"]}, "request_id": "r1"},
    ),
    (
        "HoldWarranty",
        f'id: "{AST}", startDate: "2026-03-01", endDate: "2026-03-10", reason: "Depot", etag: "4"',
        pb.HoldWarrantyResponse(asset=an_asset()),
        "asset { id }",
        {
            "asset_id": AST,
            "start_date": "2026-03-01",
            "end_date": "2026-03-10",
            "reason": "Depot",
            "etag": "4",
        },
    ),
    (
        "LiftWarrantyHold",
        f'id: "{AST}", holdId: "hld_1"',
        pb.LiftWarrantyHoldResponse(asset=an_asset()),
        "asset { id }",
        {"asset_id": AST, "hold_id": "hld_1"},
    ),
    (
        "CreatePriceList",
        'code: "standard", name: "Standard", currencyCode: "CNY"',
        pb.CreatePriceListResponse(price_list=a_price_list()),
        "priceList { id }",
        {"code": "standard", "name": "Standard", "currency_code": "CNY"},
    ),
    (
        "PublishPrices",
        f'id: "{PRL}", startDate: "2026-01-01", entries: [{{productId: "{PRD}", minorUnits: "9007199254740993"}}]',
        pb.PublishPricesResponse(price_list=a_price_list()),
        "priceList { id }",
        {
            "price_list_id": PRL,
            "start_date": "2026-01-01",
            "entries": [{"product_id": PRD, "minor_units": 9007199254740993}],
        },
    ),
]


@pytest.mark.parametrize(("rpc", "arguments", "reply", "shown", "arrived"), CASES, ids=[each[0] for each in CASES])
async def test_a_mutation_of_the_catalog_sends_what_was_asked_and_shows_what_came_back(
    gateway: Client, suite: FakeSuite, rpc: str, arguments: str, reply: Any, shown: str, arrived: dict[str, Any]
) -> None:
    suite.contracts.answers[rpc] = lambda _: reply
    field, noun = rpc[0].lower() + rpc[1:], shown.split(maxsplit=1)[0]
    payload = f"{noun[0].upper()}{noun[1:]}Payload"
    data = await gateway.data(f"mutation {{ {field}({arguments}) {{ __typename ... on {payload} {{ {shown} }} }} }}")
    assert data[field]["__typename"] == payload
    assert data[field][noun]["id"] in {PRD, AST, PRL}
    (request,) = suite.contracts.asked[rpc]
    if "request_id" not in arrived:
        UUID(request.request_id)
        request.request_id = ""
    assert request == type(request)(**arrived)


async def test_a_table_of_prices_travels_with_its_list_and_days(gateway: Client, suite: FakeSuite) -> None:
    suite.contracts.answers["ImportPriceList"] = lambda _: pb.ImportPriceListResponse(
        report=imports_pb2.ImportReport(rows=1, created=1, stored=True)
    )
    query = f"""mutation {{
      importPriceList(id: "{PRL}", startDate: "2027-01-01", endDate: "2027-12-31", csv: "product_code,unit_price") {{
        ... on ImportReport {{ created stored }}
      }}
    }}"""
    assert await gateway.data(query) == {"importPriceList": {"created": 1, "stored": True}}
    (request,) = suite.contracts.asked["ImportPriceList"]
    assert (request.price_list_id, request.start_date, request.end_date) == (PRL, "2027-01-01", "2027-12-31")
    assert request.upload.content == b"product_code,unit_price"


async def test_assets_of_customers_and_their_products_cost_one_call_each(gateway: Client, suite: FakeSuite) -> None:
    from membercare.contracts.v1 import contracts_service_pb2 as contracts

    suite.contracts.answers |= {
        "ListCustomers": lambda _: contracts.ListCustomersResponse(customers=[a_customer(n) for n in range(3)]),
        "BatchGetCustomers": lambda _: contracts.BatchGetCustomersResponse(customers=[a_customer(1)]),
        "BatchListAssetsByCustomer": lambda asked: pb.BatchListAssetsByCustomerResponse(
            results=[
                pb.CustomerAssets(customer_id=key, assets=[an_asset(1), an_asset(2)]) for key in asked.customer_ids
            ]
        ),
        "BatchGetProducts": lambda asked: pb.BatchGetProductsResponse(
            products=[a_product(int(key[-1])) for key in asked.product_ids]
        ),
    }
    query = """{ customers(first: 3) { nodes {
      assets(first: 2) { serial warrantyEnd holds { id } product { code nameZh } customer { name } }
    } } }"""
    nodes = (await gateway.data(query))["customers"]["nodes"]
    assert nodes[2]["assets"][0] == {
        "serial": "SN-1",
        "warrantyEnd": "2027-01-31",
        "holds": [],
        "product": {"code": "P-1", "nameZh": None},
        "customer": {"name": "Customer 1"},
    }
    assert suite.calls == {
        "ListCustomers": 1,
        "BatchListAssetsByCustomer": 1,
        "BatchGetProducts": 1,
        "BatchGetCustomers": 1,
    }


@pytest.mark.parametrize(
    ("query", "rpc", "reply", "asked", "told"),
    [
        (
            'products(filter: {serviceType: "repair", includeInactive: true}) { nodes { code } }',
            "ListProducts",
            pb.ListProductsResponse(products=[a_product()]),
            {"filter": {"service_type": "repair", "include_inactive": True}, "page_size": 50},
            {"products": {"nodes": [{"code": "P-1"}]}},
        ),
        (
            f'assets(first: 2, filter: {{customerId: "{CUS}", warrantyEndTo: "2027-01-31"}}) {{ nodes {{ serial }} }}',
            "ListAssets",
            pb.ListAssetsResponse(assets=[an_asset()]),
            {"filter": {"customer_id": CUS, "warranty_end_to": "2027-01-31"}, "page_size": 2},
            {"assets": {"nodes": [{"serial": "SN-1"}]}},
        ),
        (
            "priceLists { nodes { code versions { number endDate } } }",
            "ListPriceLists",
            pb.ListPriceListsResponse(price_lists=[a_price_list()]),
            {"page_size": 50},
            {"priceLists": {"nodes": [{"code": "standard", "versions": [{"number": 1, "endDate": None}]}]}},
        ),
        (
            f'priceEntries(priceListId: "{PRL}", versionNumber: 2) {{ nodes {{ unitPrice {{ amount }} }} }}',
            "ListPriceEntries",
            pb.ListPriceEntriesResponse(
                price_entries=[
                    price_list_pb2.PriceEntry(
                        id="1", unit_price=contract_pb2.Money(currency_code="CNY", minor_units=128_050)
                    )
                ]
            ),
            {"price_list_id": PRL, "version_number": 2, "page_size": 50},
            {"priceEntries": {"nodes": [{"unitPrice": {"amount": "1280.50"}}]}},
        ),
        (
            f'productPrice(productId: "{PRD}", date: "2026-05-04") {{ versionNumber unitPrice {{ amount }} }}',
            "GetPrice",
            pb.GetPriceResponse(version_number=3, unit_price=contract_pb2.Money(currency_code="JPY", minor_units=500)),
            {"product_id": PRD, "date": "2026-05-04"},
            {"productPrice": {"versionNumber": 3, "unitPrice": {"amount": "500"}}},
        ),
        (
            f'warranty(assetId: "{AST}", at: "2026-11-22T12:00:00Z") {{ state daysLeft warrantyEnd explanationZh }}',
            "CheckWarranty",
            pb.CheckWarrantyResponse(state=pb.WARRANTY_STATE_NONE, explanation_zh="无"),
            {"asset_id": AST, "at": NOON},
            {"warranty": {"state": "NONE", "daysLeft": 0, "warrantyEnd": None, "explanationZh": "无"}},
        ),
    ],
)
async def test_a_question_about_the_catalog_arrives_as_it_was_meant(
    gateway: Client, suite: FakeSuite, query: str, rpc: str, reply: Any, asked: dict[str, Any], told: dict[str, Any]
) -> None:
    suite.contracts.answers[rpc] = lambda _: reply
    assert await gateway.data(f"{{ {query} }}", roles=("agent",)) == told
    assert suite.contracts.asked[rpc] == [type(suite.contracts.asked[rpc][0])(**asked)]


@pytest.mark.parametrize(
    ("prefix", "rpc", "reply", "name"),
    [
        ("prd", "BatchGetProducts", pb.BatchGetProductsResponse(products=[a_product()]), "Product"),
        ("ast", "BatchGetAssets", pb.BatchGetAssetsResponse(assets=[an_asset()]), "Asset"),
        ("prl", "BatchGetPriceLists", pb.BatchGetPriceListsResponse(price_lists=[a_price_list()]), "PriceList"),
    ],
)
async def test_the_id_of_a_thing_of_the_catalog_finds_it_and_a_foreign_id_is_refused(
    gateway: Client, suite: FakeSuite, prefix: str, rpc: str, reply: Any, name: str
) -> None:
    suite.contracts.answers[rpc] = lambda _: reply
    key = an_id(prefix, 1)
    data = await gateway.data("query ($id: ID!) { node(id: $id) { __typename id } }", {"id": key})
    assert data["node"] == {"__typename": name, "id": key}
    field = f"{name[0].lower()}{name[1:]}"
    assert await gateway.codes(f"query ($id: ID!) {{ {field}(id: $id) {{ id }} }}", {"id": CUS}) == ["INVALID_ID"]
