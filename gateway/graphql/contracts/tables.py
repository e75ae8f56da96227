"""Tables that people bring and take: what becomes of the rows of a file, and the form of one that is written."""

from enum import IntEnum
from typing import Annotated, Any

import strawberry
from google.protobuf.message import Message

from gateway.graphql.imports import Csv, DryRun, ImportMode, LineOffset, Mode, file_content
from gateway.graphql.roots import Info, mutation, result_of
from gateway.graphql.rpcs import rpc_of
from gateway.graphql.scalars import DateTime
from gateway.graphql.sources import message
from membercare.contracts.v1 import imports_pb2 as pb
from membercare.contracts.v1.catalog_service_pb2 import GetUploadProgressResponse

FileBase64 = Annotated[
    str | None,
    strawberry.argument(
        description="The bytes of the file in base64, in place of `csv`: an XLSX workbook, or CSV in UTF-8."
    ),
]


FileKey = Annotated[
    str | None, strawberry.argument(description="A key of your choice: `uploadProgress` tells by it how far it is.")
]


@strawberry.enum(description="The form of a file.")
class TableFormat(IntEnum):
    CSV = 1
    XLSX = 2


@message(pb.ImportRowError, description="One row that cannot be imported.")
class ImportRowError:
    line: int = strawberry.field(description="Line in the file; the header is line 1.")
    column: str | None = strawberry.field(description="The column; null: the row as a whole.")
    code: str = strawberry.field(description="A stable code such as `INVALID_FIELD`.")
    message: str = strawberry.field(description="What is wrong and what to do.")


@message(pb.ImportReport, description="What became of the file; importing it again changes nothing.")
class ImportReport:
    rows: int = strawberry.field(description="Rows read, without the header.")
    created: int = strawberry.field(description="Things that were created; after a dry run: that would be.")
    updated: int
    unchanged: int
    failed: int = strawberry.field(description="How many rows were refused in all.")
    stored: bool = strawberry.field(description="False after a dry run, or if all-or-nothing found a bad row.")
    errors: list[ImportRowError] = strawberry.field(description="Rows that were refused; at most 1000 are listed.")


REPORT = result_of(ImportReport, "ImportResult")
"""What every import of the contracts service answers."""


def uploaded(
    csv: str | None,
    file_base64: str | None,
    *,
    dry_run: bool,
    mode: ImportMode,
    line_offset: int = 0,
    file_key: str | None = None,
) -> pb.Upload:
    """Return the file that came in exactly one of the two ways, and what to do with it."""
    return pb.Upload(
        content=file_content(csv, file_base64, name="file_base64"),
        dry_run=dry_run,
        mode=pb.ImportMode.ValueType(mode),
        line_offset=line_offset,
        file_key=file_key or "",
    )


def table_import(request: type[Message], *, description: str) -> Any:
    """Declare the mutation that imports a table; `request` holds nothing but the upload."""
    rpc = rpc_of(request)

    async def take(
        self: object,
        info: Info,
        csv: Csv = None,
        file_base64: FileBase64 = None,
        dry_run: DryRun = False,
        mode: Mode = ImportMode.GOOD_ROWS,
        line_offset: LineOffset = 0,
        file_key: FileKey = None,
    ) -> pb.ImportReport:
        upload = uploaded(csv, file_base64, dry_run=dry_run, mode=mode, line_offset=line_offset, file_key=file_key)
        asked = request(upload=upload)
        reply = await info.context.call(info.context.method(rpc, asked), asked, patient=True)
        report: pb.ImportReport = reply.report
        return report

    return mutation(REPORT, rpc=rpc, description=description)(take)


@strawberry.enum(description="What is being done with a file.")
class UploadPhase(IntEnum):
    CHECKING = 1
    STORING = 2
    FINISHED = 3
    FAILED = 4


@message(GetUploadProgressResponse, description="How far the import of a file is.")
class UploadProgress:
    phase: UploadPhase = strawberry.field(
        description="A dry run is checked only, and then finished. FAILED: the file was refused as a whole, "
        "a fault ended the import, or it has been silent for ten minutes, as when its process died; "
        "sending the file again repeats nothing."
    )
    rows: int = strawberry.field(
        description="Good rows, in a table of contracts the contracts; 0: the file is being read, "
        "or failed before it was."
    )
    done: int = strawberry.field(
        description="How many of them are done in this phase; while the file is being read, the rows read so far."
    )
    update_time: DateTime = strawberry.field(
        description="When that was told: after each thousand rows, while the import runs."
    )
