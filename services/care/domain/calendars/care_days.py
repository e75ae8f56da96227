"""The days of a month with everything that is known of them."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.care.domain.calendars.blackout import Blackout
from services.care.domain.calendars.day_book import DayBook
from services.care.domain.calendars.lunar import LunarDay, OutsideLunarTable, lunar_day
from services.care.domain.calendars.occasion import Occasion
from services.care.domain.calendars.occasion_rule import OccasionDate
from services.care.domain.calendars.solar_terms import SolarTerm, term_on
from services.care.domain.calendars.statutory import DayKind, StatutoryDay, TableStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class CareDay:
    """A civil day; what does not exist on it is None or empty."""

    day: date
    kind: DayKind
    statutory: StatutoryDay | None
    lunar: LunarDay | None
    term: SolarTerm | None
    occasions: Sequence[tuple[Occasion, str]]
    """Each with the name of its coming."""
    blackouts: Sequence[Blackout]


@dataclass(frozen=True, slots=True, kw_only=True)
class CareMonth:
    """A month and how sure its statutory days are."""

    status: TableStatus
    days: Sequence[CareDay]


def care_month(book: DayBook, first: date, *, country: str) -> CareMonth:
    """Return the month that begins on `first`."""
    length = calendar.monthrange(first.year, first.month)[1]
    last = first.replace(day=length)
    table = book.tables(country, first.year)
    comings = _comings(book, first, last=last)
    days = [first.replace(day=number) for number in range(1, length + 1)]
    return CareMonth(
        status=table.status,
        days=[
            CareDay(
                day=day,
                kind=table.kind(day),
                statutory=table.named(day),
                lunar=_lunar(day),
                term=term_on(day),
                occasions=comings.get(day, ()),
                blackouts=book.blackouts_on(day),
            )
            for day in days
        ],
    )


def _comings(book: DayBook, first: date, *, last: date) -> Mapping[date, Sequence[tuple[Occasion, str]]]:
    found: list[tuple[Occasion, OccasionDate]] = [
        (occasion, coming)
        for occasion in sorted(book.occasions.values(), key=lambda each: each.name_en)
        if not occasion.retired
        for coming in book.occasion_dates(occasion.id, first=first, last=last)
    ]
    days = {coming.day for _, coming in found}
    return {day: [(occasion, coming.occurrence) for occasion, coming in found if coming.day == day] for day in days}


def _lunar(day: date) -> LunarDay | None:
    try:
        return lunar_day(day)
    except OutsideLunarTable:
        return None
