"""The webhook of the company's accounting system, over HTTP(S)."""

import http.client
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from services.contracts.domain.billing.billing_delivery import signature

_SECONDS = 10
_OK = range(200, 300)


@dataclass(frozen=True, slots=True)
class HttpWebhook:
    """Posts signed JSON. A redirect is not followed: the address is a setting, and only that address gets the data."""

    url: str
    secret: bytes = field(repr=False)

    def send(self, body: bytes, *, key: str, now: datetime) -> str:
        """Return the empty string for an answer of 2xx, else what went wrong."""
        address = urlsplit(self.url)
        kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
        connection = kind(address.hostname or "", address.port, timeout=_SECONDS)
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": key,
            "MemberCare-Signature": signature(self.secret, body, now=now),
        }
        target = f"{address.path or '/'}{f'?{address.query}' if address.query else ''}"
        try:
            connection.request("POST", target, body=body, headers=headers)
            answer = connection.getresponse()
            answer.read(1024)
        except (OSError, http.client.HTTPException) as error:
            return f"{type(error).__name__}: {error}"
        finally:
            connection.close()
        return "" if answer.status in _OK else f"HTTP {answer.status} {answer.reason}"
