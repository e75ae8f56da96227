"""Asks the mail provider whether it has a message."""

import asyncio
import json
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

from services.care.ports.sending import ProviderSilent
from services.chassis import logs

_SECONDS = 3.0
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
                return bool(json.load(answer)["count"])
        except (URLError, TimeoutError, OSError, ValueError, KeyError) as error:
            _log.warning("provider_does_not_answer", error=type(error).__name__)
            raise ProviderSilent(type(error).__name__) from None
