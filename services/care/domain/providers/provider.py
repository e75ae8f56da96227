"""Providers: who carries the messages of a channel, in which order, how fast, and whether they are left alone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

from services.care.domain.channels import Channel
from services.care.domain.providers.broadcasts import QuotaKind
from services.care.domain.providers.kinds import NUMBER_LIMITS, RULES, NumberLimit, ProviderKind
from services.care.domain.providers.mail_servers import check_mail_server
from services.chassis import checks
from services.chassis.errors import DomainError, InvalidField, Kind

MOST_PRIORITY, MOST_RATE, MOST_LIMITS, MOST_MINUTES = 100, 1_000_000_000, 5, 60 * 24 * 31
_SECRET = re.compile(r"[A-Z][A-Z0-9_]{0,59}")
_PER_MONTH, _SENDER = re.compile(r"[1-9]|[12]\d|3[01]"), re.compile(r"emp_[0-9A-Z]{26}=[^\s=]{1,64}")
_LONG, _MOST, _MOST_OF_LONG = frozenset({"senders"}), 500, 20_000
_ADDRESSES = frozenset({"url", "endpoint", "lookup_url"})


class ProviderNotPaused(DomainError):
    kind, reason = Kind.PRECONDITION, "PROVIDER_NOT_PAUSED"

    def __init__(self, provider_id: str) -> None:
        super().__init__(f"Provider {provider_id} is not paused.", provider_id=provider_id)


@dataclass(frozen=True, slots=True)
class Pause:
    """Since when nothing is handed to a provider, by whom and why."""

    at: datetime
    by: str
    """A person, or `error-rate`."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One provider of one channel. It holds no secret, only the names under which secrets are found."""

    id: str
    channel: Channel
    kind: ProviderKind
    name: str
    settings: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    """By use: the name of the secret."""
    priority: int = 50
    """0 to 100: the highest is asked first."""
    per_second: int = 0
    """0: no limit; likewise the two that follow."""
    per_minute: int = 0
    per_day: int = 0
    """Calendar days in the company's time zone."""
    number_limits: tuple[NumberLimit, ...] = ()
    """Empty: what the kind of provider is known to allow."""
    enabled: bool = True
    pause: Pause | None = None
    created_at: datetime
    updated_at: datetime
    updated_by: str = ""
    version: int = 1
    events: tuple[object, ...] = ()

    @property
    def limits_per_number(self) -> tuple[NumberLimit, ...]:
        """What one number may get."""
        return self.number_limits or NUMBER_LIMITS.get(self.kind, ())

    def checked(self) -> "Provider":
        """Return it with clean texts, or refuse the field that is wrong."""
        rule = RULES[self.kind]
        if self.channel is not rule.channel:
            raise InvalidField("provider.channel", f"provider.channel: {self.kind} carries {rule.channel} only.")
        _check_number(self.priority, "priority", most=MOST_PRIORITY)
        for name in ("per_second", "per_minute", "per_day"):
            _check_number(getattr(self, name), name, most=MOST_RATE)
        _check_limits(self.number_limits)
        settings = _settings(self.settings, required=rule.required, optional=rule.optional)
        secrets = _secrets(self.secrets, rule.secrets, optional=(*rule.callback_secrets, *rule.optional_secrets))
        if self.kind is ProviderKind.SMTP:
            check_mail_server(settings, has_password="password" in secrets)
        name = checks.line(self.name, "provider.name", least=1, most=100)
        return replace(self, name=name, settings=settings, secrets=secrets)

    def told(self, wanted: "Provider", *, by: str, now: datetime) -> "Provider":
        """Return this provider with everything that a person may say of it as in `wanted`."""
        for name in ("channel", "kind"):
            if getattr(wanted, name) is not getattr(self, name):
                raise InvalidField(f"provider.{name}", f"provider.{name} cannot change: register another provider.")
        return replace(
            wanted,
            id=self.id,
            pause=self.pause,
            version=self.version,
            created_at=self.created_at,
            updated_at=now,
            updated_by=by,
        )

    def paused(self, *, by: str, reason: str, now: datetime) -> "Provider":
        """Return it paused; one that is paused keeps its first reason."""
        if self.pause:
            return self
        text = checks.line(reason, "reason", least=1, most=300)
        return replace(self, pause=Pause(now, by, text), updated_at=now, updated_by=by)

    def resumed(self, *, by: str, now: datetime) -> "Provider":
        """Return it in use again, or refuse with PROVIDER_NOT_PAUSED."""
        if not self.pause:
            raise ProviderNotPaused(self.id)
        return replace(self, pause=None, updated_at=now, updated_by=by)


