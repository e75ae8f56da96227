"""What the policy and the words know of a member at the moment of send."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.care.domain.channels import Channel, Purpose
from services.care.domain.language import Language


@dataclass(frozen=True, slots=True)
class Recipient:
    """A projection of the member; what is not on record is empty."""

    id: str
    name: str
    gender: str
    language: Language
    time_zone: str
    email: str
    birthday_key: int | None
    phone: str = ""
    wecom_id: str = ""
    wechat_id: str = ""
    do_not_contact: bool = False
    consents: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)
    """Channel, then purpose: whether the member agreed. What is not said is no."""
    unconfirmed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Channel, then purpose: the message that asks the member to confirm it, where that is awaited."""
    suppressed: Mapping[str, str] = field(default_factory=dict)
    """Channels whose address must not be used, with the reason: a hard bounce or a complaint."""
    preferred_channel: str = ""
    cheerless_until: str = ""
    """Last civil date (`YYYY-MM-DD`) without cheerful messages; empty: they are welcome."""
    complaints: tuple[str, ...] = ()
    """Ids of the cases that are open."""
    contracts: tuple[Mapping[str, Any], ...] = ()
    """`id`, `state`, `end_date`, `renewal` (`won`, `lost`, None) of the member's contracts, as far as care heard."""
    tier: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    owner_id: str = ""
    """Who of our people looks after the member (`emp_...`)."""
    last_acts: Mapping[str, datetime] = field(default_factory=dict)
    """When the member last did what; under the empty name: anything."""

    had: frozenset[tuple[str, str, str]] = frozenset()
    """Messages that the person has had under the ids of doublets: campaign, occurrence, step."""

    def address(self, channel: Channel) -> str:
        """Return where the member is reached by a channel, or the empty string."""
        match channel:
            case Channel.EMAIL:
                return self.email
            case Channel.SMS | Channel.CALL:
                return self.phone
            case Channel.WECOM:
                return self.wecom_id
            case Channel.WECHAT:
                return self.wechat_id
            case Channel.WEBHOOK:
                return self.id

    def agreed(self, channel: Channel, purpose: Purpose) -> bool:
        """Say whether the member agreed to messages of this purpose by this channel; service needs no consent."""
        return purpose is Purpose.SERVICE or bool(self.consents.get(channel, {}).get(purpose))

    def awaits(self, channel: Channel, purpose: Purpose) -> bool:
        """Say whether the member was asked to confirm such messages and has not answered; service is never asked."""
        return purpose in self.unconfirmed.get(channel, {})
