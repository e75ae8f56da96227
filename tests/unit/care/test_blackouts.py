from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.care.domain.calendars.blackout import (
    Blackout,
    BlackoutDays,
    BlackoutMove,
    BlackoutSpan,
    shifted,
)
from services.care.domain.calendars.day_book import DayBook
from services.care.domain.calendars.occasion import BUILT_IN, built_in_id
from services.care.domain.calendars.statutory import unknown_table
from services.care.domain.channels import Purpose
from services.chassis.errors import InvalidField

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
BACK, FORWARD, DROP = BlackoutMove.BACK, BlackoutMove.FORWARD, BlackoutMove.DROP
DATED, SOLAR, LUNAR, OCCASION = BlackoutSpan.DATED, BlackoutSpan.SOLAR, BlackoutSpan.LUNAR, BlackoutSpan.OCCASION
ONE_DAY = timedelta(days=1)


def a_blackout(behaviour: BlackoutMove = FORWARD, *, number: int = 1, **fields: Any) -> Blackout:
    told = {name: fields.pop(name) for name in ("purposes", "cheerful_only") if name in fields}
    return Blackout(
        id=f"blk_01JD{number:022d}",
        name_en="Quiet",
        name_zh="静默",
        days=BlackoutDays(**fields),
        behaviour=behaviour,
        create_time=NOW,
        update_time=NOW,
        **told,
    ).checked()


def a_book(*blackouts: Blackout) -> DayBook:
    return DayBook(occasions=BUILT_IN, blackouts=blackouts, tables=unknown_table)


def held(book: DayBook, day: date, *, purpose: Purpose = Purpose.CARE, cheerful: bool = True) -> bool:
    return book.blackout(day, purpose=purpose, cheerful=cheerful) is not None


QINGMING = a_blackout(span=OCCASION, occasion_id=built_in_id("qingming"), days_before=1, days_after=1)


def test_a_blackout_around_an_occasion_follows_it() -> None:
    book = a_book(QINGMING)
    april = [day for day in range(1, 11) if held(book, date(2026, 4, day))]
    assert april == [4, 5, 6]  # 5 April 2026
    assert [day for day in range(1, 11) if held(book, date(2028, 4, day))] == [3, 4, 5]  # 4 April 2028


def test_a_dated_blackout_holds_its_days_once() -> None:
    book = a_book(a_blackout(span=DATED, first_date=date(2026, 5, 1), last_date=date(2026, 5, 3)))
    assert [day for day in range(1, 6) if held(book, date(2026, 5, day))] == [1, 2, 3]
    assert not held(book, date(2027, 5, 2))


def test_a_yearly_blackout_crosses_the_turn_of_the_year() -> None:
    book = a_book(a_blackout(span=SOLAR, first_month=12, first_day=30, last_month=1, last_day=2))
    days = [date(2026, 12, 28) + n * ONE_DAY for n in range(8)]
    assert [day.isoformat() for day in days if held(book, day)] == [
        "2026-12-30",
        "2026-12-31",
        "2027-01-01",
        "2027-01-02",
    ]


def test_a_lunar_blackout_holds_the_first_days_of_the_ghost_month_whenever_it_comes() -> None:
    book = a_book(a_blackout(span=LUNAR, first_month=7, first_day=14, last_month=7, last_day=15))
    days = [date(2026, 1, 1) + n * ONE_DAY for n in range(730)]
    assert [day.isoformat() for day in days if held(book, day)] == [
        "2026-08-26",
        "2026-08-27",
        "2027-08-15",
        "2027-08-16",
    ]


def test_outside_the_lunar_table_a_lunar_blackout_holds_nothing() -> None:
    book = a_book(a_blackout(span=LUNAR, first_month=1, first_day=1, last_month=12, last_day=30))
    assert held(book, date(2101, 1, 28))
    assert not held(book, date(2101, 1, 29))


def test_a_day_of_mourning_holds_cheerful_messages_only() -> None:
    book = a_book(a_blackout(span=SOLAR, first_month=12, first_day=13, last_month=12, last_day=13, cheerful_only=True))
    assert held(book, date(2026, 12, 13), cheerful=True)
    assert not held(book, date(2026, 12, 13), cheerful=False)


def test_service_messages_are_held_only_by_a_blackout_that_names_them() -> None:
    year: dict[str, Any] = {"span": SOLAR, "first_month": 1, "first_day": 1, "last_month": 12, "last_day": 31}
    assert not held(a_book(a_blackout(**year)), date(2026, 5, 1), purpose=Purpose.SERVICE)
    assert held(a_book(a_blackout(**year, purposes=(Purpose.SERVICE,))), date(2026, 5, 1), purpose=Purpose.SERVICE)
    assert not held(a_book(a_blackout(**year, purposes=(Purpose.MARKETING,))), date(2026, 5, 1), purpose=Purpose.CARE)


