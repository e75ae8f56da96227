"""When errors are so many that whoever causes them is paused."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of messages within the window."""

    handed: int
    errors: int


@dataclass(frozen=True, slots=True)
class BrakeRule:
    """Pause at this share of errors, once there is enough to judge by."""

    share: float
    """0 to 1; 0: never pause."""
    least: int
    """Errors that it takes at least."""
    window: timedelta

    def since(self, now: datetime, *, changed_at: datetime) -> datetime:
        """Return from when on to count: what lies before somebody resumed it is forgiven."""
        return max(now - self.window, changed_at)

    def why_pause(self, tally: Tally) -> str:
        """Return the reason to pause, or the empty string."""
        if not self.share or tally.errors < self.least or tally.errors < tally.handed * self.share:
            return ""
        minutes = round(self.window.total_seconds() / 60)
        return f"{tally.errors} of {tally.handed} messages failed within {minutes} minutes."
