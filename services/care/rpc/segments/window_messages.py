"""Windows of days as messages, and messages as windows."""

from datetime import date
from typing import Any, assert_never

from google.protobuf.message import Message

from membercare.care.v1 import segment_pb2 as pb
from services.care.domain.segments.windows import DateWindow
from services.chassis.checks import civil_date


def to_window(told: pb.DateWindow, path: str) -> DateWindow:
    """Return the window, not yet checked; refuses with INVALID_FIELD what is no date."""
    match kind := told.WhichOneof("window"):
        case None:
            return DateWindow()
        case "last_days":
            return DateWindow(last_days=told.last_days)
        case "next_days":
            return DateWindow(next_days=told.next_days)
        case "before_last_days":
            return DateWindow(before_last_days=told.before_last_days)
        case "range":
            first = _date(told.range.from_date, f"{path}.range.from_date")
            return DateWindow(first=first, last=_date(told.range.to_date, f"{path}.range.to_date"))
        case _:
            assert_never(kind)


def window_to_pb(window: DateWindow) -> pb.DateWindow:
    if window.last_days is not None:
        return pb.DateWindow(last_days=window.last_days)
    if window.next_days is not None:
        return pb.DateWindow(next_days=window.next_days)
    if window.before_last_days is not None:
        return pb.DateWindow(before_last_days=window.before_last_days)
    return pb.DateWindow(range=pb.DateRange(from_date=_text(window.first), to_date=_text(window.last)))


def optional(told: Message, name: str) -> Any:
    """Return an `optional` field, or None where it is unset."""
    return getattr(told, name) if told.HasField(name) else None


def _date(value: str, path: str) -> date | None:
    return civil_date(value, path) if value else None


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
