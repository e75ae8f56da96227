"""A member: one person we care for, checked when it is written."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from services.care.domain.calendars.birthday import Birthday
from services.care.domain.channels import Channel, Purpose
from services.care.domain.language import Language
from services.care.domain.members import consents
from services.care.domain.members.consents import Consent, ConsentSource, ConsentWord
from services.care.domain.members.details import FIELDS, Gender, MemberDetails, check_details
from services.care.domain.members.events import MemberChanged, MemberRegistered, MemberUnsubscribed, Unsubscription
from services.care.domain.members.refusals import MemberIsErased, MemberIsMerged
from services.chassis.errors import DomainError


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
    unconfirmed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What the person is asked to confirm, by channel and purpose, with the message (`tch_...`) that asks."""
    unasked: bool = False
    """Some of these messages may not be planned yet: see `AskForConfirmations`."""
    suppressed: Mapping[str, str] = field(default_factory=dict)
    """Channels that an address cannot or must not be used on, each with the reason."""
    complaints: tuple[str, ...] = ()
    """Complaints (`cas_...`) that are open."""
    merged_into_id: str = ""
    merged_ids: tuple[str, ...] = ()
    erased_time: datetime | None = None
    unsettled: bool = False
    """Something that follows from a merge or an erasure may not be written yet: see `SettleEnded`."""
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
            changed = replace(self, **values).asking_anew(self, now=now)
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
        return self.allows(Channel.EMAIL, Purpose.CARE)

    def allows(self, channel: Channel, purpose: Purpose) -> bool:
        """Say whether the member agreed to messages of this purpose by this channel."""
        return self.consents.get(channel, {}).get(purpose, False)

    def objection(self, word: ConsentWord, *, now: datetime) -> DomainError | None:
        """Return why the word must not replace what is on record, or None if it may."""
        known = consents.current(self.consent_facts, channel=word.channel, purpose=word.purpose)
        return consents.objection(known, word, now=now)

    def hear(self, word: ConsentWord, *, now: datetime) -> "Member":
        """Return the member with the word on record, or refuse as `consents.objection` says; nothing is said yet.

        Whoever was asked lately to confirm it is not asked again: the member is returned as it is.
        """
        if wrong := self.objection(word, now=now):
            raise wrong
        known = consents.current(self.consent_facts, channel=word.channel, purpose=word.purpose)
        if word.pending and consents.asked_lately(known, now):
            return self
        facts, _ = consents.replaced(self.id, self.consent_facts, word=word, now=now)
        return self.with_facts(facts, unasked=self.unasked or word.pending)

    def with_facts(self, facts: tuple[Consent, ...], *, unasked: bool) -> "Member":
        """Return the member with these words on record, and what follows from them."""
        return replace(
            self,
            consent_facts=facts,
            consents=consents.summary(facts),
            unconfirmed=consents.awaited(facts),
            unasked=unasked,
        )

    def asking_anew(self, before: "Member", *, now: datetime) -> "Member":
        """Return the member, asked once more for what was to be confirmed by an address that is another one now."""
        moved = {
            channel
            for channel, one, other in (
                (Channel.EMAIL, self.email, before.email),
                (Channel.SMS, self.phone, before.phone),
            )
            if one != other
        }
        facts = tuple(
            consents.asked_anew(self.id, each, now=now) if each.pending and each.channel in moved else each
            for each in self.consent_facts
        )
        return self if facts == self.consent_facts else self.with_facts(facts, unasked=True)

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
            if fact.withdrawn and fact.source is ConsentSource.PERSON and fact not in before.consent_facts
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
