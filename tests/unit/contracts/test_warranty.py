from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.domain.catalog.warranty import WarrantyState, judge_warranty, warranty_end
from services.contracts.domain.terms.periods import Span

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
MONTHS = st.integers(1, 600)


@st.composite
def holds(draw: st.DrawFn) -> list[Span]:
    starts = draw(st.lists(DAYS, max_size=6))
    return [Span(start, start + timedelta(days=draw(st.integers(0, 90)))) for start in starts]


@pytest.mark.parametrize(
    ("delivery", "months", "end"),
    [
        (date(2026, 5, 4), 12, date(2027, 5, 4)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
    ],
)
def test_a_warranty_ends_on_the_deliverys_day_or_on_the_last_of_a_shorter_month(
    delivery: date, months: int, end: date
) -> None:
    assert warranty_end(delivery, months) == end


@pytest.mark.parametrize("months", [0, -1])
def test_no_free_months_are_no_warranty(months: int) -> None:
    assert warranty_end(date(2026, 5, 4), months) is None


@given(DAYS, MONTHS)
def test_the_end_has_the_deliverys_day_or_is_a_month_end_so_many_months_later(delivery: date, months: int) -> None:
    end = warranty_end(delivery, months)
    assert end is not None
    assert (end.year * 12 + end.month) - (delivery.year * 12 + delivery.month) == months
    assert end.day == delivery.day or (end.day < delivery.day and (end + timedelta(days=1)).day == 1)


@given(DAYS, MONTHS, holds())
def test_the_end_moves_by_the_days_of_holds_that_begin_within_each_once_in_whatever_order(
    delivery: date, months: int, spans: list[Span]
) -> None:
    plain, end = warranty_end(delivery, months), warranty_end(delivery, months, holds=spans)
    assert plain is not None
    assert end is not None
    assert warranty_end(delivery, months, holds=list(reversed(spans))) == end
    still = {span.start + timedelta(days=n) for span in spans for n in range(span.days)}
    begun = {day for day in still if day <= end}
    assert plain + timedelta(days=len(begun)) >= end
    assert end >= plain
    if all(span.end <= end for span in spans):
        assert end == plain + timedelta(days=len(still))


def test_a_hold_that_begins_behind_the_end_moves_nothing_and_one_that_reaches_over_it_counts_whole() -> None:
    delivery, last = date(2026, 1, 1), date(2026, 7, 1)
    assert warranty_end(delivery, 6, holds=[Span(date(2026, 7, 2), date(2026, 7, 9))]) == last
    assert warranty_end(delivery, 6, holds=[Span(last, date(2026, 7, 9))]) == last + timedelta(days=9)
    first_opens_the_second = [Span(date(2026, 6, 1), date(2026, 6, 10)), Span(date(2026, 7, 5), date(2026, 7, 5))]
    assert warranty_end(delivery, 6, holds=first_opens_the_second) == date(2026, 7, 12)


@given(
    DAYS,
    st.integers(0, 60),
    st.datetimes(datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2110-01-01"), timezones=st.just(UTC)),
    st.sampled_from(["Asia/Shanghai", "America/Los_Angeles", "Europe/Berlin", "Pacific/Kiritimati"]),
)
def test_a_moment_is_covered_exactly_if_its_day_in_the_customers_zone_lies_between_delivery_and_end(
    delivery: date, months: int, at: datetime, zone: str
) -> None:
    end = warranty_end(delivery, months)
    verdict = judge_warranty(delivery, end, at=at, time_zone=zone)
    day = at.astimezone(ZoneInfo(zone)).date()
    assert verdict.day == day
    assert (verdict.state is WarrantyState.COVERED) is (end is not None and delivery <= day <= end)
    assert verdict.days_left == ((end - day).days if end and verdict.state is WarrantyState.COVERED else 0)


@pytest.mark.parametrize(
    ("delivery", "end", "state"),
    [
        (None, None, WarrantyState.NOT_DELIVERED),
        (date(2026, 5, 5), date(2027, 5, 5), WarrantyState.NOT_DELIVERED),
        (date(2026, 5, 4), None, WarrantyState.NONE),
        (date(2025, 5, 3), date(2026, 5, 3), WarrantyState.EXPIRED),
        (date(2025, 5, 4), date(2026, 5, 4), WarrantyState.COVERED),
    ],
)
def test_every_verdict_says_why_in_both_languages(
    delivery: date | None, end: date | None, state: WarrantyState
) -> None:
    at = datetime(2026, 5, 3, 20, 0, tzinfo=UTC)  # 4 May in Shanghai
    verdict = judge_warranty(delivery, end, at=at, time_zone="Asia/Shanghai")
    assert verdict.state is state
    assert "2026-05-04 (Asia/Shanghai)" in verdict.explanation_en
    assert "2026-05-04（Asia/Shanghai）" in verdict.explanation_zh
