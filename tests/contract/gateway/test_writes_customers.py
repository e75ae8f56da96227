"""What people change of customers arrives as it was meant, and files travel whole."""

import base64
from typing import Any
from uuid import UUID

import pytest

from membercare.contracts.v1 import contracts_service_pb2, customer_pb2, imports_pb2
from membercare.contracts.v1 import customers_service_pb2 as pb
from membercare.contracts.v1.catalog_service_pb2 import GetUploadProgressResponse
from tests.fakes.company import a_customer, an_id
from tests.fakes.suite import Client, FakeSuite

CUS, OTHER = an_id("cus", 1), an_id("cus", 2)


async def test_only_what_the_caller_names_is_changed_also_to_nothing(gateway: Client, suite: FakeSuite) -> None:
    suite.contracts.answers["UpdateCustomer"] = lambda _: pb.UpdateCustomerResponse(customer=a_customer(1))
    query = f"""mutation {{
      updateCustomer(id: "{CUS}", input: {{taxId: null, tags: ["a"], timeZone: "Asia/Shanghai"}}, etag: "3") {{
        ... on CustomerPayload {{ customer {{ id }} }}
      }}
    }}"""
    assert await gateway.data(query) == {"updateCustomer": {"customer": {"id": CUS}}}
    (request,) = suite.contracts.asked["UpdateCustomer"]
    UUID(request.request_id)
    assert request.customer == customer_pb2.Customer(id=CUS, tags=["a"], time_zone="Asia/Shanghai", etag="3")
    assert sorted(request.update_mask.paths) == ["tags", "tax_id", "time_zone"]


async def test_a_stage_travels_with_its_reason(gateway: Client, suite: FakeSuite) -> None:
    moved = a_customer(1)
    moved.stage = customer_pb2.CUSTOMER_STAGE_AT_RISK
    moved.stage_changes.add(stage=customer_pb2.CUSTOMER_STAGE_AT_RISK, reason="投诉", author="wang")
    suite.contracts.answers["SetCustomerStage"] = lambda _: pb.SetCustomerStageResponse(customer=moved)
    query = f"""mutation {{
      setCustomerStage(id: "{CUS}", stage: AT_RISK, reason: "投诉", requestId: "r1") {{
        ... on CustomerPayload {{ customer {{ stage tier stageChanges {{ stage reason author }} }} }}
      }}
    }}"""
    told = {
        "stage": "AT_RISK",
        "tier": None,
        "stageChanges": [{"stage": "AT_RISK", "reason": "投诉", "author": "wang"}],
    }
    assert await gateway.data(query) == {"setCustomerStage": {"customer": told}}
    assert suite.contracts.asked["SetCustomerStage"] == [
        pb.SetCustomerStageRequest(
            customer_id=CUS, stage=customer_pb2.CUSTOMER_STAGE_AT_RISK, reason="投诉", request_id="r1"
        )
    ]


async def test_a_merge_answers_with_both_and_the_doublet_leads_to_its_survivor(
    gateway: Client, suite: FakeSuite
) -> None:
    doublet, survivor = a_customer(1), a_customer(2)
    doublet.merged_into_id = OTHER
    survivor.merged_ids.append(CUS)
    suite.contracts.answers["MergeCustomers"] = lambda _: pb.MergeCustomersResponse(customer=survivor, merged=doublet)
    query = f"""mutation {{
      mergeCustomers(id: "{CUS}", intoId: "{OTHER}") {{
        ... on MergeCustomersPayload {{ customer {{ id mergedIds }} merged {{ id mergedIntoId }} }}
      }}
    }}"""
    told = {"customer": {"id": OTHER, "mergedIds": [CUS]}, "merged": {"id": CUS, "mergedIntoId": OTHER}}
    assert await gateway.data(query) == {"mergeCustomers": told}
    (request,) = suite.contracts.asked["MergeCustomers"]
    assert (request.customer_id, request.into_id) == (CUS, OTHER)
    suite.contracts.answers["BatchGetCustomers"] = lambda asked: contracts_service_pb2.BatchGetCustomersResponse(
        customers=[doublet if key == CUS else survivor for key in asked.customer_ids]
    )
    joined = await gateway.data(f'{{ customer(id: "{CUS}") {{ mergedInto {{ id }} }} }}')
    assert joined == {"customer": {"mergedInto": {"id": OTHER}}}


IMPORTS = ["ImportCustomers", "ImportProducts", "ImportAssets", "ImportContracts"]
REPORT = imports_pb2.ImportReport(
    rows=2,
    created=1,
    failed=1,
    errors=[imports_pb2.ImportRowError(line=103, code="INVALID_FIELD", message="No.")],
)


