from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import calendars_service_pb2 as pb
from membercare.care.v1 import occasion_pb2, statutory_pb2
from membercare.care.v1.calendars_service_pb2_grpc import CalendarsServiceStub as Stub
from services.care.app.calendars import build_calendars
from services.care.domain.calendars.statutory import DayKind
from services.chassis.clock import SystemClock
from tests.integration.calling import Calling, refused
from tests.integration.care.day_builders import a_blackout, an_occasion

OFFICIAL, PROVISIONAL = statutory_pb2.STATUTORY_STATUS_OFFICIAL, statutory_pb2.STATUTORY_STATUS_PROVISIONAL
UNKNOWN = statutory_pb2.STATUTORY_STATUS_UNKNOWN
WORK, OFF, NOBODY_KNOWS = statutory_pb2.DAY_KIND_WORK, statutory_pb2.DAY_KIND_OFF, statutory_pb2.DAY_KIND_UNKNOWN
CSV_2027 = b"date,kind,name_en,name_zh\n2027-01-01,off,New Year,\xe5\x85\x83\xe6\x97\xa6\n2027-01-02,work,,\n"


@pytest.fixture
def ops(calling: Calling) -> Stub:
    return calling.as_subject(Stub, "wang.fang", "ops")


def an_upload(content: bytes, *, status: Any = PROVISIONAL, **fields: Any) -> pb.ImportStatutoryDaysRequest:
    return pb.ImportStatutoryDaysRequest(country="CN", content=content, status=status, **fields)


def year_2027(ops: Stub, **which: int) -> statutory_pb2.StatutoryYear:
    return ops.GetStatutoryYear(pb.GetStatutoryYearRequest(country="CN", year=2027, **which)).statutory_year


def test_an_imported_year_is_in_force_and_says_who_imported_it(ops: Stub) -> None:
    assert (year_2027(ops).status, year_2027(ops).number, len(year_2027(ops).days)) == (UNKNOWN, 0, 0)
    reply = ops.ImportStatutoryDays(an_upload(CSV_2027))
    assert (reply.rows, reply.failed, reply.stored) == (2, 0, True)
    (year,) = reply.years
    assert (year.year, year.in_force, year.changed, year.status_before) == (2027, 1, True, UNKNOWN)
    assert (year.off_weekdays, year.worked_weekends, len(year.differences)) == (1, 1, 0)
    stored = year_2027(ops)
    assert (stored.status, stored.number, stored.in_force) == (PROVISIONAL, 1, 1)
    assert [(each.date, each.kind, each.name_zh) for each in stored.days] == [
        ("2027-01-01", OFF, "元旦"),
        ("2027-01-02", WORK, ""),
    ]
    assert [(each.number, each.imported_by) for each in stored.versions] == [(1, "wang.fang")]


def test_a_second_import_replaces_the_first_whose_days_stay_readable(ops: Stub) -> None:
    ops.ImportStatutoryDays(an_upload(CSV_2027))
    reply = ops.ImportStatutoryDays(an_upload(b"date,kind\n2027-01-01,off\n2027-02-06,off\n", status=OFFICIAL))
    assert [(each.date, each.before, each.after) for each in reply.years[0].differences] == [
        ("2027-01-02", WORK, OFF)  # the make-up Saturday is free again; Saturday 6 February was free before
    ]
    assert (year_2027(ops).status, [each.date for each in year_2027(ops).days]) == (
        OFFICIAL,
        ["2027-01-01", "2027-02-06"],
    )
    assert [each.date for each in year_2027(ops, number=1).days] == ["2027-01-01", "2027-01-02"]
    assert year_2027(ops, number=0).status == UNKNOWN
    assert (
        refused(ops.GetStatutoryYear, pb.GetStatutoryYearRequest(country="CN", year=2027, number=3)).reason
        == "STATUTORY_VERSION_NOT_FOUND"
    )


def test_importing_the_same_file_again_makes_no_version(ops: Stub) -> None:
    ops.ImportStatutoryDays(an_upload(CSV_2027))
    reply = ops.ImportStatutoryDays(an_upload(CSV_2027, request_id="r2"))
    assert [(each.changed, each.in_force) for each in reply.years] == [(False, 1)]
    assert len(year_2027(ops).versions) == 1


