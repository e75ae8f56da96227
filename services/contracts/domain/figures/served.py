"""What a customer has cost us: cases that were closed and visits that were made, as other services said."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.chassis.ids import check_id, optional_id


class ServedKind(StrEnum):
    """What was done for the customer."""

    CASE = "case"
    VISIT = "visit"


class Severity(StrEnum):
    """How much a case mattered, lightest first; a case of unknown severity counts as normal."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    MAJOR = "major"


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One thing done for a customer, known by the event that told of it."""

    id: str
    """The event's id, so that an event that comes twice counts once."""
    kind: ServedKind
    customer_id: str
    subject_id: str
    """The case or the visit."""
    contract_id: str = ""
    severity: Severity = Severity.NORMAL
    complaint: bool = False
    dissatisfied: bool = False
    on_time: bool = True
    served_time: datetime
    """When it was done."""
    heard_time: datetime
    """When we heard of it: a figure as known at a moment leaves out what was heard later."""


def checked(served: Served) -> Served:
    """Return what was heard, or refuse with INVALID_ID an event whose ids name other types of things."""
    check_id(served.customer_id, "cus", field="customer_id")
    check_id(served.subject_id, "cas" if served.kind is ServedKind.CASE else "vis", field=f"{served.kind.value}_id")
    optional_id(served.contract_id, "con", field="contract_id")
    return served
