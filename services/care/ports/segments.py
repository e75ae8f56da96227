"""Segments as people write them, and as campaigns and journeys ask who is in them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from services.care.domain.segments.evaluate import Asked, Facts
from services.care.domain.segments.facts import (
    Act,
    Answer,
    ContractNews,
    HeldContract,
    HeldValue,
    HeldWarranty,
    RenewalNews,
)
from services.care.domain.segments.rules import Rule
from services.care.domain.segments.segment import Segment, SegmentUse
from services.chassis.paging import Page

MembersQuery = Mapping[str, Any]
"""What the stores of members understand; use cases hand it on and do not look inside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentFilter:
    """What a listed segment must match; what is empty matches all."""

    name_prefix: str = ""
    include_archived: bool = False


class Segments(Protocol):
    """Segments as aggregates."""

    def add(self, segment: Segment, *, request_key: str) -> Segment:
        """Store a new one; a repeated request returns the first."""

    def get(self, segment_id: str) -> Segment:
        """Return it, or refuse with SEGMENT_NOT_FOUND."""

    def batch_get(self, segment_ids: Sequence[str]) -> list[Segment]:
        """Return those that exist."""

    def page(self, match: SegmentFilter, *, size: int, after: str) -> Page[Segment]:
        """Return one page in the order of ids."""

    def change(self, segment_id: str, step: Callable[[Segment], Segment], *, etag: str, request_key: str) -> Segment:
        """Apply one step in one conditional write, or refuse with STALE_VERSION."""

    def naming(self, segment_id: str) -> list[Segment]:
        """Return the segments, archived ones excepted, whose trees name this one directly."""


class SegmentUses(Protocol):
    """Campaigns and journeys that stand on a segment."""

    def of(self, segment_id: str) -> list[SegmentUse]:
        """Return those that are not over."""


class SegmentMembers(Protocol):
    """The members as a rule finds them."""

    def count(self, rule: Rule, asked: Asked) -> int:
        """Return how many the rule holds for."""

    def page(self, rule: Rule, asked: Asked, *, size: int, after: str) -> Page[str]:
        """Return a page of the ids of those it holds for, in their order."""

    def facts(self, member_id: str) -> Facts:
        """Return what rules are judged by, or refuse with MEMBER_NOT_FOUND."""


class MemberFacts(Protocol):
    """What members did, told and hold, kept beside their record. A repeat of an event changes nothing."""

    def did(self, act: Act, *, member_id: str) -> None:
        """Note an act of a member; of one who was merged, with the member who stays."""

    def known(self, member_ids: Sequence[str]) -> frozenset[str]:
        """Return which of these exist; erased ones do not."""

    def customer_did(self, act: Act, *, customer_id: str) -> None:
        """Note an act with every member of a customer."""

    def answered(self, answer: Answer, *, member_id: str) -> None:
        """Note a score of a member; of one who was merged, with the member who stays."""

    def hold(self, contract: HeldContract) -> None:
        """Note a contract with every member of its customer, unless they have newer news of it."""

    def warrant(self, warranty: HeldWarranty) -> None:
        """Note a warranty with everybody of its customer; an older picture never replaces a newer one."""

    def appraise(self, value: HeldValue) -> None:
        """Note what a customer is worth with everybody of it; an older picture never replaces a newer one."""

    def changed_since(self, since: "Changed", *, most: int) -> "Sequence[Changed]":
        """Return members that were changed after a place in the order of changes, oldest first."""

    def drop_strange(self, member_ids: Sequence[str]) -> int:
        """Remove what customers hold that these members do not belong to; return how many times something was."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A member's place in the order of changes."""

    at: datetime
    member_id: str = ""
    customer_id: str = ""


class HeldContracts(Protocol):
    """Contracts as heard of."""

    def heard(self, news: ContractNews) -> HeldContract | None:
        """Add the news; None as long as nobody has said where the contract stands."""

    def settled(self, news: RenewalNews) -> HeldContract | None:
        """Add how a renewal ended; None as long as nobody has said where the contract stands."""

    def of_customers(self, customer_ids: Sequence[str]) -> list[HeldContract]:
        """Return the contracts of these customers, of which is known where they stand."""

    def move(self, customer_id: str, *, into_id: str) -> list[HeldContract]:
        """Give a customer's contracts to another, and return them as they are then."""


class HeldWarranties(Protocol):
    """Warranties as care has heard of them."""

    def heard(self, warranty: HeldWarranty) -> HeldWarranty:
        """Keep the news; return what is known now."""

    def of_customers(self, customer_ids: Sequence[str]) -> list[HeldWarranty]:
        """Return the warranties of these customers."""

    def move(self, customer_id: str, *, into_id: str) -> list[HeldWarranty]:
        """Give the warranties of a customer to another; return them as they are now."""


class HeldValues(Protocol):
    """What customers are worth, as care has heard."""

    def heard(self, value: HeldValue) -> HeldValue:
        """Keep the news; return what is known now."""

    def of_customers(self, customer_ids: Sequence[str]) -> list[HeldValue]:
        """Return what is known of these customers."""


class LinkCursor(Protocol):
    """How far changed members were looked at."""

    def get(self) -> datetime:
        """Return the moment up to which changes were looked at; the beginning of time before the first."""

    def advance(self, at: datetime) -> None:
        """Move on."""


class Audiences(Protocol):
    """Who is in a segment, as campaigns and journeys ask. The days of rules are those of the company's time zone.

    Merged and erased members are in no segment. Every method refuses with SEGMENT_NOT_FOUND; an archived segment goes
    on answering, so that what runs on it is not broken.
    """

    def require(self, segment_ids: Sequence[str], *, field: str) -> None:
        """Refuse, naming the field, a segment that does not exist (SEGMENT_NOT_FOUND) or is archived."""

    def filter(self, segment_id: str, now: datetime) -> MembersQuery:
        """Return the query over `members` that finds exactly the members of the segment at that moment."""

    def among(self, segment_id: str, member_ids: Sequence[str], *, now: datetime) -> frozenset[str]:
        """Return which of these members are in the segment."""


class HeardActs(Protocol):
    """What members have ever done."""

    def __call__(self, acts: Collection[str]) -> frozenset[str]:
        """Return which of these acts anybody has done."""
