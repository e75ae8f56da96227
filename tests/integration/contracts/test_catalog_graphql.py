"""Customers and the catalog as a front end sees them: the gateway in front of the real service."""

import base64
from collections.abc import Sequence
from datetime import date

from tests.fakes.suite import Client
from tests.integration.contracts.customers_builders import xlsx_of

REPORT = "{ __typename ... on ImportReport { created failed stored errors { line column message } } }"


async def brought(gateway: Client, field: str, *rows: Sequence[object]) -> None:
    """Import a workbook whose rows are all good."""
    content = base64.b64encode(xlsx_of(*rows)).decode()
    data = await gateway.data(f"mutation ($file: String!) {{ {field}(fileBase64: $file) {REPORT} }}", {"file": content})
    answer = {"created": len(rows) - 1, "failed": 0, "stored": True, "errors": []}
    assert data[field] == {"__typename": "ImportReport", **answer}


async def test_what_a_company_brings_in_workbooks_is_read_back_as_one_tree(gateway: Client) -> None:
    customers = ["external_ref", "kind", "name", "time_zone"]
    await brought(gateway, "importCustomers", customers, ["K-1", "单位", "北方贸易", "Asia/Shanghai"])
    await brought(gateway, "importProducts", ["code", "name_en", "name_zh"], ["P-1", "Pump", "水泵"])
    assets = ["product_code", "serial", "customer_ref", "delivery_date", "free_maintenance_months"]
    await brought(gateway, "importAssets", assets, ["P-1", 4711, "K-1", date(2025, 11, 30), 12])
    head = ["contract_ref", "customer_ref", "title", "start_date", "end_date", "currency", "price"]
    line = ["line_description", "line_price", "product_code", "asset_serials"]
    contract = ["C-1", "K-1", "保养", date(2026, 12, 1), date(2027, 11, 30), "CNY", 12_000.5]
    await brought(gateway, "importContracts", [*head, *line], [*contract, "Care", 12_000.5, "P-1", "4711"])

    data = await gateway.data("""{ customers(first: 5, filter: {namePrefix: "北方"}) { nodes {
      id name stage assets { id serial warrantyEnd product { nameZh } customer { externalRef } }
      contracts { title state lines { price { amount } product { code } } }
    } } }""")
    (customer,) = data["customers"]["nodes"]
    (asset,) = customer["assets"]
    assert (customer["name"], customer["stage"]) == ("北方贸易", "PROSPECT")
    assert {key: asset[key] for key in ("serial", "warrantyEnd", "product", "customer")} == {
        "serial": "4711",
        "warrantyEnd": "2026-11-30",
        "product": {"nameZh": "水泵"},
        "customer": {"externalRef": "K-1"},
    }
    lines = [{"price": {"amount": "12000.50"}, "product": {"code": "P-1"}}]
    assert customer["contracts"] == [{"title": "保养", "state": "DRAFT", "lines": lines}]

    question = "query ($id: ID!, $at: DateTime!) { warranty(assetId: $id, at: $at) { state date explanationZh } }"
    for at, state in (("2026-11-30T15:59:59Z", "COVERED"), ("2026-11-30T16:00:00Z", "EXPIRED")):
        verdict = (await gateway.data(question, {"id": asset["id"], "at": at}))["warranty"]
        assert verdict["state"] == state
        assert verdict["date"] in verdict["explanationZh"]
    exported = await gateway.data("{ exportCustomers { rows content nextPageToken } }")
    lines_of_file = base64.b64decode(exported["exportCustomers"]["content"]).decode("utf-8-sig").splitlines()
    assert lines_of_file[1] == "K-1,organisation,北方贸易,,,,Asia/Shanghai,prospect"
