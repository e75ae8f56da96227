"""Members as people read and write them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.care.domain.calendars.birthday import BirthdayCalendar
from services.care.domain.members.attributes import AttributeDefinition
from services.care.domain.members.consents import Consent
from services.care.domain.members.member import Member
from services.care.domain.members.timeline import TimelineEntry
from services.chassis.paging import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFilter:
    """What a listed member must match; what is empty matches all."""

    customer_id: str = ""
    name_prefix: str = ""
    external_ref: str = ""
    birthday_calendar: BirthdayCalendar | None = None
    tag: str = ""
    owner_id: str = ""
    household_id: str = ""
    wecom_id: str = ""
    wechat_id: str = ""
    email: str = ""
    phone: str = ""
    """As they are stored: with the domain in lower case, and E.164."""
    include_ended: bool = False
    """Also those who were merged or erased; a key finds its member in any case."""


class MergedCustomers(Protocol):
    """Which customers were merged into which: events may come late and in any order."""

    def heard(self, customer_id: str, *, into_id: str) -> None:
        """Note that a doublet was merged; hearing it twice does no harm."""

    def among(self, customer_ids: Sequence[str]) -> Sequence[str]:
        """Return those of these customers that were merged into others."""

    def survivor_of(self, customer_id: str) -> str:
        """Return the customer that stays, through any number of merges: itself where none is known."""


class Members(Protocol):
    """The members on record."""

    def add(self, member: Member, *, request_key: str) -> Member:
        """Store it, or return what this request stored before; a taken key is MEMBER_EXTERNAL_REF_TAKEN."""

    def get(self, member_id: str) -> Member:
        """Return it, or refuse with MEMBER_NOT_FOUND."""

    def batch_get(self, member_ids: Sequence[str]) -> Sequence[Member]:
        """Return those that exist, in no promised order."""

    def page(self, match: MemberFilter, *, size: int, after: str) -> Page[Member]:
        """Return the page of matching members whose ids follow `after`."""

    def linked_to(self, customer_id: str, *, most: int) -> Sequence[str]:
        """Return ids of members that carry the customer's id, at most so many."""

    def of_customers(self, customer_ids: Sequence[str], *, most: int) -> Mapping[str, Sequence[Member]]:
        """Return the members of each customer that has any, newest first, at most so many for each."""

    def change(self, member_id: str, step: Callable[[Member], Member], *, etag: str, request_key: str) -> Member:
        """Apply one step in one conditional write; refuses STALE_VERSION and MEMBER_EXTERNAL_REF_TAKEN."""


class MembersToAsk(Protocol):
    """Members who are to confirm a consent."""

    def unasked(self, *, most: int) -> Sequence[Member]:
        """Return members whose messages may not be planned yet, at most so many."""

    def asked(self, member: Member) -> bool:
        """Note that they are planned; False: the member was changed meanwhile, and is looked at again."""


class EndedMembers(Protocol):
    """Members who were merged or erased."""

    def unsettled(self, *, ended_before: datetime, most: int) -> Sequence[Member]:
        """Return members of whose end something may not be written yet, at most so many."""

    def settled(self, member: Member) -> bool:
        """Note that all is written; False: the member was changed meanwhile, and is looked at again."""


class MergedMembers(Protocol):
    """The members on record as a merge writes them: two at once."""

    def merge(
        self, member_id: str, into_id: str, *, step: Callable[[Member, Member], tuple[Member, Member]], etag: str
    ) -> tuple[Member, Member]:
        """Store what `step` makes of doublet and survivor, or nothing; refuses MEMBER_NOT_FOUND, STALE_VERSION."""


class Belongings(Protocol):
    """What stands with members beside their record: acts and answers, recent contacts, credits for messages."""

    def carry(self, doublet_id: str, survivor_id: str, *, now: datetime) -> None:
        """Give the survivor what the doublet has; done again, it finds nothing left to give.

        Credits go along where both are reached by the same address: an authorisation is given for one.
        """


class Consents(Protocol):
    """Every word on consent that was taken over."""

    def of(self, members: Sequence[Member]) -> list[tuple[str, Consent]]:
        """Return the words of these members with the id of whose word it was, newest first."""


class Timelines(Protocol):
    """What happened between us and a person, but for words on consent."""

    def page(self, family: Sequence[str], *, most: int, after: TimelineEntry | None) -> list[TimelineEntry]:
        """Return what stands under the ids of a member and its doublets behind an entry, newest first."""


class ClosedComplaints(Protocol):
    """Complaints whose end was heard."""

    def note(self, case_id: str) -> None:
        """Note that it is closed; again, nothing changes."""

    def knows(self, case_id: str) -> bool:
        """Say whether it is closed."""


class AttributeRegistry(Protocol):
    """The company's own fields."""

    def all(self) -> Sequence[AttributeDefinition]:
        """Return them by name."""

    def define(self, definition: AttributeDefinition) -> None:
        """Store it; refuses ATTRIBUTE_TYPE_FIXED and TOO_MANY_ATTRIBUTES."""


class ImportedMembers(Protocol):
    """The members on record as an import writes them: many at once."""

    def by_external_refs(self, external_refs: Sequence[str]) -> Mapping[str, Member]:
        """Return those that exist, by external reference."""

    def add_many(self, members: Sequence[Member]) -> set[str]:
        """Store new members; return the external references that somebody else has taken meanwhile."""

    def change_many(self, changes: Sequence[tuple[Member, Member]]) -> set[str]:
        """Store each pair's second in place of its first; return the references that were changed meanwhile."""
