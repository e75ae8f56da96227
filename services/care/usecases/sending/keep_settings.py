"""Changes the company's rules for sending, stops everything and lets it go on."""

from collections.abc import Callable
from dataclasses import dataclass

from services.care.domain.sending.caps import Cap
from services.care.domain.sending.settings import QuietRule, SendingSettings
from services.care.ports.sending_settings import Settings
from services.chassis import checks
from services.chassis.clock import Clock
from services.chassis.identity import Caller


@dataclass(frozen=True, slots=True)
class KeepSettings:
    """Each change is one conditional write; dispatchers read it before their next chunk."""

    settings: Settings
    clock: Clock

    def change(
        self, quiet: tuple[QuietRule, ...], caps: tuple[Cap, ...], *, caller: Caller, etag: str, request_id: str
    ) -> SendingSettings:
        """Put these rules in place of all before, or refuse with INVALID_FIELD or STALE_VERSION."""
        now = self.clock.now()
        return self._write(
            "settings",
            lambda each: each.change(quiet=quiet, caps=caps, by=caller.subject, now=now),
            etag=etag,
            request_id=request_id,
        )

    def stop(self, reason: str, *, caller: Caller, etag: str, request_id: str) -> SendingSettings:
        """Stop all sending; a stop that stands stays as it is."""
        now = self.clock.now()
        return self._write(
            "stop", lambda each: each.stopped(reason, by=caller.subject, now=now), etag=etag, request_id=request_id
        )

    def allow(self, *, caller: Caller, etag: str, request_id: str) -> SendingSettings:
        """Lift the stop; without one nothing changes."""
        now = self.clock.now()
        return self._write(
            "allow", lambda each: each.resumed(by=caller.subject, now=now), etag=etag, request_id=request_id
        )

    def _write(
        self, verb: str, step: Callable[[SendingSettings], SendingSettings], *, etag: str, request_id: str
    ) -> SendingSettings:
        return self.settings.change(step, etag=etag, request_key=checks.request_key(verb, request_id))
