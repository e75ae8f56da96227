"""Until when a term can be cancelled."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.domain.terms.notice import last_cancellation_date, still_cancellable
from services.contracts.domain.terms.periods import month_end
from services.contracts.domain.terms.terms import Period, PeriodUnit


@pytest.mark.parametrize(
    ("end", "unit", "count", "expected"),
    [
        ("2026-12-31", PeriodUnit.MONTH, 1, "2026-11-30"),
        ("2026-06-30", PeriodUnit.MONTH, 1, "2026-05-31"),
        ("2026-03-30", PeriodUnit.MONTH, 1, "2026-02-28"),
        ("2024-03-30", PeriodUnit.MONTH, 1, "2024-02-29"),
        ("2025-02-28", PeriodUnit.YEAR, 1, "2024-02-29"),
        ("2026-12-31", PeriodUnit.QUARTER, 1, "2026-09-30"),
        ("2026-12-31", PeriodUnit.DAY, 30, "2026-12-01"),
        ("2026-03-02", PeriodUnit.WEEK, 2, "2026-02-16"),
        ("2026-12-31", PeriodUnit.MONTH, 0, "2026-12-31"),
    ],
)
def test_the_last_day_is_counted_back_month_end_safe(end: str, unit: PeriodUnit, count: int, expected: str) -> None:
    assert last_cancellation_date(date.fromisoformat(end), Period(unit, count)).isoformat() == expected


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.sampled_from(PeriodUnit), st.integers(0, 36))
def test_a_contract_whose_notice_date_is_today_is_in_exactly_one_state(end: date, unit: PeriodUnit, count: int) -> None:
    """OCA compared with `<` here and with `<` and `>` there, so that today was found under no state."""
    notice = Period(unit, count)
    last = last_cancellation_date(end, notice)
    assert last <= end
    assert still_cancellable(last, end=end, notice=notice)
    assert not still_cancellable(last + timedelta(days=1), end=end, notice=notice)
    if end == month_end(end) and unit in {PeriodUnit.MONTH, PeriodUnit.QUARTER, PeriodUnit.YEAR}:
        assert last == month_end(last)
