"""Whether a member can be reached by a channel, and which channel stands in for one that cannot be used."""

from collections.abc import Collection, Sequence

from services.care.domain.channels import Channel, Purpose
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.recipient import Recipient
from services.care.domain.sending.touch import Touch

GIVES_WAY = frozenset(
    {
        Reason.CHANNEL_NOT_SET_UP,
        Reason.NO_EMAIL_ADDRESS,
        Reason.NO_EMAIL_CONSENT,
        Reason.NO_ADDRESS,
        Reason.NO_CONSENT,
        Reason.CONSENT_PENDING,
        Reason.ADDRESS_SUPPRESSED,
        Reason.OTHER_CHANNEL_PREFERRED,
        Reason.QUOTA_SPENT,
        Reason.PROVIDER_REFUSED,
        Reason.PROVIDER_REFUSED_TOO_OFTEN,
        Reason.BOUNCED,
        Reason.NOT_DELIVERED,
        Reason.NOT_REACHABLE,
        Reason.BLOCKED_BY_CARRIER,
        Reason.OPTED_OUT,
        Reason.NOT_A_FRIEND,
    }
)
"""Reasons that say: not by this channel. All others hold for every channel; and what is unknown may have arrived."""


def unreachable(recipient: Recipient, channel: Channel, *, purpose: Purpose) -> Reason | None:
    """Return why this member cannot be reached by this channel as things stand, or None."""
    email = channel is Channel.EMAIL
    if recipient.do_not_contact:
        return Reason.DO_NOT_CONTACT
    if not recipient.address(channel):
        return Reason.NO_EMAIL_ADDRESS if email else Reason.NO_ADDRESS
    if channel in recipient.suppressed:
        return Reason.ADDRESS_SUPPRESSED
    if recipient.awaits(channel, purpose):
        return Reason.CONSENT_PENDING
    if not recipient.agreed(channel, purpose):
        return Reason.NO_EMAIL_CONSENT if email else Reason.NO_CONSENT
    return None


def prefers_another(
    touch: Touch, recipient: Recipient, *, channels: Sequence[Channel], set_up: Collection[str]
) -> bool:
    """Say whether the member asked for another channel of the plan, and can be reached by it."""
    wish = recipient.preferred_channel
    return (
        bool(wish)
        and wish != touch.channel
        and wish in channels
        and wish in set_up
        and not touch.fallback_of
        and unreachable(recipient, Channel(wish), purpose=touch.purpose) is None
    )


def stand_in(touch: Touch, reason: Reason, *, wish: str, channels: Sequence[Channel]) -> Channel | None:
    """Return the channel that takes over from a touch that ended for this reason, or None.

    The wish of the member, if there is one, comes first, then the channels of the plan in their order.
    """
    if reason not in GIVES_WAY:
        return None
    if reason is Reason.OTHER_CHANNEL_PREFERRED and wish:
        return Channel(wish)
    others = [each for each in channels if each != wish or each == touch.channel]
    if touch.channel == wish and touch.fallback_of:
        return next((each for each in others if each != wish), None)
    later = others.index(Channel(touch.channel)) + 1 if touch.channel in others else len(others)
    return next(iter(others[later:]), None)
