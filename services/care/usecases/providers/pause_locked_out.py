"""Pauses a provider that knows us not: its messages go to the next one or wait, until somebody mends the password."""

import asyncio
from dataclasses import dataclass

from services.care.ports.providers import Providers
from services.chassis import logs
from services.chassis.clock import Clock

BY = "sign-in"
"""Who paused, where a person would stand."""
_log = logs.get("care.brake")


@dataclass(frozen=True, slots=True)
class PauseLockedOut:
    """Doing it twice keeps the first reason."""

    providers: Providers
    clock: Clock

    async def __call__(self, provider_id: str, code: str) -> None:
        """Pause it; what goes wrong is told and raised to nobody: whoever sends must note what became of messages."""
        try:
            await asyncio.to_thread(self._pause, provider_id, code)
        except Exception as error:  # noqa: BLE001  # it is tried again with the next messages
            _log.error("not_paused", subject=provider_id, reason=type(error).__name__)

    def _pause(self, provider_id: str, code: str) -> None:
        reason = f"The server refused our name or password ({code})."
        now = self.clock.now()
        self.providers.change(
            provider_id, lambda stored: stored.paused(by=BY, reason=reason, now=now), etag="", request_key=""
        )
