"""Reads what Chinese SMS providers post: JSON of their own, with times of Beijing."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

from services.chassis.errors import InvalidField

_BEIJING = timezone(timedelta(hours=8))
_FIRST_YEAR, _LAST_YEAR = 2000, 2099

Entry = Mapping[str, object]


def entries(body: bytes) -> list[Entry]:
    """Return the objects of a list, or the one that stands alone; refuse with INVALID_FIELD what is no JSON."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidField("body", "body is no JSON.") from error
    return [each for each in (told if isinstance(told, list) else [told]) if isinstance(each, dict)]


def text(entry: Entry, name: str) -> str:
    """Return a field as text, or the empty string; half of a letter beyond 16 bits becomes `?`."""
    value = entry.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).encode(errors="replace").decode().strip()


def moment(written: str, now: datetime) -> datetime:
    """Return `YYYY-MM-DD HH:MM:SS` of Beijing, or seconds since 1970; `now` for what is no such moment."""
    try:
        if written.isdecimal():
            told = datetime.fromtimestamp(int(written), UTC)
        else:
            told = datetime.strptime(written, "%Y-%m-%d %H:%M:%S").replace(tzinfo=_BEIJING)
    except (ValueError, OverflowError, OSError):
        return now
    return told if _FIRST_YEAR <= told.year <= _LAST_YEAR else now
