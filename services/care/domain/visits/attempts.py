"""Tries to reach somebody: what was tried, how often it may be, and what follows when all was in vain."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.care.domain.visits.kinds import AttemptOutcome, VisitMeans
from services.care.domain.visits.windows import CallWindow
from services.chassis import checks
from services.chassis.errors import InvalidField

MOST_TRIES, MOST_FALLBACKS, MOST_FALLBACK_DAYS = 20, 4, 60
SHORTEST_PAUSE, LONGEST_PAUSE = 5, 1_440
LATEST_CALL_BACK = timedelta(days=60)
MOST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Fallback:
    """What is done instead of another call."""

    means: VisitMeans
    after_days: int = 0


@dataclass(frozen=True, slots=True)
class AttemptRule:
    """How often somebody is tried: "three tries on two days, then SMS, then letter"."""

    tries: int = 3
    days: int = 2
    retry_minutes: int = 120
    fallbacks: tuple[Fallback, ...] = (Fallback(VisitMeans.SMS), Fallback(VisitMeans.LETTER, 3))

    @property
    def tries_a_day(self) -> int:
        """Tries of one day, at most, so that they are spread over the days."""
        return -(-self.tries // self.days)

    def checked(self, field: str) -> "AttemptRule":
        """Return it, or refuse with INVALID_FIELD."""
        _within(self.tries, f"{field}.tries", least=1, most=MOST_TRIES)
        _within(self.days, f"{field}.days", least=1, most=self.tries)
        _within(self.retry_minutes, f"{field}.retry_minutes", least=SHORTEST_PAUSE, most=LONGEST_PAUSE)
        if len(self.fallbacks) > MOST_FALLBACKS:
            raise InvalidField(f"{field}.fallbacks", f"{field}.fallbacks holds more than {MOST_FALLBACKS} steps.")
        for place, step in enumerate(self.fallbacks):
            if not step.means.one_way:
                raise InvalidField(f"{field}.fallbacks[{place}].means", "A fallback is an SMS or a letter.")
            _within(step.after_days, f"{field}.fallbacks[{place}].after_days", least=0, most=MOST_FALLBACK_DAYS)
        return self


COMMON_RULE = AttemptRule()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try."""

    time: datetime
    by: str
    outcome: AttemptOutcome
    note: str = ""
    call_back_at: datetime | None = None

    def checked(self) -> "Attempt":
        """Return it, or refuse with INVALID_FIELD."""
        note = checks.text(self.note, "note", most=MOST_NOTE)
        if self.call_back_at is not None:
            if self.outcome is not AttemptOutcome.CALL_BACK:
                raise InvalidField("call_back_time", "call_back_time belongs to the outcome CALL_BACK.")
            if not self.time < self.call_back_at <= self.time + LATEST_CALL_BACK:
                days = LATEST_CALL_BACK.days
                raise InvalidField("call_back_time", f"call_back_time must be within the next {days} days.")
        return Attempt(time=self.time, by=self.by, outcome=self.outcome, note=note, call_back_at=self.call_back_at)


def spent(rule: AttemptRule, attempts: tuple[Attempt, ...], *, window: CallWindow) -> bool:
    """Say whether nobody is tried any more: as often as the rule says, on as many days of the member's.

    A wrong number ends it at once.
    """
    vain = [each for each in attempts if each.outcome.in_vain]
    if any(each.outcome is AttemptOutcome.WRONG_NUMBER for each in vain):
        return True
    return len(vain) >= rule.tries and len({window.day_of(each.time) for each in vain}) >= rule.days


def next_try(rule: AttemptRule, attempts: tuple[Attempt, ...], *, window: CallWindow) -> datetime:
    """Return when the next try may be made after the last one, which was in vain: after a pause, in the window."""
    last = attempts[-1]
    day = window.day_of(last.time)
    today = sum(1 for each in attempts if each.outcome.in_vain and window.day_of(each.time) == day)
    tomorrow = window.opens(day + timedelta(days=1))
    if today >= rule.tries_a_day:
        return tomorrow
    return window.next_after(last.time + timedelta(minutes=rule.retry_minutes))


def _within(value: int, field: str, *, least: int, most: int) -> None:
    if not least <= value <= most:
        raise InvalidField(field, f"{field} must be {least} to {most}.")
