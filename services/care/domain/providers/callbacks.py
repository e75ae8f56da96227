"""Callbacks: requests in which providers tell, in words of their own, what became of messages and who answered."""

from dataclasses import dataclass
from datetime import datetime

from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.receipts import ReceiptKind
from services.chassis.errors import DomainError, Kind


class CallbackNotGenuine(DomainError):
    """Who is not known, who hears nothing and who signs wrongly are told the same."""

    kind, reason = Kind.FORBIDDEN, "CALLBACK_NOT_GENUINE"

    def __init__(self) -> None:
        super().__init__("This is not the provider, or it is not set up to be heard.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """One request as it arrived."""

    target: str
    """Path and query, as they were called: `/callbacks/prv_...?message_id=...`."""
    token: str = ""
    """The secret part of the path, where there is one."""
    signature: str = ""
    """What the provider signed it with, where it does."""
    body: bytes = b""
    """Empty: the provider makes sure of the address before it uses it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackAnswer:
    """What a provider expects to read when its words were taken."""

    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderWord:
    """One thing that a provider tells."""

    id: str
    """Told again, it is the same word."""
    kind: ReceiptKind
    at: datetime
    message_id: str = ""
    """Ours, where the provider gives it back."""
    reference: str = ""
    """The provider's own name of the message, where it gives back nothing else."""
    reason: Reason | None = None
    phone: str = ""
    """Who answered, of an answer: as the provider writes the number."""
    text: str = ""
    """The answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditWord:
    """Somebody authorised one more message of a template, or will have no more of it."""

    id: str
    """Told again, it is the same word."""
    openid: str
    template_id: str
    granted: bool


def callback_address(public_url: str, provider_id: str) -> str:
    """Return where a provider tells what became of messages; empty where it cannot, or people could listen.

    A laptop's own address is no https either: who is given it refuses the message.
    """
    return f"{public_url.rstrip('/')}/callbacks/{provider_id}" if public_url.startswith("https://") else ""