def test_a_dry_run_compares_and_stores_nothing(ops: Stub, database: Database[dict[str, Any]]) -> None:
    request = an_upload(b"date,kind\n2026-01-01,off\n2026-02-14,work\n", dry_run=True)
    reply = ops.ImportStatutoryDays(request)
    assert not reply.stored
    assert (reply.years[0].in_force, reply.years[0].status_before) == (1, OFFICIAL)
    assert len(reply.years[0].differences) == 18 + 5  # every other announced day would follow its weekday
    assert database["statutory_years"].count_documents({}) == 0


def test_a_bad_row_is_named_and_nothing_is_stored(ops: Stub, database: Database[dict[str, Any]]) -> None:
    reply = ops.ImportStatutoryDays(
        an_upload(b"date,kind\n2027-01-01,off\n2027-02-30,off\n2027-03-01,free\n2027-01-01,work\n")
    )
    assert [(each.line, each.column, each.code) for each in reply.errors] == [
        (3, "date", "INVALID_FIELD"),
        (4, "kind", "INVALID_FIELD"),
        (5, "date", "DUPLICATE_REFERENCE"),
    ]
    assert (reply.rows, reply.failed, reply.stored) == (4, 3, False)
    assert database["statutory_years"].count_documents({}) == 0


@pytest.mark.parametrize(
    ("request_", "field", "code"),
    [
        (an_upload(CSV_2027, status=UNKNOWN), "status", "INVALID_FIELD"),
        (an_upload(CSV_2027, status=0), "status", "INVALID_FIELD"),
        (pb.ImportStatutoryDaysRequest(country="cn", content=CSV_2027, status=OFFICIAL), "country", "INVALID_FIELD"),
        (an_upload(b"date,kind\n"), "content", "INVALID_FIELD"),
        (an_upload(b"date,kind\n2027-01-02,work\n"), "content", "INVALID_FIELD"),
        (an_upload(b"day,kind\n"), "date", "CSV_COLUMN_MISSING"),
        (an_upload(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n"), "", "ICS_MALFORMED"),
        (an_upload(b"x" * (1024 * 1024 + 1)), "", "CSV_TOO_LARGE"),
    ],
)
def test_a_file_that_tells_no_year_is_refused_and_nothing_is_stored(
    ops: Stub, database: Database[dict[str, Any]], request_: Any, field: str, code: str
) -> None:
    refusal = refused(ops.ImportStatutoryDays, request_)
    assert (refusal.reason, refusal.field) == (code, field)
    assert database["statutory_years"].count_documents({}) == 0


def test_an_older_version_is_restored_unless_somebody_was_faster(ops: Stub) -> None:
    ops.ImportStatutoryDays(an_upload(CSV_2027))
    seen = year_2027(ops).etag
    ops.ImportStatutoryDays(an_upload(CSV_2027, status=OFFICIAL))
    restore = pb.RestoreStatutoryYearRequest(country="CN", year=2027, number=1, etag=seen)
    assert refused(ops.RestoreStatutoryYear, restore).reason == "STALE_VERSION"
    assert year_2027(ops).in_force == 2
    restore.etag = year_2027(ops).etag
    assert ops.RestoreStatutoryYear(restore).statutory_year.status == PROVISIONAL
    restore = pb.RestoreStatutoryYearRequest(country="CN", year=2027, number=0)
    assert ops.RestoreStatutoryYear(restore).statutory_year.status == UNKNOWN
    assert [each.number for each in year_2027(ops).versions] == [1, 2]
    restore = pb.RestoreStatutoryYearRequest(country="CN", year=2027, number=9)
    assert refused(ops.RestoreStatutoryYear, restore).reason == "STATUTORY_VERSION_NOT_FOUND"


def test_an_imported_year_is_what_other_rooms_read(ops: Stub) -> None:
    calendars = build_calendars(SystemClock())
    saturday = date(2027, 1, 2)
    assert calendars.read().workday(saturday, "CN") is DayKind.UNKNOWN
    ops.ImportStatutoryDays(an_upload(CSV_2027))
    assert calendars.read().workday(saturday, "CN") is DayKind.WORK
    assert calendars.read().workday(date(2028, 1, 3), "CN") is DayKind.UNKNOWN


def test_the_calendar_of_a_month_shows_everything_that_is_known_of_a_day(ops: Stub) -> None:
    own = an_occasion(ops, occasion_pb2.OccasionRule(kind=occasion_pb2.OCCASION_KIND_SOLAR_DATE, month=2, day=17))
    held = a_blackout(
        ops,
        days=occasion_pb2.BlackoutDays(
            span=occasion_pb2.BLACKOUT_SPAN_LUNAR, first_month=1, first_day=1, last_month=1, last_day=2
        ),
    )
    month = ops.GetCareCalendar(pb.GetCareCalendarRequest(month="2026-02"))
    assert month.status == OFFICIAL
    assert [each.date for each in month.days] == [f"2026-02-{day:02d}" for day in range(1, 29)]
    by_day = {each.date[-2:]: each for each in month.days}
    assert [by_day[day].kind for day in ("13", "14", "15", "16")] == [WORK, WORK, OFF, OFF]
    festival = by_day["17"]
    assert (festival.weekday, festival.lunar.text_zh, festival.lunar.text_en) == (2, "正月初一", "month 1, day 1")
    assert [(each.occasion.name_zh, each.occurrence) for each in festival.occasions] == [
        ("司庆日", "2026"),
        ("春节", "L2026"),
    ]
    assert festival.occasions[0].occasion.id == own.id
    assert [each.id for each in festival.blackouts] == [held.id]
    assert not by_day["19"].blackouts
    assert (by_day["18"].term.name_en, by_day["18"].term.name_zh) == ("Rain water", "雨水")
    assert not by_day["17"].HasField("term")


def test_a_month_of_a_year_that_nobody_announced_is_visibly_unknown(ops: Stub) -> None:
    month = ops.GetCareCalendar(pb.GetCareCalendarRequest(month="2027-02"))
    assert month.status == UNKNOWN
    assert {each.kind for each in month.days} == {NOBODY_KNOWS}
    assert month.days[5].occasions[0].occasion.name_en == "Spring Festival"
    germany = ops.GetCareCalendar(pb.GetCareCalendarRequest(month="2027-02", country="DE"))
    assert germany.status == PROVISIONAL


def test_a_month_outside_the_lunar_table_has_no_lunar_days(ops: Stub) -> None:
    month = ops.GetCareCalendar(pb.GetCareCalendarRequest(month="2150-01"))
    assert len(month.days) == 31
    assert not any(each.HasField("lunar") for each in month.days)


@pytest.mark.parametrize(
    ("month", "country"), [("2026-13", "CN"), ("2026", "CN"), ("2026-01", "China"), ("2201-01", "")]
)
def test_a_month_or_country_that_is_none_is_refused(ops: Stub, month: str, country: str) -> None:
    request = pb.GetCareCalendarRequest(month=month, country=country)
    assert refused(ops.GetCareCalendar, request).reason == "INVALID_FIELD"


def test_an_agent_reads_days_and_changes_none(calling: Calling, database: Database[dict[str, Any]]) -> None:
    agent = calling.as_role(Stub, "agent")
    assert agent.GetCareCalendar(pb.GetCareCalendarRequest(month="2026-02")).status == OFFICIAL
    writes: list[tuple[Callable[..., Any], Any]] = [
        (agent.ImportStatutoryDays, an_upload(CSV_2027)),
        (agent.RestoreStatutoryYear, pb.RestoreStatutoryYearRequest()),
        (agent.CreateOccasion, pb.CreateOccasionRequest()),
        (agent.CreateBlackout, pb.CreateBlackoutRequest()),
        (agent.DeleteBlackout, pb.DeleteBlackoutRequest()),
    ]
    assert {refused(call, request).reason for call, request in writes} == {"FORBIDDEN"}
    assert database["statutory_years"].count_documents({}) == 0
