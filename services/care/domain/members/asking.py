"""Asking a person to confirm a consent: which message asks, for how long it may be answered, and when again."""

from datetime import datetime, timedelta

from services.care.domain.channels import Channel, Purpose
from services.care.domain.sending.touch import touch_id
from services.chassis.ids import derived_id

CONFIRMED_BY = (Channel.EMAIL, Channel.SMS)
"""Channels whose messages can hold a link: consent for another one is confirmed to one of our people."""
OPEN_FOR = timedelta(days=7)
"""So long after it was asked for a consent can be confirmed; built-in words and pages say so."""
ASK_AGAIN = timedelta(days=1)
"""Nobody is asked the same again before."""
_OCCURRENCE = "consent"


def confirmation_campaign(channel: Channel) -> str:
    """Return the id of the built-in campaign whose messages ask by this channel."""
    return derived_id("cmp", "consent_confirmation", channel.value)


def confirmation_occurrence(purpose: Purpose, asked: datetime) -> str:
    """Return the occurrence of the message that asks for a purpose, asked for at this moment."""
    return f"{_OCCURRENCE}/{purpose.value}/{asked.isoformat()}"


def purpose_asked_for(occurrence: str) -> Purpose | None:
    """Return what a message asks consent for; None: it asks for none."""
    kind, _, rest = occurrence.partition("/")
    return Purpose(rest.partition("/")[0]) if kind == _OCCURRENCE else None


def asking_touch(member_id: str, channel: Channel, *, purpose: Purpose, asked: datetime) -> str:
    """Return the id of the message that asks a member."""
    occurrence = confirmation_occurrence(purpose, asked)
    return touch_id(confirmation_campaign(channel), member_id, occurrence=occurrence, channel=channel.value)
