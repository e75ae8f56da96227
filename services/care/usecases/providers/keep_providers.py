"""Register, change, pause and resume providers."""

from dataclasses import dataclass, replace

from services.care.domain.providers.provider import Provider
from services.care.ports.providers import Providers
from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.ids import check_id, new_id


@dataclass(frozen=True, slots=True)
class RegisterProvider:
    """Stores a new provider."""

    providers: Providers
    clock: Clock

    def __call__(self, wanted: Provider, *, by: str, request_id: str) -> Provider:
        """Return it as stored; refused with INVALID_FIELD."""
        now = self.clock.now()
        provider = replace(wanted.checked(), id=new_id("prv", now), created_at=now, updated_at=now, updated_by=by)
        return self.providers.add(provider, request_key=request_key("create", request_id))


@dataclass(frozen=True, slots=True)
class ChangeProvider:
    """Replaces what a person says of a provider; its channel and kind stay."""

    providers: Providers
    clock: Clock

    def __call__(self, wanted: Provider, *, by: str, etag: str, request_id: str) -> Provider:
        """Return it; refused with INVALID_FIELD, INVALID_ID, PROVIDER_NOT_FOUND, STALE_VERSION."""
        key, now = check_id(wanted.id, "prv", field="provider.id"), self.clock.now()
        checked = wanted.checked()
        return self.providers.change(
            key,
            lambda old: old.told(checked, by=by, now=now),
            etag=etag,
            request_key=request_key("update", request_id),
        )


@dataclass(frozen=True, slots=True)
class PauseProvider:
    """Leaves a provider alone until somebody resumes it; its messages go to the next one, or wait."""

    providers: Providers
    clock: Clock

    def __call__(self, provider_id: str, *, by: str, reason: str, etag: str, request_id: str) -> Provider:
        """Return it; refused with INVALID_FIELD, INVALID_ID, PROVIDER_NOT_FOUND, STALE_VERSION."""
        return self.providers.change(
            check_id(provider_id, "prv", field="provider_id"),
            lambda old: old.paused(by=by, reason=reason, now=self.clock.now()),
            etag=etag,
            request_key=request_key("pause", request_id),
        )


@dataclass(frozen=True, slots=True)
class ResumeProvider:
    """Puts a paused provider into use again."""

    providers: Providers
    clock: Clock

    def __call__(self, provider_id: str, *, by: str, etag: str, request_id: str) -> Provider:
        """Return it; refused with INVALID_ID, PROVIDER_NOT_FOUND, PROVIDER_NOT_PAUSED, STALE_VERSION."""
        return self.providers.change(
            check_id(provider_id, "prv", field="provider_id"),
            lambda old: old.resumed(by=by, now=self.clock.now()),
            etag=etag,
            request_key=request_key("resume", request_id),
        )
