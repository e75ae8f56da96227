"""Ids that carry the type of what they name: `cus_` + 26 characters."""

import hashlib
import re
from datetime import datetime

from ulid import ULID

from services.chassis.errors import InvalidId

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32, as in ULID
_SHAPE = re.compile(r"[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}")


def new_id(prefix: str, now: datetime) -> str:
    """Return a new id; ids of one type sort by the millisecond they were made in."""
    return f"{prefix}_{ULID.from_datetime(now)}"


def derived_id(prefix: str, *parts: str) -> str:
    """Return the one id that these parts always lead to, so that a repeat finds the first and makes no second."""
    number = int.from_bytes(hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).digest(), "big")
    digits = [_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5)]
    return f"{prefix}_{''.join(digits)}"


def check_id(value: str, prefix: str, *, field: str) -> str:
    """Return the id, or refuse with INVALID_ID what is none or names another type of thing."""
    if not value:
        raise InvalidId(field, f"{field} is missing: an id that starts with {prefix}_ is needed.")
    if not _SHAPE.fullmatch(value):
        raise InvalidId(field, f"{field} is no id: {prefix}_ and 26 characters are needed.")
    if prefix_of(value) != prefix:
        raise InvalidId(field, f"{field} names another type of thing: an id that starts with {prefix}_ is needed.")
    return value


def optional_id(value: str, prefix: str, *, field: str) -> str:
    """Return the id or the empty string, or refuse as `check_id` does."""
    return check_id(value, prefix, field=field) if value else ""


def prefix_of(value: str) -> str:
    """Return the part before the underscore, or the empty string."""
    return value.partition("_")[0] if "_" in value else ""