def test_of_two_blackouts_on_one_day_the_one_that_drops_counts() -> None:
    day: dict[str, Any] = {"span": DATED, "first_date": date(2026, 5, 1), "last_date": date(2026, 5, 1)}
    book = a_book(a_blackout(BACK, number=1, **day), a_blackout(DROP, number=2, **day))
    found = book.blackout(date(2026, 5, 1), purpose=Purpose.CARE, cheerful=True)
    assert found is not None
    assert found.behaviour is DROP


@pytest.mark.parametrize(
    ("behaviour", "leaves"),
    [(BACK, date(2026, 4, 3)), (FORWARD, date(2026, 4, 7)), (DROP, None), (None, date(2026, 4, 7))],
)
def test_a_greeting_of_qingming_moves_as_the_campaign_or_else_the_blackout_says(
    behaviour: BlackoutMove | None, leaves: date | None
) -> None:
    found = a_book(QINGMING).send_day(
        date(2026, 4, 5),
        purpose=Purpose.CARE,
        cheerful=True,
        earliest=date(2026, 4, 1),
        latest=date(2026, 4, 9),
        behaviour=behaviour,
    )
    assert found == leaves


def test_a_free_day_is_not_moved_by_any_behaviour() -> None:
    for behaviour in (*BlackoutMove, None):
        day = date(2026, 4, 7)
        assert (
            a_book(QINGMING).send_day(
                day, purpose=Purpose.CARE, cheerful=True, earliest=day, latest=day, behaviour=behaviour
            )
            == day
        )


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"span": DATED, "last_date": date(2026, 5, 1)}, "days.first_date"),
        ({"span": DATED, "first_date": date(2026, 5, 1)}, "days.last_date"),
        ({"span": DATED, "first_date": date(2026, 5, 2), "last_date": date(2026, 5, 1)}, "days.last_date"),
        ({"span": DATED, "first_date": date(2026, 1, 1), "last_date": date(2027, 1, 2)}, "days.last_date"),
        ({"span": SOLAR, "first_month": 2, "first_day": 30, "last_month": 3, "last_day": 1}, "days.first_day"),
        ({"span": SOLAR, "first_month": 2, "first_day": 1, "last_month": 13, "last_day": 1}, "days.last_month"),
        ({"span": LUNAR, "first_month": 2, "first_day": 31, "last_month": 3, "last_day": 1}, "days.first_day"),
        ({"span": OCCASION}, "days.occasion_id"),
        ({"span": OCCASION, "occasion_id": "occ_1", "days_before": 31}, "days.days_before"),
        ({"span": OCCASION, "occasion_id": "occ_1", "days_after": -1}, "days.days_after"),
    ],
)
def test_days_that_are_none_are_refused_by_their_field(days: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidField) as refused:
        a_blackout(**days)
    assert refused.value.field == field


DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 31))


@given(
    day=DAYS,
    earliest=DAYS,
    latest=DAYS,
    blocked=st.frozensets(DAYS, max_size=90),
    behaviour=st.sampled_from(BlackoutMove),
)
def test_a_message_moves_to_the_nearest_free_day_in_its_direction_and_never_out_of_bounds(
    day: date, earliest: date, latest: date, blocked: frozenset[date], behaviour: BlackoutMove
) -> None:
    asked: list[date] = []

    def is_blocked(other: date) -> bool:
        asked.append(other)
        return other in blocked

    found = shifted(day, behaviour, blocked=is_blocked, earliest=earliest, latest=latest)
    assert len(asked) <= (latest - earliest).days + 1 if earliest <= day <= latest else not asked
    within = [each for each in _span(earliest, latest) if each not in blocked]
    if not earliest <= day <= latest:
        assert found is None
    elif day not in blocked:
        assert found == day
    elif behaviour is DROP:
        assert found is None
    elif behaviour is FORWARD:
        assert found == min((each for each in within if each > day), default=None)
    else:
        assert found == max((each for each in within if each < day), default=None)


def test_a_blackout_of_the_whole_year_ends_the_search_at_the_bounds() -> None:
    book = a_book(a_blackout(span=SOLAR, first_month=1, first_day=1, last_month=12, last_day=31))
    day = date(2026, 6, 1)
    for behaviour in BlackoutMove:
        assert (
            book.send_day(
                day,
                purpose=Purpose.CARE,
                cheerful=True,
                earliest=day - 30 * ONE_DAY,
                latest=day + 30 * ONE_DAY,
                behaviour=behaviour,
            )
            is None
        )


def _span(first: date, last: date) -> list[date]:
    return [first + n * ONE_DAY for n in range((last - first).days + 1)]
