"""What people say about a member: checked field by field, before it becomes a member or changes one."""

import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from services.care.domain.calendars.birthday import Birthday, birthday_key
from services.care.domain.campaigns.planning import last_open_day
from services.care.domain.channels import Channel
from services.care.domain.language import Language
from services.care.domain.members.addresses import email_address, phone_number
from services.care.domain.members.attributes import AttributeValue
from services.chassis import checks
from services.chassis.errors import InvalidField
from services.chassis.ids import optional_id

MOST_NAME, MOST_REF = 100, 100
MOST_TAGS, MOST_TAG, MOST_WECHAT = 50, 50, 128


class Gender(StrEnum):
    FEMALE = "GENDER_FEMALE"
    MALE = "GENDER_MALE"


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
    tags: Sequence[str] = ()
    household_id: str = ""
    owner_id: str = ""
    wecom_id: str = ""
    wechat_id: str = ""
    preferred_channel: Channel | None = None
    cheerless_until: str = ""
    """`YYYY-MM-DD`; empty: none."""
    attributes: Sequence[tuple[str, AttributeValue | None]] = ()
    """Checked against the registry by the use case."""


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


def _tags(details: MemberDetails, _: date) -> tuple[str, ...]:
    tags = dict.fromkeys(checks.line(tag, "tags", most=MOST_TAG, least=1) for tag in details.tags)
    if len(tags) > MOST_TAGS:
        raise InvalidField("tags", f"tags holds {len(tags)} tags; at most {MOST_TAGS} are allowed.")
    return tuple(tags)


def _cheerless(details: MemberDetails, _: date) -> date | None:
    return checks.civil_date(details.cheerless_until, "cheerless_until") if details.cheerless_until else None


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
    "tags": _tags,
    "household_id": lambda details, _: optional_id(details.household_id.strip(), "hsh", field="household_id"),
    "owner_id": lambda details, _: optional_id(details.owner_id.strip(), "emp", field="owner_id"),
    "wecom_id": lambda details, _: checks.line(details.wecom_id, "wecom_id", most=MOST_WECHAT),
    "wechat_id": lambda details, _: checks.line(details.wechat_id, "wechat_id", most=MOST_WECHAT),
    "preferred_channel": lambda details, _: details.preferred_channel,
    "cheerless_until": _cheerless,
    "attributes": lambda details, _: dict(details.attributes),
}
FIELDS = tuple(_CHECKS)
"""What can be told of a member, and changed."""
