"""Words in the cells of imported files."""

import re
from collections.abc import Mapping
from typing import TypeVar

from services.chassis.errors import InvalidField

Meaning = TypeVar("Meaning")

_WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)
_SEPARATORS = re.compile(r"[;；、|]")
_YES_OR_NO = {
    "": True, "yes": True, "y": True, "true": True, "1": True, "是": True,
    "no": False, "n": False, "false": False, "0": False, "否": False,
}  # fmt: skip


def word(value: str, field: str, *, words: Mapping[str, Meaning]) -> Meaning:
    """Return what a word means, letter case ignored, or refuse with INVALID_FIELD and the words that are known."""
    found = value.strip().casefold()
    if found not in words:
        known = ", ".join(each for each in words if each)
        raise InvalidField(field, f"{field} must be one of {known}{', or empty' if '' in words else ''}.")
    return words[found]


def listed(value: str) -> tuple[str, ...]:
    """Return the parts of a cell that holds several, without the empty ones."""
    return tuple(part for each in _SEPARATORS.split(value) if (part := each.strip()))


def whole(value: str, field: str) -> int:
    """Return a whole number."""
    if not _WHOLE.fullmatch(value):
        raise InvalidField(field, f"{field} must be a whole number.")
    return int(value)


def yes(value: str, field: str) -> bool:
    """Return yes or no; an empty cell means yes."""
    return word(value, field, words=_YES_OR_NO)
