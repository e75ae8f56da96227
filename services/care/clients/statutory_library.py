"""Statutory days that come with the product: the `holidays` package, and what may be believed of it."""

from datetime import date
from functools import lru_cache
from typing import Any

import holidays

from services.care.domain.calendars.statutory import (
    DayKind,
    StatutoryDay,
    StatutoryTable,
    TableStatus,
    unknown_table,
)

FIRST_YEAR, KNOWN_THROUGH, LAST_YEAR = 2010, 2026, 2100
"""What the pinned release holds: announced days until KNOWN_THROUGH, after that what the law alone tells."""
_LOOKED_BACK = 10
_CHINESE, _ENGLISH = "zh_CN", "en_US"


class HolidaysLibrary:
    """Countries by ISO 3166-1 alpha-2."""

    def table(self, country: str, year: int) -> StatutoryTable:
        """Return the year of a country.

        Official until KNOWN_THROUGH, provisional after it. A country that moves its working days by decree, as China
        does every autumn for the year to come, is UNKNOWN after it: the law alone would call make-up days free.
        """
        return _table(country, year)


@lru_cache(maxsize=512)
def _table(country: str, year: int) -> StatutoryTable:
    if country not in _countries() or not FIRST_YEAR <= year <= LAST_YEAR:
        return unknown_table(country, year)
    if year > KNOWN_THROUGH and _is_by_decree(country):
        return unknown_table(country, year)
    english = _year(country, year, wanted=_ENGLISH)
    chinese = _year(country, year, wanted=_CHINESE)
    off = [
        StatutoryDay(day=day, kind=DayKind.OFF, name_en=english[day], name_zh=chinese[day])
        for day in english
        if day.year == year
    ]
    worked = [
        StatutoryDay(day=day, kind=DayKind.WORK, name_en="Make-up workday", name_zh="调休上班")
        for day in _worked(english, year)
    ]
    return StatutoryTable(
        country=country,
        year=year,
        status=TableStatus.OFFICIAL if year <= KNOWN_THROUGH else TableStatus.PROVISIONAL,
        weekend=frozenset(english.weekend),
        days=tuple(sorted((*off, *worked), key=lambda each: each.day)),
    )


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    return frozenset(code for code in holidays.list_supported_countries() if len(code) == len("CN"))


@lru_cache(maxsize=256)
def _is_by_decree(country: str) -> bool:
    years = range(KNOWN_THROUGH - _LOOKED_BACK + 1, KNOWN_THROUGH + 1)
    return any(_worked(holidays.country_holidays(country, years=year), year) for year in years)


def _worked(found: Any, year: int) -> list[date]:
    return [day for day in found.weekend_workdays if day.year == year]


def _year(country: str, year: int, *, wanted: str) -> Any:
    """Return the year with its names in a language, or in the library's own choice where it has not that one."""
    own = holidays.country_holidays(country, years=year)
    if wanted not in own.supported_languages and _ENGLISH in own.supported_languages:
        wanted = _ENGLISH
    return holidays.country_holidays(country, years=year, language=wanted) if own.supported_languages else own
