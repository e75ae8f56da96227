"""Blackouts: days on which messages do not leave, and what becomes of those that would."""

import calendar
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from services.care.domain.calendars.lunar import LONG_MONTH, OutsideLunarTable, lunar_day
from services.care.domain.channels import Purpose
from services.chassis import checks
from services.chassis.errors import InvalidField

MONTHS, LEAP_YEAR = 12, 2000
MOST_NAME, MOST_DAYS, MOST_AROUND = 60, 366, 30


class BlackoutMove(StrEnum):
    """What becomes of a message that falls on a blackout day."""

    BACK = "back"
    """To the last day before it that is free."""
    FORWARD = "forward"
    """To the first day after it that is free."""
    DROP = "drop"


class BlackoutSpan(StrEnum):
    """How the days of a blackout are told."""

    DATED = "dated"
    """From one date to another, once."""
    SOLAR = "solar"
    """From month and day to month and day, every year; across the turn of the year if the end lies before."""
    LUNAR = "lunar"
    """Likewise in the lunar calendar; days of a leap month count as those of the month before it."""
    OCCASION = "occasion"
    """Around an occasion, whenever it falls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlackoutDays:
    """Which days; which fields count depends on the span."""

    span: BlackoutSpan
    first_date: date | None = None
    last_date: date | None = None
    first_month: int = 0
    first_day: int = 0
    last_month: int = 0
    last_day: int = 0
    occasion_id: str = ""
    days_before: int = 0
    days_after: int = 0

    def checked(self) -> "BlackoutDays":
        """Return the days without what their span does not use, or refuse the field that is wrong."""
        return _CHECKS[self.span](self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blackout:
    """A blackout as stored."""

    id: str
    version: int = 1
    name_en: str
    name_zh: str
    days: BlackoutDays
    purposes: tuple[Purpose, ...] = ()
    """Messages of these purposes; empty: of all but service, which somebody waits for."""
    cheerful_only: bool = False
    """Only cheerful messages: a day of mourning."""
    behaviour: BlackoutMove
    create_time: datetime
    update_time: datetime
    events: tuple[object, ...] = ()

    def checked(self) -> "Blackout":
        """Return the blackout as it is stored, or refuse the field that is wrong."""
        return replace(
            self,
            name_en=checks.line(self.name_en, "name_en", least=1, most=MOST_NAME),
            name_zh=checks.line(self.name_zh, "name_zh", least=1, most=MOST_NAME),
            days=self.days.checked(),
            purposes=tuple(sorted(set(self.purposes))),
        )

    def concerns(self, purpose: Purpose, *, cheerful: bool) -> bool:
        """Say whether it holds messages of this kind."""
        meant = purpose in self.purposes if self.purposes else purpose is not Purpose.SERVICE
        return meant and (cheerful or not self.cheerful_only)

    def covers(self, day: date, *, occasion_days: Callable[[str, tuple[date, date]], Sequence[date]]) -> bool:
        """Say whether a day is among its days; `occasion_days` resolves an occasion from a day to another."""
        days = self.days
        if days.span is BlackoutSpan.DATED:
            return (
                days.first_date is not None and days.last_date is not None and days.first_date <= day <= days.last_date
            )
        if days.span is BlackoutSpan.OCCASION:
            around = day - timedelta(days=days.days_after), day + timedelta(days=days.days_before)
            return bool(occasion_days(days.occasion_id, around))
        return _within(days, _place(day, lunar=days.span is BlackoutSpan.LUNAR))


def shifted(
    day: date,
    behaviour: BlackoutMove,
    *,
    blocked: Callable[[date], bool],
    earliest: date,
    latest: date,
) -> date | None:
    """Return the day a message moves to: itself if it is free, else the nearest free one in its direction.

    Never outside `earliest` to `latest`; None where there is none, or where the behaviour drops the message.
    """
    if not earliest <= day <= latest:
        return None
    if not blocked(day):
        return day
    if behaviour is BlackoutMove.DROP:
        return None
    step, room = (1, latest - day) if behaviour is BlackoutMove.FORWARD else (-1, day - earliest)
    candidates = (day + timedelta(days=step * count) for count in range(1, room.days + 1))
    return next((candidate for candidate in candidates if not blocked(candidate)), None)


def _place(day: date, *, lunar: bool) -> tuple[int, int] | None:
    if not lunar:
        return day.month, day.day
    try:
        found = lunar_day(day)
    except OutsideLunarTable:
        return None
    return found.month.number, found.day


def _within(days: BlackoutDays, place: tuple[int, int] | None) -> bool:
    if place is None:
        return False
    first, last = (days.first_month, days.first_day), (days.last_month, days.last_day)
    if first <= last:
        return first <= place <= last
    return place >= first or place <= last


def _check_dated(days: BlackoutDays) -> BlackoutDays:
    if days.first_date is None or days.last_date is None:
        missing = "days.first_date" if days.first_date is None else "days.last_date"
        raise InvalidField(missing, f"{missing} is missing.")
    length = (days.last_date - days.first_date).days + 1
    if not 1 <= length <= MOST_DAYS:
        raise InvalidField("days.last_date", f"days.last_date must be 0 to {MOST_DAYS - 1} days after days.first_date.")
    return BlackoutDays(span=days.span, first_date=days.first_date, last_date=days.last_date)


def _check_yearly(days: BlackoutDays) -> BlackoutDays:
    for month, day, part in (
        (days.first_month, days.first_day, "first"),
        (days.last_month, days.last_day, "last"),
    ):
        if not 1 <= month <= MONTHS:
            raise InvalidField(f"days.{part}_month", f"days.{part}_month must be 1 to 12.")
        most = LONG_MONTH if days.span is BlackoutSpan.LUNAR else calendar.monthrange(LEAP_YEAR, month)[1]
        if not 1 <= day <= most:
            raise InvalidField(f"days.{part}_day", f"days.{part}_day must be 1 to {most}.")
    return BlackoutDays(
        span=days.span,
        first_month=days.first_month,
        first_day=days.first_day,
        last_month=days.last_month,
        last_day=days.last_day,
    )


def _check_occasion(days: BlackoutDays) -> BlackoutDays:
    if not days.occasion_id:
        raise InvalidField("days.occasion_id", "days.occasion_id is missing.")
    for count, field in ((days.days_before, "days.days_before"), (days.days_after, "days.days_after")):
        if not 0 <= count <= MOST_AROUND:
            raise InvalidField(field, f"{field} must be 0 to {MOST_AROUND}.")
    return BlackoutDays(
        span=days.span, occasion_id=days.occasion_id, days_before=days.days_before, days_after=days.days_after
    )


_CHECKS = {
    BlackoutSpan.DATED: _check_dated,
    BlackoutSpan.SOLAR: _check_yearly,
    BlackoutSpan.LUNAR: _check_yearly,
    BlackoutSpan.OCCASION: _check_occasion,
}
