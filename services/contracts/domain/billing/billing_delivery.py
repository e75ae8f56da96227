"""A handing over of due lines to the accounting system: which lines, and how often it was tried."""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=1)
MOST_LINES = 100
MOST_ERROR = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingDelivery:
    """One call of the webhook. It is tried until it arrives; its id lets the other side know a repeat."""

    id: str
    version: int = 1
    billing_line_ids: tuple[str, ...]
    assigned: bool = False
    """Whether the lines know that they are in it: before that it is not sent."""
    attempts: int = 0
    last_error: str = ""
    next_time: datetime | None
    """None: it is delivered."""
    delivered_time: datetime | None = None
    create_time: datetime
    events: tuple[object, ...] = ()

    def failed(self, error: str, *, now: datetime) -> "BillingDelivery":
        """Return it with the next try after a pause that doubles, up to an hour."""
        pause = min(_FIRST_PAUSE * 2 ** min(self.attempts, 20), _LONGEST_PAUSE)
        return replace(self, attempts=self.attempts + 1, last_error=error[:MOST_ERROR], next_time=now + pause)

    def delivered(self, now: datetime) -> "BillingDelivery":
        """Return it as taken by the other side."""
        return replace(self, attempts=self.attempts + 1, last_error="", next_time=None, delivered_time=now)


def signature(secret: bytes, body: bytes, *, now: datetime) -> str:
    """Return `t=<seconds since 1970>,v1=<hex>`: HMAC-SHA256 (RFC 2104) over the seconds, a dot and the body.

    The receiver computes it again over what it got, and refuses one whose time is long past: so nothing is replayed.
    """
    seconds = int(now.timestamp())
    return f"t={seconds},v1={hmac.digest(secret, f'{seconds}.'.encode() + body, 'sha256').hex()}"
