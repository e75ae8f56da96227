"""Asks the mail provider whether it has a message."""

import asyncio
import json
from http.client import HTTPException
from urllib.parse import quote
from urllib.request import urlopen

from services.care.ports.sending import ProviderSilent
from services.chassis import logs

_SECONDS = 3.0
_LONGEST_ANSWER = 10_000
"""Bytes."""
_log = logs.get("care.provider")


class HttpProviderLookup:
    """`GET <base>/lookup?message_id=...` answers `{"count": n}`."""

    def __init__(self, base: str) -> None:
        """Take the base address, http or https, which the settings have checked."""
        self._base = base.rstrip("/")

    async def has(self, message_id: str) -> bool:
        """Say whether the provider accepted the message; raises ProviderSilent."""
        return await asyncio.to_thread(self._ask, message_id)

    def _ask(self, message_id: str) -> bool:
        address = f"{self._base}/lookup?message_id={quote(message_id)}"
        try:
            with urlopen(address, timeout=_SECONDS) as answer:  # noqa: S310  # the settings checked the scheme
                count = json.loads(answer.read(_LONGEST_ANSWER))["count"]
        except (OSError, HTTPException, ValueError, TypeError, KeyError, RecursionError) as error:
            _log.warning("provider_does_not_answer", error=type(error).__name__)
            raise ProviderSilent(type(error).__name__) from None
        if not isinstance(count, int):  # "0" would be a yes
            _log.warning("provider_does_not_answer", error="count is no number")
            raise ProviderSilent("count is no number")
        return count > 0
