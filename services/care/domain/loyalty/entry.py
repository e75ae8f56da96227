"""One line of the points ledger; it never changes."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.chassis.ids import derived_id


class EntryKind(StrEnum):
    EARN = "POINTS_ENTRY_KIND_EARN"
    REDEEM = "POINTS_ENTRY_KIND_REDEEM"
    EXPIRE = "POINTS_ENTRY_KIND_EXPIRE"
    ADJUST = "POINTS_ENTRY_KIND_ADJUST"
    RETURN = "POINTS_ENTRY_KIND_RETURN"
    PRIVILEGE = "POINTS_ENTRY_KIND_PRIVILEGE"
    MERGE = "POINTS_ENTRY_KIND_MERGE"


@dataclass(frozen=True, slots=True)
class Lot:
    """Points that end together."""

    points: int
    expires_on: date | None
    """The last day they can be used; None: they never expire."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a call wants to have under its key: a repeat says the same."""

    key: str
    kind: EntryKind
    points: int = 0
    reference: str = ""
    expires_on: date | None = None
    """None: what the rules said on the day of the first call, so a repeat on another day says the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """Who moves an account, under which key, and why."""

    key: str
    reason: str
    by: str
    today: date
    now: datetime
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What an account gained or lost."""

    id: str
    member_id: str
    number: int
    kind: EntryKind
    points: int
    balance: int
    key: str
    reason: str
    reference: str
    by: str
    create_time: datetime
    expires_on: date | None = None
    parts: tuple[Lot, ...] = ()
    """Which lots a redemption took, so that they can return as they were."""

    def is_of(self, claim: "Claim") -> bool:
        """Say whether a call that claims so is a repeat of the one that made this entry."""
        same_end = claim.expires_on in {None, self.expires_on}
        return same_end and (self.kind, self.points, self.reference) == (claim.kind, claim.points, claim.reference)


def entry_id(member_id: str, key: str) -> str:
    """Return the one id under which this key is known for a member."""
    return derived_id("pnt", member_id, key)
