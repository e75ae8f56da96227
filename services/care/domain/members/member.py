"""A member: one person we care for, checked when it is written."""

import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from services.care.domain.calendars.birthday import Birthday, birthday_key
from services.care.domain.campaigns.planning import last_open_day
from services.care.domain.language import Language
from services.care.domain.members.addresses import email_address, phone_number
from services.care.domain.members.events import MemberChanged, MemberRegistered
from services.chassis import checks
from services.chassis.errors import AlreadyExists, InvalidField
from services.chassis.ids import optional_id

MOST_NAME, MOST_REF = 100, 100


class Gender(StrEnum):
    FEMALE = "GENDER_FEMALE"
    MALE = "GENDER_MALE"


class MemberExternalRefTaken(AlreadyExists):
    """Another member has this key of the company's own system."""

    reason = "MEMBER_EXTERNAL_REF_TAKEN"

    def __init__(self, external_ref: str) -> None:
        super().__init__(
            f"Another member has the external reference {external_ref}.",
            field="external_ref",
            external_ref=external_ref,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberDetails:
    """What people say about a member, not yet checked."""

    name: str = ""
    external_ref: str = ""
    customer_id: str = ""
    gender: Gender | None = None
    language: Language = Language.ZH_HANS
    time_zone: str = ""
    birthday: Birthday | None = None
    email: str = ""
    phone: str = ""
    email_consent: bool = False
    do_not_contact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member as stored."""

    id: str
    version: int = 1
    name: str
    name_search: str
    """The name as it is searched for: see `search_key`."""
    external_ref: str
    customer_id: str
    gender: Gender | None
    language: Language
    time_zone: str
    birthday: Birthday | None
    birthday_key: int | None
    """What the planner asks the index for; None without a birthday."""
    email: str
    phone: str
    email_consent: bool
    do_not_contact: bool
    create_time: datetime
    update_time: datetime
    events: tuple[object, ...] = ()

    @classmethod
    def register(cls, member_id: str, details: MemberDetails, *, now: datetime) -> "Member":
        """Return the new member, or refuse with INVALID_FIELD or INVALID_ID and the field's name."""
        checked = check_details(details, FIELDS, now=now)
        return cls.of(member_id, checked, now=now)

    @classmethod
    def of(cls, member_id: str, checked: Mapping[str, Any], *, now: datetime) -> "Member":
        """Return the new member made of values that `check_details` returned for all fields."""
        said = MemberRegistered(member_id=member_id, customer_id=checked["customer_id"], occurred_time=now)
        return cls(id=member_id, create_time=now, update_time=now, events=(said,), **checked)

    def change(self, details: MemberDetails, fields: Collection[str], *, now: datetime) -> "Member":
        """Return the member with the fields named taken over, or itself if nothing differs."""
        return self.take_over(check_details(details, fields, now=now), now=now)

    def take_over(self, checked: Mapping[str, Any], *, now: datetime) -> "Member":
        """Return the member with values that `check_details` returned, or itself if nothing differs."""
        if all(getattr(self, name) == value for name, value in checked.items()):
            return self
        changed = replace(self, **checked, update_time=now)
        said = MemberChanged(
            member_id=self.id, customer_id=changed.customer_id, member_version=self.version + 1, occurred_time=now
        )
        return replace(changed, events=(said,))


def search_key(name: str) -> str:
    """Return the form in which names are compared: letter case and full-width forms make no difference."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def check_details(details: MemberDetails, fields: Collection[str], *, now: datetime) -> dict[str, Any]:
    """Return the fields of a `Member` that the named fields lead to, or refuse with the first that is wrong."""
    today = last_open_day(now)
    checked = {field: _CHECKS[field](details, today) for field in fields}
    if "name" in checked:
        checked["name_search"] = search_key(checked["name"])
    if "birthday" in checked:
        birthday = checked["birthday"]
        checked["birthday_key"] = None if birthday is None else birthday_key(birthday)
    return checked


def mask_fields(paths: Collection[str]) -> frozenset[str]:
    """Return the fields that an update mask names, or refuse an empty mask and paths that cannot be changed."""
    if not paths:
        raise InvalidField("update_mask", f"update_mask is empty. It may name {', '.join(FIELDS)}.")
    unknown = sorted(path for path in paths if path not in _CHECKS)
    if unknown:
        raise InvalidField("update_mask", f"{unknown[0]} cannot be changed. update_mask may name {', '.join(FIELDS)}.")
    return frozenset(paths)


def _birthday(details: MemberDetails, today: date) -> Birthday | None:
    return details.birthday and details.birthday.checked(today)


_CHECKS: dict[str, Callable[[MemberDetails, date], Any]] = {
    "name": lambda details, _: checks.line(details.name, "name", most=MOST_NAME, least=1),
    "external_ref": lambda details, _: checks.line(details.external_ref, "external_ref", most=MOST_REF),
    "customer_id": lambda details, _: optional_id(details.customer_id.strip(), "cus", field="customer_id"),
    "gender": lambda details, _: details.gender,
    "language": lambda details, _: details.language,
    "time_zone": lambda details, _: details.time_zone.strip() and checks.zone(details.time_zone.strip(), "time_zone"),
    "birthday": _birthday,
    "email": lambda details, _: email_address(details.email),
    "phone": lambda details, _: phone_number(details.phone),
    "email_consent": lambda details, _: details.email_consent,
    "do_not_contact": lambda details, _: details.do_not_contact,
}
FIELDS = tuple(_CHECKS)
"""What can be told of a member, and changed."""