@pytest.mark.parametrize("rpc", IMPORTS)
async def test_a_table_is_imported_as_text_or_as_the_bytes_of_a_workbook(
    gateway: Client, suite: FakeSuite, rpc: str
) -> None:
    from membercare.contracts.v1 import catalog_service_pb2

    response = getattr(pb if rpc == "ImportCustomers" else catalog_service_pb2, f"{rpc}Response")
    suite.contracts.answers[rpc] = lambda _: response(report=REPORT)
    field = rpc[0].lower() + rpc[1:]
    query = f"""mutation ($csv: String, $bytes: String) {{
      {field}(csv: $csv, fileBase64: $bytes, dryRun: true, mode: ALL_OR_NOTHING, lineOffset: 100, fileKey: "f-1") {{
        __typename
        ... on ImportReport {{ rows created updated unchanged failed stored errors {{ line column code message }} }}
      }}
    }}"""
    row = {"line": 103, "column": None, "code": "INVALID_FIELD", "message": "No."}
    told = {"rows": 2, "created": 1, "updated": 0, "unchanged": 0, "failed": 1, "stored": False, "errors": [row]}
    for sent, content in (
        ({"csv": "external_ref,name\n1,王"}, "external_ref,name\n1,王".encode()),
        ({"bytes": base64.b64encode(b"PK\x03\x04\xff").decode()}, b"PK\x03\x04\xff"),
    ):
        assert await gateway.data(query, sent) == {field: {"__typename": "ImportReport", **told}}
        assert suite.contracts.asked[rpc][-1].upload == imports_pb2.Upload(
            content=content,
            dry_run=True,
            mode=imports_pb2.IMPORT_MODE_ALL_OR_NOTHING,
            line_offset=100,
            file_key="f-1",
        )


async def test_how_far_an_import_is_is_asked_by_its_key(gateway: Client, suite: FakeSuite) -> None:
    reply = GetUploadProgressResponse(phase=imports_pb2.UPLOAD_PHASE_STORING, rows=50_000, done=2_000)
    suite.contracts.answers["GetUploadProgress"] = lambda _: reply
    data = await gateway.data('{ uploadProgress(fileKey: "f-1") { phase rows done } }', roles=("ops",))
    assert data == {"uploadProgress": {"phase": "STORING", "rows": 50_000, "done": 2_000}}
    assert suite.contracts.asked["GetUploadProgress"][0].file_key == "f-1"
    reply.phase = imports_pb2.UPLOAD_PHASE_FAILED
    data = await gateway.data('{ uploadProgress(fileKey: "f-1") { phase } }', roles=("ops",))
    assert data == {"uploadProgress": {"phase": "FAILED"}}


@pytest.mark.parametrize("sent", [{}, {"csv": "a", "bytes": "YQ=="}, {"bytes": "%"}])
async def test_a_table_that_comes_in_no_or_in_two_ways_is_refused(
    gateway: Client, suite: FakeSuite, sent: dict[str, str]
) -> None:
    suite.contracts.answers["ImportCustomers"] = lambda _: pb.ImportCustomersResponse()
    query = """mutation ($csv: String, $bytes: String) {
      importCustomers(csv: $csv, fileBase64: $bytes) { __typename ... on UserError { code field message } }
    }"""
    answer = (await gateway.data(query, sent))["importCustomers"]
    assert (answer["__typename"], answer["code"]) == ("InvalidInputError", "INVALID_FIELD")
    assert "fileBase64" in answer["message"]
    assert suite.calls == {}


async def test_customers_are_exported_as_bytes_in_base64_and_the_next_file_follows(
    gateway: Client, suite: FakeSuite
) -> None:
    reply = pb.ExportCustomersResponse(
        content=b"\xef\xbb\xbfa", media_type="text/csv", file_name="customers.csv", rows=1, next_page_token=CUS
    )
    suite.contracts.answers["ExportCustomers"] = lambda _: reply
    query = f"""{{
      exportCustomers(filter: {{stage: LOST, includeMerged: true}}, format: XLSX, limit: 7, pageToken: "{OTHER}") {{
        content mediaType fileName rows nextPageToken
      }}
    }}"""
    told: dict[str, Any] = {"mediaType": "text/csv", "fileName": "customers.csv", "rows": 1, "nextPageToken": CUS}
    assert await gateway.data(query) == {"exportCustomers": {"content": "77u/YQ==", **told}}
    assert suite.contracts.asked["ExportCustomers"] == [
        pb.ExportCustomersRequest(
            filter=contracts_service_pb2.CustomerFilter(stage=customer_pb2.CUSTOMER_STAGE_LOST, include_merged=True),
            format=imports_pb2.TABLE_FORMAT_XLSX,
            page_size=7,
            page_token=OTHER,
        )
    ]
    assert await gateway.codes("{ exportCustomers { rows } }", roles=("sales",)) == ["FORBIDDEN"]


async def test_a_file_may_take_minutes_and_other_calls_may_not(gateway: Client, suite: FakeSuite) -> None:
    suite.contracts.answers["ImportCustomers"] = lambda _: pb.ImportCustomersResponse(report=REPORT)
    suite.contracts.answers["UpdateCustomer"] = lambda _: pb.UpdateCustomerResponse(customer=a_customer(1))
    await gateway.data('mutation { importCustomers(csv: "a") { __typename } }')
    await gateway.data(f'mutation {{ updateCustomer(id: "{CUS}", input: {{taxId: "1"}}) {{ __typename }} }}')
    patient, other = suite.contracts.timeouts
    assert 500 < patient < 601
    assert 5 < other < 11
