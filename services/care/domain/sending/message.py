"""Words that are ready, and the message that carries them to one person."""

from dataclasses import dataclass

from services.care.domain.sending.touch import Touch


@dataclass(frozen=True, slots=True)
class Rendered:
    """The words of one message."""

    subject: str
    body: str
    headers: tuple[tuple[str, str], ...] = ()
    """What the channel shall say beside the words: header lines of a mail, parameters of a provider's template."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message, ready to leave."""

    message_id: str
    """`<touch.attempt@domain>`: one name for each handover, by which the provider can be asked, and answers later."""
    to: str
    subject: str
    body: str
    headers: tuple[tuple[str, str], ...] = ()
    touch: Touch | None = None
    """What it is for, where a channel must know more: campaign, member, purpose, variant."""
    owner_id: str = ""
    """Who of our people looks after the person: the one to act where a channel needs somebody to."""
