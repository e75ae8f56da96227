"""Everything that is known of days, read once and asked often: work, occasions, blackouts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from services.care.domain.calendars.blackout import Blackout, BlackoutMove, shifted
from services.care.domain.calendars.occasion import Occasion
from services.care.domain.calendars.occasion_rule import OccasionDate, OccasionKind, OccasionRule
from services.care.domain.calendars.statutory import DayKind, StatutoryTable
from services.care.domain.calendars.workdays import WorkdayRule
from services.care.domain.channels import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBook:
    """A snapshot: a planner or a dispatcher reads it once for a batch; what it answers is pure."""

    occasions: Mapping[str, Occasion]
    """By id, built-in ones and the company's own, retired ones too."""
    blackouts: Sequence[Blackout]
    tables: Callable[[str, int], StatutoryTable]
    """By country (ISO 3166-1 alpha-2, upper case) and civil year; a year that nobody knows says so."""
    _kinds: dict[tuple[date, str], DayKind] = field(default_factory=dict)
    _blocked: dict[tuple[date, Purpose, bool], Blackout | None] = field(default_factory=dict)

    def workday(self, day: date, country: str) -> DayKind:
        """Return whether a day is worked in a country; UNKNOWN is neither work nor off."""
        key = (day, country)
        if key not in self._kinds:
            self._kinds[key] = self.tables(country, day.year).kind(day)
        return self._kinds[key]

    def kinds(self, rule: WorkdayRule | None) -> Callable[[date], DayKind]:
        """Return what tells of a day whether messages of a campaign leave on it; without a rule each day is as good."""
        return (lambda day: self.workday(day, rule.country_code)) if rule else _any_day

    def occasion_dates(self, occasion_id: str, *, first: date, last: date) -> Sequence[OccasionDate]:
        """Return the days of an occasion from `first` to `last`, in order; none if there is no such occasion."""
        rule, offset = self._origin(occasion_id)
        if rule is None:
            return ()
        return tuple(
            OccasionDate(day=found.day + offset, occurrence=found.occurrence)
            for found in rule.dates(first - offset, last - offset)
        )

    def _origin(self, occasion_id: str) -> tuple[OccasionRule | None, timedelta]:
        """Return the rule that an occasion is counted from, its own or another's, and how far from it.

        None leads nowhere, or in a circle: two people may have closed it at once.
        """
        offset, passed = timedelta(), set[str]()
        while occasion_id not in passed and (occasion := self.occasions.get(occasion_id)):
            if occasion.rule.kind is not OccasionKind.RELATIVE:
                return occasion.rule, offset
            passed.add(occasion_id)
            offset += timedelta(days=occasion.rule.offset_days)
            occasion_id = occasion.rule.base_id
        return None, offset

    def occasion_on(self, occasion_id: str, day: date) -> OccasionDate | None:
        """Return the coming of an occasion on this very day, if it falls on it."""
        return next(iter(self.occasion_dates(occasion_id, first=day, last=day)), None)

    def blackout(self, day: date, *, purpose: Purpose, cheerful: bool) -> Blackout | None:
        """Return the blackout that holds such a message on a day; of several the strictest: one that drops it."""
        key = (day, purpose, cheerful)
        if key not in self._blocked:
            found = [
                each
                for each in self.blackouts
                if each.concerns(purpose, cheerful=cheerful) and each.covers(day, occasion_days=self._days_of)
            ]
            self._blocked[key] = min(found, key=_strictness, default=None)
        return self._blocked[key]

    def moves(self, *, purpose: Purpose, cheerful: bool) -> Callable[[date], BlackoutMove | None]:
        """Return what tells of a day what its blackout says of such messages; None: it is free."""

        def move(day: date) -> BlackoutMove | None:
            found = self.blackout(day, purpose=purpose, cheerful=cheerful)
            return found.behaviour if found else None

        return move

    def blackouts_on(self, day: date) -> Sequence[Blackout]:
        """Return all that hold a day, whichever messages they hold."""
        return [each for each in self.blackouts if each.covers(day, occasion_days=self._days_of)]

    def send_day(
        self,
        day: date,
        *,
        purpose: Purpose,
        cheerful: bool,
        earliest: date,
        latest: date,
        behaviour: BlackoutMove | None = None,
        workdays: WorkdayRule | None = None,
    ) -> date | None:
        """Return the day on which a message that is due on `day` leaves; None: it is dropped.

        Without a behaviour of the campaign's own, that of the blackout counts; on a day off that is none, that of the
        rule. A day of which nobody knows whether it is worked is not passed over: the message waits on it. Never
        outside `earliest` to `latest`.
        """
        blackout, kind = self.blackout(day, purpose=purpose, cheerful=cheerful), self.kinds(workdays)
        if workdays and not blackout:
            behaviour = workdays.move
        return shifted(
            day,
            behaviour or (blackout.behaviour if blackout else BlackoutMove.DROP),
            blocked=lambda other: (
                kind(other) is DayKind.OFF or self.blackout(other, purpose=purpose, cheerful=cheerful) is not None
            ),
            earliest=earliest,
            latest=latest,
        )

    def _days_of(self, occasion_id: str, span: tuple[date, date]) -> Sequence[date]:
        return [found.day for found in self.occasion_dates(occasion_id, first=span[0], last=span[1])]


def _any_day(_: date) -> DayKind:
    return DayKind.WORK


def _strictness(blackout: Blackout) -> tuple[int, str]:
    order = (BlackoutMove.DROP, BlackoutMove.FORWARD, BlackoutMove.BACK)
    return order.index(blackout.behaviour), blackout.id
