"""Billing lines as files for an accounting system: CSV that no spreadsheet runs, and JSON."""

import csv
import io
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.contracts.domain.billing.billing_line import BillingLine

_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_TEXTS = ("description", "formula", "invoice")
COLUMNS = (
    "id",
    "etag",
    "contract_id",
    "customer_id",
    "line_id",
    "kind",
    "state",
    "description",
    "period_start",
    "period_end",
    "start_date",
    "end_date",
    "due_date",
    "currency_code",
    "minor_units",
    "formula",
    "invoice",
)


def row(line: BillingLine, *, now: datetime) -> dict[str, Any]:
    """Return the line as accounting gets it; `minor_units` is a whole number, `etag` tells the newest of two."""
    return {
        "id": line.id,
        "etag": str(line.version),
        "contract_id": line.contract_id,
        "customer_id": line.customer_id,
        "line_id": line.line_id,
        "kind": line.kind.value,
        "state": line.state_at(now).value,
        "description": line.description,
        "period_start": line.period_start.isoformat(),
        "period_end": line.period_end.isoformat(),
        "start_date": line.start_date.isoformat(),
        "end_date": line.end_date.isoformat(),
        "due_date": line.due_date.isoformat(),
        "currency_code": line.amount.currency_code,
        "minor_units": line.amount.minor_units,
        "formula": line.formula,
        "invoice": line.billed.invoice if line.billed else "",
    }


def as_json(lines: Sequence[BillingLine], *, now: datetime) -> bytes:
    """Return `{"billing_lines": [...]}` in UTF-8; the same lines give the same bytes."""
    document = {"billing_lines": [row(line, now=now) for line in lines]}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def as_csv(lines: Sequence[BillingLine], *, now: datetime) -> bytes:
    """Return a table with a header, in UTF-8 with a byte order mark, as spreadsheets expect it."""
    written = io.StringIO()
    writer = csv.DictWriter(written, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for line in lines:
        cells = row(line, now=now)
        writer.writerow(cells | {name: _harmless(cells[name]) for name in _TEXTS})
    return written.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_STARTS_FORMULA) else text
