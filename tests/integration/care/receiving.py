"""A mail provider that says at the gateway what became of messages."""

import base64
import hashlib
import hmac
import json

from services.chassis.clock import SystemClock
from tests.fakes.suite import Client

KEY = b"the key of the mail provider"
SECRETS = f"mail whsec_{base64.b64encode(KEY).decode()}\n"
"""What stands in the gateway's file of secrets."""


async def says(gateway: Client, event: dict[str, object], *, key: bytes = KEY) -> int:
    """Say one word, signed, and return the status that it is answered with."""
    body = json.dumps({"events": [event]}).encode()
    stamp = str(int(SystemClock().now().timestamp()))
    signature = base64.b64encode(hmac.new(key, f"m.{stamp}.".encode() + body, hashlib.sha256).digest()).decode()
    headers = {"webhook-id": "m", "webhook-timestamp": stamp, "webhook-signature": f"v1,{signature}"}
    return (await gateway.http.post("/receipts/mail", content=body, headers=headers)).status_code
