"""Notes of what was done with all the data of a person."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Act(StrEnum):
    """Data: add, never rename."""

    EXPORTED = "exported"
    ERASED = "erased"
    MERGED = "merged"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyAct:
    """One note; it names the employee, and the member by id alone."""

    id: str
    member_id: str
    act: Act
    by: str
    reason: str = ""
    time: datetime
