"""Imported and exported tables as messages, for every room that has some."""

from membercare.contracts.v1 import imports_pb2
from services.chassis.checks import line
from services.chassis.csv_rows import ImportMode, ImportReport, RowOutcome, checked_offset
from services.chassis.import_progress import MOST_KEY, ImportPhase
from services.chassis.proto_enums import EnumTable
from services.contracts.ports.tables import TableFormat
from services.contracts.usecases.imports import Upload

MODES = EnumTable(ImportMode, imports_pb2.ImportMode)
FORMATS = EnumTable(TableFormat, imports_pb2.TableFormat)
PHASES = EnumTable(ImportPhase, imports_pb2.UploadPhase)
MEDIA_TYPES = {
    TableFormat.CSV: "text/csv; charset=utf-8",
    TableFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_ERRORS_LISTED = 1_000


def to_upload(upload: imports_pb2.Upload) -> Upload:
    return Upload(
        content=upload.content,
        dry_run=upload.dry_run,
        mode=MODES.member(upload.mode, "upload.mode") or ImportMode.GOOD_ROWS,
        line_offset=checked_offset(upload.line_offset, "upload.line_offset"),
        file_key=line(upload.file_key, "upload.file_key", most=MOST_KEY),
    )


def report_to_pb(report: ImportReport) -> imports_pb2.ImportReport:
    return imports_pb2.ImportReport(
        rows=report.rows,
        created=report.outcomes.get(RowOutcome.CREATED, 0),
        updated=report.outcomes.get(RowOutcome.UPDATED, 0),
        unchanged=report.outcomes.get(RowOutcome.UNCHANGED, 0),
        errors=(
            imports_pb2.ImportRowError(line=error.line, column=error.column, code=error.code, message=error.message)
            for error in report.errors[:MOST_ERRORS_LISTED]
        ),
        failed=len(report.errors),
        stored=report.stored,
    )
