"""Checks of request fields at the edge; each names the field and says what it must be."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.chassis.errors import InvalidField
from services.chassis.ids import check_id

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
_ALLOWED_CONTROLS = {"\n", "\t", "\r"}


def text(value: str, field: str, *, most: int, least: int = 0) -> str:
    """Return the text without outer white space; refuse control characters and a length out of `least` to `most`."""
    clean = value.strip()
    if any(unicodedata.category(mark) == "Cc" and mark not in _ALLOWED_CONTROLS for mark in clean):
        raise InvalidField(field, f"{field} contains a control character.")
    if len(clean) < least:
        raise InvalidField(
            field, f"{field} is missing." if not clean else f"{field} needs at least {least} characters."
        )
    if len(clean) > most:
        raise InvalidField(field, f"{field} has {len(clean)} characters; at most {most} are allowed.")
    return clean


def line(value: str, field: str, *, most: int, least: int = 0) -> str:
    """Return a text of one line; line breaks are refused, since it may end up in a header."""
    clean = text(value, field, most=most, least=least)
    if "\n" in clean or "\r" in clean:
        raise InvalidField(field, f"{field} must be a single line.")
    return clean


def civil_date(value: str, field: str) -> date:
    """Return the civil date written `YYYY-MM-DD`; refuse other forms and days that do not exist."""
    if not _DATE.fullmatch(value):
        raise InvalidField(field, f"{field} must be a date written YYYY-MM-DD.")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise InvalidField(field, f"{field}: {value} is no day of the calendar.") from error


def month(value: str, field: str) -> str:
    """Return the month written `YYYY-MM`."""
    if not _MONTH.fullmatch(value):
        raise InvalidField(field, f"{field} must be a month written YYYY-MM.")
    return value


def batch(ids: Sequence[str], field: str, *, prefix: str, most: int = 500) -> list[str]:
    """Return the distinct ids in the order given; refuse none, too many, and ids of another type."""
    if not ids:
        raise InvalidField(field, f"{field} is empty: 1 to {most} ids are needed.")
    if len(ids) > most:
        raise InvalidField(field, f"{field} holds {len(ids)} ids; at most {most} are allowed.")
    return [check_id(value, prefix, field=field) for value in dict.fromkeys(ids)]


def page_size(value: int, field: str = "page_size", *, default: int = 50, most: int = 500) -> int:
    """Return how many items a page holds: 0 means the default, more than `most` is read as `most`."""
    if value < 0:
        raise InvalidField(field, f"{field} must not be negative.")
    return min(value or default, most)


def request_key(verb: str, request_id: str) -> str:
    """Return the key by which a repeat is recognised, or the empty string for no protection.

    It holds the verb: one id sent with two different calls must not make the second look done.
    """
    clean = line(request_id, "request_id", most=100)
    return f"{verb}:{clean}" if clean else ""


@lru_cache(maxsize=1024)
def _zone_exists(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def zone(value: str, field: str) -> str:
    """Return the IANA name of a time zone that exists."""
    if not value or not _zone_exists(value):
        raise InvalidField(field, f"{field} must be an IANA time zone such as Asia/Shanghai.")
    return value
