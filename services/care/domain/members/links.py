"""Links in messages by which a person says what we may send: signed, and without anything that tells who it is.

A token is version, member id, touch id, channel and purpose in 35 bytes, and the first 16 bytes of their HMAC-SHA256
(RFC 2104 allows half of the output), in base64url without padding: 68 characters.
"""

import binascii
import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Protocol

from services.care.domain.channels import Channel, Purpose
from services.chassis.errors import DomainError, Kind

UNSUBSCRIBE, PREFERENCES, CONFIRM = "unsubscribe", "preferences", "confirm"
LEAST_KEY = 32
"""Characters of a key."""
_VERSION = 1
_MAC = 16
_TOKEN = 68
_CHANNELS, _PURPOSES = tuple(Channel), tuple(Purpose)
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ID_BYTES, _ID_MARKS = 16, 26


class LinkInvalid(DomainError):
    """Not a link of ours, or not a whole one."""

    kind, reason = Kind.NOT_FOUND, "LINK_INVALID"

    def __init__(self) -> None:
        """Say nothing of why: whoever tries tokens must not learn."""
        super().__init__("This link is not valid. Open it again from the message, whole.")


@dataclass(frozen=True, slots=True)
class Link:
    """Whose it is, and which message held it."""

    member_id: str
    touch_id: str
    channel: Channel
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class MessageLinks:
    """What a message may show: `{{ links.unsubscribe }}`, `{{ links.preferences }}` and `{{ links.confirm }}`."""

    unsubscribe: str
    preferences: str
    confirm: str

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Return what makes mail programs show an unsubscribe button: RFC 2369 and RFC 8058."""
        return (
            ("List-Unsubscribe", f"<{self.unsubscribe}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        )


class Links(Protocol):
    """Makes the links of one message."""

    def of(self, link: Link) -> MessageLinks:
        """Return where the reader can unsubscribe, and say what we may send."""


@dataclass(frozen=True, slots=True)
class SignedLinks:
    """Makes and reads links. The first key signs; the others still open what they signed."""

    public_url: str
    keys: tuple[bytes, ...] = field(repr=False)

    def of(self, link: Link) -> MessageLinks:
        """Return the addresses for one message."""
        token = self.token(link)
        base = self.public_url.rstrip("/")
        return MessageLinks(*(f"{base}/{page}/{token}" for page in (UNSUBSCRIBE, PREFERENCES, CONFIRM)))

    def token(self, link: Link) -> str:
        """Return the token of a link."""
        told = bytes(
            [
                _VERSION,
                *_packed(link.member_id),
                *_packed(link.touch_id),
                _CHANNELS.index(link.channel),
                _PURPOSES.index(link.purpose),
            ]
        )
        return urlsafe_b64encode(told + _mac(self.keys[0], told)).decode()

    def read(self, token: str) -> Link:
        """Return the link, or refuse with LINK_INVALID whatever none of our keys has signed."""
        try:
            raw = urlsafe_b64decode(token.encode("ascii")) if len(token) == _TOKEN else b""
        except (UnicodeEncodeError, binascii.Error):
            raise LinkInvalid from None
        told, mac = raw[:-_MAC], raw[-_MAC:]
        if not any(hmac.compare_digest(mac, _mac(key, told)) for key in self.keys) or told[:1] != bytes([_VERSION]):
            raise LinkInvalid
        member, touch = told[1 : 1 + _ID_BYTES], told[1 + _ID_BYTES : 1 + 2 * _ID_BYTES]
        return Link(_unpacked("mem", member), _unpacked("tch", touch), _CHANNELS[told[-2]], _PURPOSES[told[-1]])


class NoLinks:
    """Where links are not set up, none is ours."""

    def read(self, token: str) -> Link:
        """Refuse with LINK_INVALID."""
        raise LinkInvalid


def keys_of(content: str) -> tuple[bytes, ...]:
    """Return the keys of a key file, one a line, or raise ValueError for none or one that is too short."""
    keys = tuple(line.strip().encode() for line in content.splitlines() if line.strip())
    if not keys or min(map(len, keys)) < LEAST_KEY:
        raise ValueError(f"a key of at least {LEAST_KEY} characters is needed on each line; the first one signs")
    return keys


def _mac(key: bytes, told: bytes) -> bytes:
    return hmac.new(key, b"membercare link\x00" + told, hashlib.sha256).digest()[:_MAC]


def _packed(key: str) -> bytes:
    number = 0
    for mark in key.rpartition("_")[2]:
        number = number << 5 | _ALPHABET.index(mark)
    return number.to_bytes(_ID_BYTES, "big")


def _unpacked(prefix: str, raw: bytes) -> str:
    number = int.from_bytes(raw, "big")
    marks = [_ALPHABET[number >> 5 * place & 31] for place in range(_ID_MARKS - 1, -1, -1)]
    return f"{prefix}_{''.join(marks)}"
