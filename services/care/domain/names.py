"""Names of what people do (acts), as triggers, goals, waits and segments refer to them."""

import re

from services.chassis.errors import InvalidField

_ACT = re.compile(r"[a-z][a-z0-9_]{0,49}")


def checked_act(value: str, field: str) -> str:
    """Return the name of an act, for example `contract_activated`; refuse other forms."""
    if not value:
        raise InvalidField(field, f"{field} is missing: the name of what a member does, for example case_closed.")
    if not _ACT.fullmatch(value):
        raise InvalidField(field, f"{field} must be small letters, digits and _; at most 50.")
    return value
