"""A member: one person we care for, checked when it is written."""

import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from services.care.domain.calendars.birthday import Birthday, birthday_key
from services.care.domain.campaigns.planning import last_open_day
from services.care.domain.channels import Channel, Purpose
from services.care.domain.language import Language
from services.care.domain.members import consents
from services.care.domain.members.addresses import email_address, phone_number
from services.care.domain.members.attributes import AttributeValue
from services.care.domain.members.consents import Consent, ConsentSource, ConsentWord
from services.care.domain.members.events import MemberChanged, MemberRegistered, MemberUnsubscribed, Unsubscription
from services.care.domain.members.refusals import MemberIsErased, MemberIsMerged
from services.chassis import checks
from services.chassis.errors import DomainError, InvalidField
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
    do_not_contact: bool
    tags: tuple[str, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """By the name of a registered attribute: a text, a number, a yes or no, or a day as `YYYY-MM-DD`."""
    household_id: str = ""
    owner_id: str = ""
    wecom_id: str = ""
    """External user id of WeCom."""
    wechat_id: str = ""
    """Openid of the company's WeChat account."""
    preferred_channel: Channel | None = None
    cheerless_until: date | None = None
    """Up to and including this day nothing cheerful is sent."""
    consents: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)
    """What is allowed, by channel and purpose: what `consent_facts` come to."""
    consent_facts: tuple[Consent, ...] = ()
    """The newest word for each channel and purpose."""
    suppressed: Mapping[str, str] = field(default_factory=dict)
    """Channels that an address cannot or must not be used on, each with the reason."""
    complaints: tuple[str, ...] = ()
    """Complaints (`cas_...`) that are open."""
    merged_into_id: str = ""
    merged_ids: tuple[str, ...] = ()
    erased_time: datetime | None = None
    create_time: datetime
    update_time: datetime
    events: tuple[object, ...] = ()

    @classmethod
    def register(cls, member_id: str, details: MemberDetails, *, now: datetime) -> "Member":
        """Return the new member, or refuse with INVALID_FIELD or INVALID_ID and the field's name."""
        checked = check_details(details, FIELDS, now=now)
        return cls.of(member_id, checked, now=now)

    @classmethod
    def of(
        cls,
        member_id: str,
        checked: Mapping[str, Any],
        *,
        now: datetime,
        source: ConsentSource = ConsentSource.STAFF,
    ) -> "Member":
        """Return the new member made of values that `check_details` returned for all fields."""
        said = MemberRegistered(member_id=member_id, customer_id=checked["customer_id"], occurred_time=now)
        values = dict(checked)
        agreed = values.pop("email_consent")
        member = cls(id=member_id, create_time=now, update_time=now, events=(said,), **values)
        return member.hear(greetings_by_email(granted=True, source=source), now=now) if agreed else member

    def change(self, details: MemberDetails, fields: Collection[str], *, now: datetime) -> "Member":
        """Return the member with the fields named taken over, or itself if nothing differs.

        Refuses MEMBER_ERASED, MEMBER_MERGED, and with CONSENT_WITHDRAWN_BY_PERSON a consent that only the person can
        give again.
        """
        values = check_details(details, fields, now=now)
        agreed = values.pop("email_consent", self.email_consent)
        words = [greetings_by_email(granted=agreed, source=ConsentSource.STAFF)] if agreed != self.email_consent else []
        return self.take_over(values, now=now, words=words)

    def take_over(self, values: Mapping[str, Any], *, now: datetime, words: Sequence[ConsentWord] = ()) -> "Member":
        """Return the member with values that `check_details` returned and words on consent, or itself if all is so."""
        self.refuse_ended()
        changed = self
        if any(getattr(self, name) != value for name, value in values.items()):
            changed = replace(self, **values)
        for word in words:
            changed = changed.hear(word, now=now)
        return self if changed is self else changed.saying_changed(self, now=now)

    def relinked(self, customer_id: str, *, now: datetime) -> "Member":
        """Return the member as one of another customer; a doublet too, since the customer that it names is gone."""
        return replace(self, customer_id=customer_id).saying_changed(self, now=now)

    def complaining(self, case_id: str, *, is_open: bool, now: datetime) -> "Member":
        """Return the member with the complaint as open or as closed, or itself if it is so; an erased one stays."""
        if self.erased_time is not None or (case_id in self.complaints) == is_open:
            return self
        others = tuple(each for each in self.complaints if each != case_id)
        changed = replace(self, complaints=(*others, case_id) if is_open else others)
        return changed.saying_changed(self, now=now)

    def refuse_ended(self) -> None:
        """Refuse with MEMBER_ERASED or MEMBER_MERGED what nobody may change any more."""
        if self.erased_time is not None:
            raise MemberIsErased(self.id)
        if self.merged_into_id:
            raise MemberIsMerged(self.id, self.merged_into_id)

    @property
    def email_consent(self) -> bool:
        """Whether greetings by e-mail are allowed."""
        return self.consents.get(Channel.EMAIL, {}).get(Purpose.CARE, False)

    def objection(self, word: ConsentWord, *, now: datetime) -> DomainError | None:
        """Return why the word must not replace what is on record, or None if it may."""
        known = consents.current(self.consent_facts, channel=word.channel, purpose=word.purpose)
        return consents.objection(known, word, now=now)

    def hear(self, word: ConsentWord, *, now: datetime) -> "Member":
        """Return the member with the word on record, or refuse as `consents.objection` says; nothing is said yet."""
        if wrong := self.objection(word, now=now):
            raise wrong
        facts, _ = consents.replaced(self.id, self.consent_facts, word=word, now=now)
        return replace(self, consent_facts=facts, consents=consents.summary(facts))

    def suppress(self, channel: Channel, reason: str, *, now: datetime) -> "Member":
        """Return the member whose address by this channel is used no more; one where that is so, or erased, stays."""
        if channel in self.suppressed or self.erased_time is not None:
            return self
        closed = {**self.suppressed, channel.value: reason}
        return replace(self, suppressed=closed, update_time=now).saying_changed(self, now=now)

    def saying_changed(self, before: "Member", *, now: datetime) -> "Member":
        """Return the member as changed now, with what is to be said of it."""
        changed = MemberChanged(
            member_id=self.id, customer_id=self.customer_id, member_version=self.version + 1, occurred_time=now
        )
        closed = [
            fact
            for fact in self.consent_facts
            if not fact.granted and fact.source is ConsentSource.PERSON and fact not in before.consent_facts
        ]
        events: tuple[object, ...] = (changed,)
        if closed:
            unsubscribed = MemberUnsubscribed(
                member_id=self.id,
                customer_id=self.customer_id,
                unsubscriptions=tuple(
                    Unsubscription(channel=f"CHANNEL_{fact.channel.upper()}", purpose=f"PURPOSE_{fact.purpose.upper()}")
                    for fact in closed
                ),
                touch_id=closed[0].touch_id,
                occurred_time=now,
            )
            events = (changed, unsubscribed)
        return replace(self, update_time=now, events=events)


def greetings_by_email(*, granted: bool, source: ConsentSource) -> ConsentWord:
    """Return the word that `email_consent` stands for."""
    return ConsentWord(channel=Channel.EMAIL, purpose=Purpose.CARE, granted=granted, source=source)


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
