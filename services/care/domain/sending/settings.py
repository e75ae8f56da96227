"""The company's rules for sending: quiet hours, frequency caps, and the emergency stop of everything."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.care.domain.channels import Channel, Purpose
from services.care.domain.sending.caps import LONGEST_ROLLING_HOURS, Cap, CapPeriod
from services.care.domain.sending.windows import QuietWindow
from services.care.domain.wall_time import checked_wall_time
from services.chassis import checks
from services.chassis.errors import InvalidField

SETTINGS_ID = "sending"
"""There is one document."""
MOST_RULES, MOST_MESSAGES, MOST_REASON = 50, 1_000, 200


@dataclass(frozen=True, slots=True)
class QuietRule:
    """Quiet hours of some channels and purposes, in the member's own time."""

    window: QuietWindow
    channels: tuple[Channel, ...] = ()
    """Empty: all."""
    purposes: tuple[Purpose, ...] = ()
    """Empty: care and marketing. Service waits for quiet hours only where it is named."""

    def concerns(self, channel: Channel, purpose: Purpose) -> bool:
        """Say whether it holds back such messages."""
        meant = purpose in self.purposes if self.purposes else purpose is not Purpose.SERVICE
        return meant and (not self.channels or channel in self.channels)


@dataclass(frozen=True, slots=True)
class EmergencyStop:
    """Nothing leaves, of any campaign, until it is lifted."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingSettings:
    """As stored; before anything is set there are no rules but the law's."""

    id: str = SETTINGS_ID
    version: int = 1
    quiet: tuple[QuietRule, ...] = ()
    caps: tuple[Cap, ...] = ()
    capped_since: datetime | None = None
    """Since when there are caps without a break: contacts before it are told by the ledger. None: no caps."""
    stop: EmergencyStop | None = None
    updated_at: datetime | None = None
    updated_by: str = ""
    events: tuple[object, ...] = ()

    def change(
        self, *, quiet: tuple[QuietRule, ...], caps: tuple[Cap, ...], by: str, now: datetime
    ) -> "SendingSettings":
        """Return the settings with these rules in place of all before, or refuse the field that is wrong."""
        for name, rules in (("quiet_hours", quiet), ("caps", caps)):
            if len(rules) > MOST_RULES:
                raise InvalidField(f"settings.{name}", f"settings.{name} holds more than {MOST_RULES} rules.")
        for place, rule in enumerate(quiet):
            _check_window(rule.window, f"settings.quiet_hours[{place}]")
        for place, cap in enumerate(caps):
            _check_cap(cap, f"settings.caps[{place}]")
        since = (self.capped_since or now) if caps else None
        return replace(self, quiet=quiet, caps=caps, capped_since=since, updated_at=now, updated_by=by)

    def stopped(self, reason: str, *, by: str, now: datetime) -> "SendingSettings":
        """Return the settings with all sending stopped; a stop that stands stays as it is."""
        told = checks.line(reason, "reason", least=1, most=MOST_REASON)
        return self if self.stop else replace(self, stop=EmergencyStop(by, now, told), updated_at=now, updated_by=by)

    def resumed(self, *, by: str, now: datetime) -> "SendingSettings":
        """Return the settings with the stop lifted; without a stop nothing changes."""
        return replace(self, stop=None, updated_at=now, updated_by=by) if self.stop else self


def _check_window(window: QuietWindow, field: str) -> None:
    for name in ("start", "end"):
        checked_wall_time(getattr(window, name), f"{field}.{name}")
    if window.start == window.end:
        raise InvalidField(f"{field}.end", f"{field}.end must differ from the start: nothing could ever leave.")


def _check_cap(cap: Cap, field: str) -> None:
    if not 1 <= cap.most <= MOST_MESSAGES:
        raise InvalidField(f"{field}.most", f"{field}.most must be 1 to {MOST_MESSAGES}.")
    if cap.period is CapPeriod.ROLLING:
        if not 1 <= cap.rolling_hours <= LONGEST_ROLLING_HOURS:
            raise InvalidField(f"{field}.rolling_hours", f"{field}.rolling_hours must be 1 to {LONGEST_ROLLING_HOURS}.")
    elif cap.rolling_hours:
        raise InvalidField(f"{field}.rolling_hours", f"{field}.rolling_hours belongs to a rolling period only.")
    if Purpose.SERVICE in cap.purposes:
        raise InvalidField(f"{field}.purposes", f"{field}.purposes: service messages are never capped.")
