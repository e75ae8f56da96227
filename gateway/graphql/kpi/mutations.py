"""Root fields that change employees."""

import strawberry

from gateway.graphql.imports import Csv, CsvBase64, DryRun, ImportMode, LineOffset, Mode, file_content
from gateway.graphql.roots import Info, mutation, result_of
from gateway.graphql.sources import message
from membercare.kpi.v1 import kpi_service_pb2 as pb


@message(pb.ImportRowError, description="One row that cannot be imported.")
class EmployeeRowError:
    line: int = strawberry.field(description="Line in the file; the header is line 1.")
    column: str | None = strawberry.field(description="The column; null: the row as a whole.")
    code: str = strawberry.field(description="A stable code such as `INVALID_FIELD`.")
    message: str = strawberry.field(description="What is wrong and what to do.")


@message(pb.ImportEmployeesResponse, description="What became of the file; importing it again changes nothing.")
class ImportEmployeesPayload:
    rows: int = strawberry.field(description="Rows read, without the header.")
    created: int
    updated: int
    unchanged: int
    failed: int = strawberry.field(description="How many rows were refused in all.")
    stored: bool = strawberry.field(description="False after a dry run, or if all-or-nothing found a bad row.")
    errors: list[EmployeeRowError] = strawberry.field(description="Rows that were refused; at most 1000 are listed.")


@strawberry.type
class KpiMutation:
    @mutation(
        result_of(ImportEmployeesPayload, "ImportEmployeesResult"),
        rpc="ImportEmployees",
        description="Imports employees and their managers from CSV, idempotent by `external_ref`.",
    )
    async def import_employees(
        self,
        info: Info,
        csv: Csv = None,
        csv_base64: CsvBase64 = None,
        dry_run: DryRun = False,
        mode: Mode = ImportMode.GOOD_ROWS,
        line_offset: LineOffset = 0,
    ) -> pb.ImportEmployeesResponse:
        request = pb.ImportEmployeesRequest(
            content=file_content(csv, csv_base64),
            dry_run=dry_run,
            mode=pb.ImportMode.ValueType(mode),
            line_offset=line_offset,
        )
        return await info.context.call(info.context.clients.kpi.ImportEmployees, request)
