"""How far an import is, for whoever waits for it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import grpc
import pytest
from pymongo.database import Database

from membercare.contracts.v1 import customers_service_pb2 as pb
from membercare.contracts.v1 import imports_pb2
from membercare.contracts.v1.catalog_service_pb2 import (
    GetUploadProgressRequest,
    ImportAssetsRequest,
    ImportContractsRequest,
    ImportProductsRequest,
)
from membercare.contracts.v1.catalog_service_pb2_grpc import CatalogServiceStub
from membercare.contracts.v1.customers_service_pb2_grpc import CustomersServiceStub
from services.chassis.clock import SystemClock
from services.chassis.csv_rows import MOST_BYTES
from services.chassis.errors import Kind
from services.chassis.import_progress import ROWS_BETWEEN, SILENT_AT_MOST
from services.chassis.timestamps import to_timestamp
from services.contracts.domain.catalog.catalog_rows import ASSET_COLUMNS, PRODUCT_COLUMNS
from services.contracts.domain.life_cycle.contract_rows import CONTRACT_COLUMNS
from services.contracts.usecases.imports import CHUNK
from tests.integration.calling import Calling, refused
from tests.integration.contracts.customers_builders import csv_of, report, told, upload
from tests.integration.storing import taking_only
from tests.integration.waiting import wait_until

HEADER = "external_ref,kind,name"


def imported(ops: CustomersServiceStub, count: int, **options: Any) -> dict[str, Any]:
    content = csv_of(HEADER, *(f"K-{number},organisation,North {number}" for number in range(count)))
    request = pb.ImportCustomersRequest(upload=upload(content, **options))
    return told(ops.ImportCustomers(request, timeout=60).report)


def test_how_far_an_import_is_can_be_asked_by_its_key_while_it_runs_and_afterwards(
    calling: Calling, database: Database[dict[str, Any]]
) -> None:
    ops = calling.as_subject(CustomersServiceStub, "wang", "ops")
    catalog = calling.as_subject(CatalogServiceStub, "wang", "ops")
    count = 3 * CHUNK + 1

    def progress() -> tuple[int, int, int]:
        told = catalog.GetUploadProgress(GetUploadProgressRequest(file_key="f-1"))
        return told.phase, told.rows, told.done

    phases: set[tuple[int, int, int]] = set()
    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(imported, ops, count, file_key="f-1")
        wait_until(lambda: database["upload_progress"].count_documents({}) or answer.done())
        while not answer.done():
            phases.add(progress())
        assert answer.result() == report(rows=count, created=count)
    assert phases & {(imports_pb2.UPLOAD_PHASE_STORING, count, part * CHUNK) for part in (1, 2, 3)}
    assert progress() == (imports_pb2.UPLOAD_PHASE_FINISHED, count, count)
    assert imported(ops, 2, dry_run=True, file_key="f-1")["stored"] is False
    assert progress() == (imports_pb2.UPLOAD_PHASE_FINISHED, 2, 2)
    unknown = refused(catalog.GetUploadProgress, GetUploadProgressRequest(file_key="f-2"))
    assert (unknown.kind, unknown.reason) == (Kind.NOT_FOUND, "IMPORT_NOT_FOUND")
    for call, wrong, field in (
        (catalog.GetUploadProgress, GetUploadProgressRequest(), "file_key"),
        (ops.ImportCustomers, pb.ImportCustomersRequest(upload=upload(b"", file_key="x" * 101)), "upload.file_key"),
    ):
        refusal = refused(call, wrong)
        assert (refusal.kind, refusal.field) == (Kind.INVALID, field)


def progress_of(calling: Calling, file_key: str) -> tuple[int, int, int]:
    catalog = calling.as_subject(CatalogServiceStub, "wang", "ops")
    told = catalog.GetUploadProgress(GetUploadProgressRequest(file_key=file_key))
    return told.phase, told.rows, told.done


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"external_ref\nK-1", "CSV_COLUMN_MISSING"),
        (b"PK\x03\x04 no workbook", "XLSX_MALFORMED"),
        (b"x" * (MOST_BYTES + 1), "CSV_TOO_LARGE"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nobody_waits_for_a_table_that_was_refused_as_a_whole(
    calling: Calling, database: Database[dict[str, Any]], content: bytes, reason: str
) -> None:
    customers = calling.as_subject(CustomersServiceStub, "wang", "ops")
    catalog = calling.as_subject(CatalogServiceStub, "wang", "ops")
    for call, request in (
        (customers.ImportCustomers, pb.ImportCustomersRequest),
        (catalog.ImportProducts, ImportProductsRequest),
        (catalog.ImportAssets, ImportAssetsRequest),
        (catalog.ImportContracts, ImportContractsRequest),
    ):
        file_key = request.DESCRIPTOR.name
        assert refused(call, request(upload=upload(content, file_key=file_key))).reason == reason
        assert progress_of(calling, file_key) == (imports_pb2.UPLOAD_PHASE_FAILED, 0, 0), file_key
    stored = [database[name].count_documents({}) for name in ("customers", "products", "assets", "contracts")]
    assert stored == [0, 0, 0, 0]


def test_all_or_nothing_with_a_bad_row_has_failed_and_a_dry_run_of_it_is_finished(calling: Calling) -> None:
    ops = calling.as_subject(CustomersServiceStub, "wang", "ops")
    wish: dict[str, Any] = {"file_key": "f-1", "mode": imports_pb2.IMPORT_MODE_ALL_OR_NOTHING}
    bad = csv_of(HEADER, "K-1,organisation,North", "K-2,organisation,")
    assert not ops.ImportCustomers(pb.ImportCustomersRequest(upload=upload(bad, **wish))).report.stored
    assert progress_of(calling, "f-1") == (imports_pb2.UPLOAD_PHASE_FAILED, 1, 1)
    assert not ops.ImportCustomers(pb.ImportCustomersRequest(upload=upload(bad, dry_run=True, **wish))).report.stored
    assert progress_of(calling, "f-1") == (imports_pb2.UPLOAD_PHASE_FINISHED, 1, 1)


def test_a_fault_in_the_middle_of_a_table_ends_its_progress_where_it_was(
    calling: Calling, database: Database[dict[str, Any]]
) -> None:
    rule = {"external_ref": {"$ne": f"K-{CHUNK}"}}
    with taking_only(database, "customers", rule=rule), pytest.raises(grpc.RpcError) as caught:
        imported(calling.as_subject(CustomersServiceStub, "wang", "ops"), CHUNK + 1, file_key="f-1")
    assert caught.value.code() is grpc.StatusCode.INTERNAL
    assert progress_of(calling, "f-1") == (imports_pb2.UPLOAD_PHASE_FAILED, CHUNK + 1, CHUNK)


def test_every_table_tells_while_it_is_read_how_many_rows_were_and_that_stays_when_it_is_refused(
    calling: Calling,
) -> None:
    customers = calling.as_subject(CustomersServiceStub, "wang", "ops")
    catalog = calling.as_subject(CatalogServiceStub, "wang", "ops")
    for call, request, columns in (
        (customers.ImportCustomers, pb.ImportCustomersRequest, HEADER.split(",")),
        (catalog.ImportProducts, ImportProductsRequest, PRODUCT_COLUMNS[0]),
        (catalog.ImportAssets, ImportAssetsRequest, ASSET_COLUMNS[0]),
        (catalog.ImportContracts, ImportContractsRequest, CONTRACT_COLUMNS[0]),
    ):
        file_key = request.DESCRIPTOR.name
        content = csv_of(",".join(columns), *(["K"] * (ROWS_BETWEEN + 1)), '"never closed')
        assert refused(call, request(upload=upload(content, file_key=file_key))).reason == "CSV_MALFORMED"
        assert progress_of(calling, file_key) == (imports_pb2.UPLOAD_PHASE_FAILED, 0, ROWS_BETWEEN), file_key


@pytest.mark.parametrize(
    ("phase", "age", "seen"),
    [
        ("checking", SILENT_AT_MOST / 2, imports_pb2.UPLOAD_PHASE_CHECKING),
        ("checking", SILENT_AT_MOST, imports_pb2.UPLOAD_PHASE_FAILED),
        ("storing", SILENT_AT_MOST / 2, imports_pb2.UPLOAD_PHASE_STORING),
        ("storing", SILENT_AT_MOST, imports_pb2.UPLOAD_PHASE_FAILED),
        ("finished", timedelta(days=6), imports_pb2.UPLOAD_PHASE_FINISHED),
    ],
)
def test_nobody_waits_for_an_import_whose_process_was_killed(
    calling: Calling, database: Database[dict[str, Any]], phase: str, age: timedelta, seen: int
) -> None:
    told = SystemClock().now() - age - timedelta(milliseconds=1)
    left = {"_id": "f-1", "phase": phase, "rows": 3_000, "done": 1_000, "update_time": told}
    database["upload_progress"].insert_one(left)
    catalog = calling.as_subject(CatalogServiceStub, "wang", "ops")
    progress = catalog.GetUploadProgress(GetUploadProgressRequest(file_key="f-1"))
    assert (progress.phase, progress.rows, progress.done) == (seen, 3_000, 1_000)
    assert progress.update_time == to_timestamp(told)
    assert database["upload_progress"].count_documents({"phase": phase, "update_time": told}) == 1
