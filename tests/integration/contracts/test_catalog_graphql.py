"""Customers and the catalog as a front end sees them: the gateway in front of the real service."""

import base64
from collections.abc import Sequence
from datetime import date
from typing import Any

from pymongo.database import Database

from services.contracts.usecases.imports import CHUNK
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


async def test_tables_of_more_rows_than_are_stored_at_once_are_taken_whole_and_a_bad_row_is_named_by_its_line(
    gateway: Client, database: Database[dict[str, Any]]
) -> None:
    await brought(gateway, "importCustomers", ["external_ref", "kind", "name"], ["K-1", "单位", "北方贸易"])
    await brought(gateway, "importProducts", ["code", "name_en"], ["P-1", "Pump"])
    count, bad = CHUNK + 50, CHUNK + 20
    assets: list[Sequence[object]] = [["P-1", f"S-{number}", "K-1"] for number in range(count)]
    contracts: list[Sequence[object]] = [
        [
            f"C-{number}",
            "K-1",
            "Care",
            date(2026, 1, 1),
            date(2026, 12, 31),
            "CNY",
            "",
            "Care",
            100,
            "P-1",
            f"S-{number}",
        ]
        for number in range(count)
        if number != bad
    ]
    assets[bad] = ["P-1", f"S-{bad}", "K-9"]
    contracts.append(["C-x", "K-1", "Care", "soon", date(2026, 12, 31), "CNY", "", "Care", 100, "P-1", "S-1"])
    head = ["contract_ref", "customer_ref", "title", "start_date", "end_date", "currency", "price"]
    line = ["line_description", "line_price", "product_code", "asset_serials"]
    tables = {
        "importAssets": ([["product_code", "serial", "customer_ref"], *assets], (bad + 2, "customer_ref")),
        "importContracts": ([[*head, *line], *contracts], (count + 1, "start_date")),
    }
    for field, (rows, (at, column)) in tables.items():
        file = base64.b64encode(xlsx_of(*rows)).decode()
        mutation = f"mutation ($file: String!) {{ {field}(fileBase64: $file) {REPORT} }}"
        answer = (await gateway.data(mutation, {"file": file}))[field]
        assert (answer["created"], answer["failed"], answer["stored"]) == (count - 1, 1, True)
        assert [(each["line"], each["column"]) for each in answer["errors"]] == [(at, column)]
    assert [database[name].count_documents({}) for name in ("assets", "contracts")] == [count - 1, count - 1]
