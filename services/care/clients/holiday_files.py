"""Reads files of statutory days: CSV, or iCalendar as phones and authorities publish it."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Component

from services.care.domain.calendars.statutory_rows import MOST_BYTES, OPTIONAL, REQUIRED
from services.chassis.csv_rows import CsvTooLarge, Row, read_rows
from services.chassis.errors import DomainError, Kind

_BEGINNING = b"BEGIN:VCALENDAR"
_MOST_DAYS = 60
"""No holiday is longer; a span that is, is a mistake in its end."""
_WORKED = re.compile(r"班|\bwork(ing|day)?\b|\bmake-?up\b", re.IGNORECASE)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_COLUMNS = len(REQUIRED) + len(OPTIONAL)


class IcsMalformed(DomainError):
    """The file begins like iCalendar but cannot be read as such."""

    kind, reason = Kind.INVALID, "ICS_MALFORMED"


class FileHolidays:
    """Tells the form of a file by how it begins."""

    def rows(self, content: bytes) -> Iterator[Row]:
        if len(content) > MOST_BYTES:
            raise CsvTooLarge(f"The file has {len(content)} bytes; at most {MOST_BYTES} are allowed.")
        if content.lstrip(b"\xef\xbb\xbf \r\n").upper().startswith(_BEGINNING):
            return _entries(content.lstrip(b"\xef\xbb\xbf \r\n"))
        return read_rows(content, required=REQUIRED, optional=OPTIONAL)


def _entries(content: bytes) -> Iterator[Row]:
    try:
        events = list(Calendar.from_ical(content.decode()).walk("VEVENT"))
    except (ValueError, IndexError, KeyError) as error:  # what the parser raises for broken files; UTF-8 among them
        raise IcsMalformed("The file is no iCalendar file in UTF-8. Export it again.") from error
    for number, event in enumerate(events, start=1):
        yield from _days(number, event)


def _days(number: int, event: Component) -> Iterator[Row]:
    first, last, wrong = _span(event)
    if wrong:
        yield Row(number, {}, 0, broken=wrong)
        return
    summary = str(event.get("SUMMARY", "")).strip()
    name = "name_zh" if _HAN.search(summary) else "name_en"
    values = {"kind": "work" if _is_worked(event, summary) else "off", "name_en": "", "name_zh": "", name: summary}
    for offset in range((last - first).days + 1):
        yield Row(number, values | {"date": (first + timedelta(days=offset)).isoformat()}, _COLUMNS)


def _span(event: Component) -> tuple[date, date, str]:
    """Return the first and the last day, or what is wrong."""
    begin, end = _day_of(event, "DTSTART"), _day_of(event, "DTEND")
    nothing = date.min, date.min
    if begin is None:
        return *nothing, "The entry has no all-day DTSTART (VALUE=DATE)."
    if "RRULE" in event:
        return *nothing, "The entry repeats itself: write an entry for each year."
    last = end - timedelta(days=1) if end is not None and end > begin else begin  # the end is the day after
    if (last - begin).days >= _MOST_DAYS:
        return *nothing, f"The entry lasts more than {_MOST_DAYS} days."
    return begin, last, ""


def _day_of(event: Component, name: str) -> date | None:
    value: Any = getattr(event.get(name), "dt", None)
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _is_worked(event: Component, summary: str) -> bool:
    special = str(event.get("X-APPLE-SPECIAL-DAY", "")).upper()
    if special:
        return special == "ALTERNATE-WORKDAY"
    categories: Any = event.get("CATEGORIES")
    named = {str(each).upper() for each in getattr(categories, "cats", ())}
    return bool(named & {"WORK", "WORKDAY"}) or bool(_WORKED.search(summary))
