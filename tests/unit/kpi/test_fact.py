from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from services.kpi.domain.fact import ClosedCase, Fact, FactRecorded

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def fact_of(closed_time: datetime, *, on_time: bool = True, zone: str = "Asia/Shanghai") -> Fact:
    case = ClosedCase(event_id="evt_1", case_id="cas_1", assignee_id="emp_1", closed_time=closed_time, on_time=on_time)
    return Fact.of_closed_case(case, zone=ZoneInfo(zone), now=NOW)


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
