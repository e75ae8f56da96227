from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from services.care.clients.statutory_library import FIRST_YEAR, KNOWN_THROUGH, HolidaysLibrary
from services.care.domain.calendars.day_book import DayBook
from services.care.domain.calendars.statutory import DayKind, StatutoryDay, StatutoryTable, TableStatus
from services.care.domain.calendars.statutory_year import StatutoryVersionNotFound, StatutoryYear

WORK, OFF, UNKNOWN = DayKind.WORK, DayKind.OFF, DayKind.UNKNOWN
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LIBRARY = HolidaysLibrary()
NEW_YEAR = StatutoryDay(day=date(2027, 1, 1), kind=OFF, name_en="New Year", name_zh="元旦")
MAKE_UP = StatutoryDay(day=date(2027, 1, 2), kind=WORK)
EMPTY = StatutoryYear(id="CN-2027", country="CN", year=2027, update_time=NOW)


def a_book(table: Callable[[str, int], StatutoryTable] = LIBRARY.table) -> DayBook:
    return DayBook(occasions={}, blackouts=(), tables=table)


def test_saturday_14_february_2026_is_worked_and_monday_16_is_not() -> None:
    book = a_book()
    assert book.workday(date(2026, 2, 14), "CN") is WORK
    assert book.workday(date(2026, 2, 16), "CN") is OFF
    assert book.workday(date(2026, 2, 13), "CN") is WORK
    assert book.workday(date(2026, 2, 15), "CN") is OFF


@pytest.mark.parametrize(
    ("year", "off_weekdays", "worked_weekends"),
    [(2020, 19, 6), (2021, 18, 7), (2022, 18, 7), (2023, 18, 7), (2024, 19, 8), (2025, 18, 5), (2026, 19, 6)],
)
def test_the_years_of_china_hold_as_many_days_as_were_announced(
    year: int, off_weekdays: int, worked_weekends: int
) -> None:
    table = LIBRARY.table("CN", year)
    assert (table.off_weekdays, table.worked_weekends) == (off_weekdays, worked_weekends)
    assert table.status is TableStatus.OFFICIAL


def test_the_days_of_china_in_2026_are_those_of_the_announcement() -> None:
    table = LIBRARY.table("CN", 2026)
    assert [each.day.isoformat() for each in table.days if each.kind is WORK] == [
        *("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10")
    ]
    assert [f"{each.day:%m-%d}" for each in table.days if each.kind is OFF and each.day.weekday() < 5] == [
        *("01-01", "01-02", "02-16", "02-17", "02-18", "02-19", "02-20", "02-23", "04-06"),
        *("05-01", "05-04", "05-05", "06-19", "09-25", "10-01", "10-02", "10-05", "10-06", "10-07"),
    ]
    spring_festival = table.named(date(2026, 2, 17))
    assert spring_festival is not None
    assert (spring_festival.name_en, spring_festival.name_zh) == ("Chinese New Year (Spring Festival)", "春节")


def test_a_year_that_china_has_not_announced_is_unknown_and_never_silently_work() -> None:
    assert LIBRARY.table("CN", KNOWN_THROUGH + 1).status is TableStatus.UNKNOWN
    for day in (date(2027, 3, 3), date(2027, 1, 1), date(2027, 1, 2)):
        assert a_book().workday(day, "CN") is UNKNOWN


@pytest.mark.parametrize(("country", "year"), [("XX", 2026), ("", 2026), ("CN", FIRST_YEAR - 1), ("US", 2101)])
def test_a_country_or_year_outside_the_library_is_unknown(country: str, year: int) -> None:
    assert a_book().workday(date(year, 3, 3), country) is UNKNOWN


def test_a_country_whose_days_the_law_fixes_is_provisional_beyond_the_release() -> None:
    assert LIBRARY.table("DE", 2026).status is TableStatus.OFFICIAL
    assert LIBRARY.table("DE", 2027).status is TableStatus.PROVISIONAL
    assert a_book().workday(date(2027, 10, 3), "DE") is OFF
    assert a_book().workday(date(2027, 10, 4), "DE") is WORK


def test_a_weekend_is_that_of_the_country() -> None:
    friday = date(2026, 2, 13)
    assert (a_book().workday(friday, "CN"), a_book().workday(friday, "EG")) == (WORK, OFF)


def test_an_import_stands_in_place_of_the_whole_built_in_year() -> None:
    year = EMPTY.imported((NEW_YEAR, MAKE_UP), status=TableStatus.PROVISIONAL, by="wang.fang", now=NOW)
    table = year.table(year.in_force, built_in=LIBRARY.table("CN", 2027))
    book = a_book(lambda *_: table)
    assert table.status is TableStatus.PROVISIONAL
    assert [book.workday(date(2027, 1, day), "CN") for day in (1, 2, 3, 4)] == [OFF, WORK, OFF, WORK]


def test_an_import_replaces_the_version_in_force_and_old_versions_stay_readable() -> None:
    first = EMPTY.imported((NEW_YEAR,), status=TableStatus.PROVISIONAL, by="wang.fang", now=NOW)
    second = first.imported((NEW_YEAR, MAKE_UP), status=TableStatus.OFFICIAL, by="li.wen", now=LATER)
    assert (second.in_force, [each.number for each in second.versions]) == (2, [1, 2])
    assert second.numbered(1) == first.numbered(1)
    assert (second.numbered(1).imported_by, second.numbered(1).imported_time) == ("wang.fang", NOW)
    assert (second.numbered(2).imported_by, second.numbered(2).imported_time) == ("li.wen", LATER)
    built_in = LIBRARY.table("CN", 2027)
    assert second.table(1, built_in=built_in).days == (NEW_YEAR,)
    assert second.table(0, built_in=built_in) is built_in


def test_importing_the_same_days_again_changes_nothing() -> None:
    first = EMPTY.imported((NEW_YEAR,), status=TableStatus.OFFICIAL, by="wang.fang", now=NOW)
    assert first.imported((NEW_YEAR,), status=TableStatus.OFFICIAL, by="li.wen", now=LATER) is first


def test_an_older_version_or_the_built_in_one_can_be_restored() -> None:
    first = EMPTY.imported((NEW_YEAR,), status=TableStatus.OFFICIAL, by="wang.fang", now=NOW)
    second = first.imported((MAKE_UP,), status=TableStatus.OFFICIAL, by="wang.fang", now=NOW)
    assert second.restored(1, LATER).in_force == 1
    assert second.restored(0, LATER).in_force == 0
    assert second.restored(2, LATER) is second
    with pytest.raises(StatutoryVersionNotFound) as refused:
        second.restored(3, LATER)
    assert refused.value.metadata == {"statutory_year_id": "CN-2027", "number": "3"}
