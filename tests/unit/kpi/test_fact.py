from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from services.kpi.domain.fact import Counted, Fact, FactRecorded, due_visit
from services.kpi.domain.indicator import CASES_CLOSED_ON_TIME

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def fact_of(closed_time: datetime, *, on_time: bool = True, zone: str = "Asia/Shanghai") -> Fact:
    closed = Counted(
        id="evt_1",
        employee_id="emp_1",
        indicator=CASES_CLOSED_ON_TIME,
        occurred_time=closed_time,
        met=on_time,
        evidence_id="cas_1",
    )
    return Fact.of(closed, zone=ZoneInfo(zone), now=NOW)


def test_a_case_closed_on_time_counts_one_of_one_with_the_case_as_evidence() -> None:
    closed = datetime(2026, 3, 3, 8, tzinfo=UTC)
    fact = fact_of(closed)
    assert (fact.id, fact.employee_id, fact.indicator) == ("evt_1", "emp_1", "cases_closed_on_time")
    assert (fact.numerator, fact.denominator, fact.evidence_id) == (1, 1, "cas_1")
    assert fact.occurred_time == closed
    assert fact.events == (
        FactRecorded(
            fact_id="evt_1",
            employee_id="emp_1",
            indicator="cases_closed_on_time",
            month="2026-03",
            evidence_id="cas_1",
            occurred_time=NOW,
        ),
    )


def test_a_case_closed_late_counts_none_of_one() -> None:
    fact = fact_of(datetime(2026, 3, 3, 8, tzinfo=UTC), on_time=False)
    assert (fact.numerator, fact.denominator) == (0, 1)


@pytest.mark.parametrize(
    ("closed_time", "zone", "month"),
    [
        (datetime(2026, 3, 31, 15, 59, 59, tzinfo=UTC), "Asia/Shanghai", "2026-03"),
        (datetime(2026, 3, 31, 16, 0, tzinfo=UTC), "Asia/Shanghai", "2026-04"),
        (datetime(2026, 1, 1, 4, 0, tzinfo=UTC), "America/New_York", "2025-12"),
        (datetime(2025, 12, 31, 10, 0, tzinfo=UTC), "Pacific/Kiritimati", "2026-01"),
    ],
)
def test_the_month_is_the_one_in_the_companys_time_zone(closed_time: datetime, zone: str, month: str) -> None:
    assert fact_of(closed_time, zone=zone).month == month


def test_a_visit_counts_in_the_month_it_was_due_and_once_for_each_day_it_was_due() -> None:
    def due(day: date, *, met: bool) -> Counted:
        return due_visit("vis_1", due_date=day, owner_id="emp_1", at=datetime(2026, 4, 2, tzinfo=UTC), met=met)

    overdue, made, put_off = (
        due(date(2026, 3, 31), met=False),
        due(date(2026, 3, 31), met=True),
        due(date(2026, 4, 5), met=True),
    )
    assert Fact.of(overdue, zone=ZoneInfo("Asia/Shanghai"), now=NOW).month == "2026-03"
    assert overdue.id == made.id != put_off.id
