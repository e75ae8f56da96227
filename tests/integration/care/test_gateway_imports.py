"""A file of members whose header is not ours, as a front end sends it, through the gateway and the real service."""

from typing import Any

import pytest
from pymongo.database import Database

from tests.fakes.suite import Client

IMPORT = """mutation ($csv: String, $naming: ImportNaming) { importMembers(csv: $csv, naming: $naming) {
  ... on ImportMembersPayload { created } ... on UserError { code field message details { name value } } } }"""


@pytest.mark.parametrize(
    ("header", "columns", "code", "message", "named"),
    [
        ("会员编号,姓名", {}, "CSV_COLUMN_MISSING", "The header lacks external_ref, name.", "external_ref,name"),
        (
            "external_ref,name,time_zon",
            {},
            "CSV_COLUMN_UNKNOWN",
            "The header has a column that is not known: time_zon.",
            "time_zon",
        ),
        (
            "会员_编号,姓名",
            {"external_ref": "会员_号", "name": "姓名"},
            "CSV_COLUMN_MISSING",
            "The header lacks 会员_号.",
            "会员_号",
        ),
    ],
)
async def test_a_file_is_refused_with_its_columns_as_they_must_be_written_in_it(
    gateway: Client,
    database: Database[dict[str, Any]],
    *,
    header: str,
    columns: dict[str, str],
    code: str,
    message: str,
    named: str,
) -> None:
    naming = {"columns": [{"column": ours, "header": theirs} for ours, theirs in columns.items()]}
    told = {"csv": f"{header}\nM1,王小明\n", "naming": naming if columns else None}
    refused = (await gateway.data(IMPORT, told, roles=("ops",)))["importMembers"]
    assert (refused["code"], refused["field"]) == (code, "csv")
    assert refused["message"].startswith(message)
    assert {"name": "columns", "value": named} in refused["details"]
    assert database["members"].count_documents({}) == 0
