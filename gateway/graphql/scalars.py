"""Scalars of the schema: calendar dates, months, moments, bytes and whole numbers that JavaScript cannot hold."""

import base64
import binascii
import re
from datetime import UTC, date, datetime
from typing import Any, NewType

from google.protobuf.timestamp_pb2 import Timestamp
from strawberry.types.scalar import ScalarDefinition, scalar

from services.chassis.timestamps import to_datetime

Date = NewType("Date", str)
Month = NewType("Month", str)
DateTime = NewType("DateTime", Timestamp)
BigInt = NewType("BigInt", int)
Base64 = NewType("Base64", bytes)

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,19}", re.ASCII)
_INT64 = 2**63


def write_moment(value: Timestamp) -> str:
    """Return RFC 3339 in UTC with milliseconds, as `2026-11-22T08:30:00.000Z`."""
    return to_datetime(value).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_moment(value: Any) -> Timestamp:
    """Return the moment; one without an offset from UTC is refused, because nobody knows when it is."""
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError("a moment is written as 2026-11-22T08:30:00Z") from None
    if moment.tzinfo is None:
        raise ValueError("a moment needs its offset from UTC, as in 2026-11-22T08:30:00Z")
    stamp = Timestamp()
    stamp.FromDatetime(moment.astimezone(UTC))
    return stamp


def read_date(value: Any) -> str:
    """Return the civil date; 30 February is none."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise ValueError("a date is written as YYYY-MM-DD")
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise ValueError(f"{value} is in no calendar") from None


def read_month(value: Any) -> str:
    """Return the month."""
    if not isinstance(value, str) or not _MONTH.fullmatch(value):
        raise ValueError("a month is written as YYYY-MM")
    return value


def read_whole(value: Any) -> int:
    """Return the number, which may come as a number or as its digits."""
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not -_INT64 <= value < _INT64:
        raise ValueError("a whole number of 64 bits is needed")
    return value


def read_bytes(value: Any) -> bytes:
    """Return the bytes behind their base64."""
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError, TypeError):
        raise ValueError("bytes are written in base64") from None


SCALARS: dict[object, ScalarDefinition] = {
    Date: scalar(
        name="Date",
        description="A day of the calendar, `YYYY-MM-DD`, without a time zone.",
        serialize=str,
        parse_value=read_date,
    ),
    Month: scalar(
        name="Month", description="A month of the calendar, `YYYY-MM`.", serialize=str, parse_value=read_month
    ),
    DateTime: scalar(
        name="DateTime",
        description="A moment in UTC with milliseconds, `2026-11-22T08:30:00.000Z` (RFC 3339).",
        specified_by_url="https://scalars.graphql.org/andimarek/date-time",
        serialize=write_moment,
        parse_value=read_moment,
    ),
    BigInt: scalar(
        name="BigInt",
        description="A whole number of 64 bits, written as a string because JavaScript rounds large numbers.",
        serialize=str,
        parse_value=read_whole,
    ),
    Base64: scalar(
        name="Base64",
        description="Bytes, written in base64 (RFC 4648, with padding).",
        serialize=lambda value: base64.b64encode(value).decode(),
        parse_value=read_bytes,
    ),
}
