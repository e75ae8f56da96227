"""What the room of members says; the fields are those of events.proto."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRegistered:
    """A member was registered."""

    type: ClassVar[str] = "member_registered"
    schema: ClassVar[str] = "membercare.care.v1.MemberRegistered"
    subject: ClassVar[str] = "member_id"

    member_id: str
    customer_id: str
    occurred_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberChanged:
    """A member was changed."""

    type: ClassVar[str] = "member_changed"
    schema: ClassVar[str] = "membercare.care.v1.MemberChanged"
    subject: ClassVar[str] = "member_id"

    member_id: str
    customer_id: str
    member_version: int
    occurred_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscription:
    """One channel and purpose that the person closed."""

    channel: str
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberUnsubscribed:
    """The person withdrew what was allowed."""

    type: ClassVar[str] = "member_unsubscribed"
    schema: ClassVar[str] = "membercare.care.v1.MemberUnsubscribed"
    subject: ClassVar[str] = "member_id"

    member_id: str
    customer_id: str
    unsubscriptions: tuple[Unsubscription, ...]
    touch_id: str
    occurred_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberErased:
    """All personal data of a member are gone."""

    type: ClassVar[str] = "member_erased"
    schema: ClassVar[str] = "membercare.care.v1.MemberErased"
    subject: ClassVar[str] = "member_id"

    member_id: str
    customer_id: str
    occurred_time: datetime