def _check_number(value: int, name: str, *, most: int) -> None:
    if not 0 <= value <= most:
        raise InvalidField(f"provider.{name}", f"provider.{name} must be 0 to {most}.")


def _check_limits(limits: tuple[NumberLimit, ...]) -> None:
    if len(limits) > MOST_LIMITS:
        raise InvalidField("provider.number_limits", f"provider.number_limits holds more than {MOST_LIMITS}.")
    for place, limit in enumerate(limits):
        at = f"provider.number_limits[{place}]"
        if not 1 <= limit.most <= MOST_RATE:
            raise InvalidField(f"{at}.most", f"{at}.most must be 1 to {MOST_RATE}.")
        if not 1 <= limit.minutes <= MOST_MINUTES:
            raise InvalidField(f"{at}.minutes", f"{at}.minutes must be 1 to {MOST_MINUTES}.")


def _settings(given: Mapping[str, str], *, required: tuple[str, ...], optional: tuple[str, ...]) -> dict[str, str]:
    clean = {
        name: checks.line(value, f"provider.settings.{name}", most=_MOST_OF_LONG if name in _LONG else _MOST)
        for name, value in given.items()
    }
    for name in clean:
        if name not in (*required, *optional):
            known = ", ".join((*required, *optional))
            raise InvalidField("provider.settings", f"provider.settings: {name} is not one of {known}.")
    for name in required:
        if not clean.get(name):
            raise InvalidField("provider.settings", f"provider.settings: {name} is missing.")
    for name in _ADDRESSES & clean.keys():
        if clean[name] and not _is_address(clean[name]):
            raise InvalidField("provider.settings", f"provider.settings: {name} must be an http or https address.")
    if {"?", "#"} & set(clean.get("endpoint", "")):
        raise InvalidField("provider.settings", "provider.settings: endpoint must end before any `?` or `#`.")
    _check_broadcasts(clean)
    return {name: value for name, value in clean.items() if value}


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username and parts.port != 0
    except ValueError:  # half an IPv6 address, or a port that is none
        return False


def _check_broadcasts(told: Mapping[str, str]) -> None:
    if told.get("quota") and told["quota"] not in set(QuotaKind):
        raise InvalidField("provider.settings", f"provider.settings: quota is not one of {', '.join(QuotaKind)}.")
    if told.get("per_month") and not _PER_MONTH.fullmatch(told["per_month"]):
        raise InvalidField("provider.settings", "provider.settings: per_month must be 1 to 31.")
    if not all(_SENDER.fullmatch(each) for each in told.get("senders", "").split()):
        raise InvalidField(
            "provider.settings", "provider.settings: senders must be `emp_...=user`, with spaces between."
        )


def _secrets(given: Mapping[str, str], required: tuple[str, ...], *, optional: tuple[str, ...]) -> dict[str, str]:
    uses = (*required, *optional)
    for use in given:
        if use not in uses:
            raise InvalidField("provider.secrets", f"provider.secrets: {use} is not one of {', '.join(uses)}.")
    for use in (*required, *(use for use in optional if given.get(use))):
        # The message must not repeat what was given: it may be the secret itself, sent by mistake.
        if not _SECRET.fullmatch(given.get(use, "")):
            raise InvalidField(
                "provider.secrets",
                f"provider.secrets: {use} must be the name of a secret, in capitals such as SMS_KEY, and no secret.",
            )
    return {use: name for use, name in given.items() if name}
