"""How far an import is, for whoever waits for it."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pymongo.database import Database

from membercare.contracts.v1 import customers_service_pb2 as pb
from membercare.contracts.v1 import imports_pb2
from membercare.contracts.v1.catalog_service_pb2 import GetUploadProgressRequest
from membercare.contracts.v1.catalog_service_pb2_grpc import CatalogServiceStub
from membercare.contracts.v1.customers_service_pb2_grpc import CustomersServiceStub
from services.chassis.errors import Kind
from services.contracts.usecases.imports import CHUNK
from tests.integration.calling import Calling, refused
from tests.integration.contracts.customers_builders import csv_of, report, told, upload
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
